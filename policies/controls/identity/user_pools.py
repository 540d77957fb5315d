"""IAM-06: users prove who they are twice, attacks are blocked, tokens can be taken back, the pool stays, and passwords are long."""

from collections.abc import Collection, Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import UNKNOWN, Answer, all_of, any_of, asks, each, is_no, is_yes
from policies.verdict import Ruling

POOL, CLIENT = "aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"
RISKS, IDENTITIES = "aws:cognito/riskConfiguration:RiskConfiguration", "aws:cognito/identityPool:IdentityPool"
PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
_ENFORCED, _BLOCK = "ENFORCED", "BLOCK"
_SHORTEST = 12
_KINDS = ("requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols")
_KINDS_OF_PEOPLE = ("requireLowercaseCharacters", "requireUppercaseCharacters", "requireNumbers", "requireSymbols")
_REMEMBERED = 4
"""Passwords that may not come again (PCI DSS 8.3.7)."""
_UNSAFE = frozenset({"ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"})
"""Flows that send a password over the wire.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
"""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each pool by itself and by what stands before it, each client by its tokens and flows, and what a pool does about risks.

    Beside them the rules for passwords of the account's own people, which IAM-04 lets in with a second factor only.
    """
    for pool in graph.of(POOL):
        guarded, watched = (_has(graph, pool, type_, path) for type_, path in ((ASSOCIATION, "resourceArn"), (RISKS, "userPoolId")))
        yield ruled(pool, *_of_pool(pool), Need("", guarded, "a WebAclAssociation"), Need("", watched, "a RiskConfiguration"))
    for rules in graph.of(PASSWORDS):
        yield ruled(
            rules,
            need(rules, "minimumPasswordLength", lambda length: int(length) >= _SHORTEST, f"{_SHORTEST} or more"),
            need(rules, "passwordReusePrevention", lambda count: int(count) >= _REMEMBERED, f"{_REMEMBERED} or more"),
            *(need(rules, kind, is_yes, "true") for kind in _KINDS_OF_PEOPLE),
        )
    for client in graph.of(CLIENT):
        yield ruled(
            client,
            # What says nothing is made with revocation.
            need(client, "enableTokenRevocation", is_yes, "true", absent=True),
            need(client, "preventUserExistenceErrors", lambda mode: mode == "ENABLED", "ENABLED"),
            Need("explicitAuthFlows", _has_none(client, "explicitAuthFlows", _UNSAFE), "flows in which no password travels"),
            Need("allowedOauthFlows", _has_none(client, "allowedOauthFlows", {"implicit"}), "code"),
        )
    for identities in graph.of(IDENTITIES):
        yield ruled(identities, need(identities, "allowUnauthenticatedIdentities", is_no, "false", absent=True))
    for risks in graph.of(RISKS):
        high = "accountTakeoverRiskConfiguration.actions.highAction.eventAction"
        yield ruled(
            risks,
            need(risks, "compromisedCredentialsRiskConfiguration.actions.eventAction", lambda action: action == _BLOCK, _BLOCK),
            need(risks, high, lambda action: action in (_BLOCK, "MFA_REQUIRED"), f"{_BLOCK} or MFA_REQUIRED"),
        )


def _of_pool(pool: Resource) -> list[Need]:
    kept = True if is_staging(pool) else asks(pool.properties, "deletionProtection", lambda mode: mode == "ACTIVE", absent=False)
    return [
        need(pool, "mfaConfiguration", lambda mode: mode == "ON", "ON"),
        need(pool, "userPoolAddOns.advancedSecurityMode", lambda mode: mode == _ENFORCED, _ENFORCED),
        need(pool, "passwordPolicy.minimumLength", lambda length: int(length) >= _SHORTEST, f"{_SHORTEST} or more"),
        *(need(pool, f"passwordPolicy.{kind}", is_yes, "true") for kind in _KINDS),
        Need("deletionProtection", kept, "ACTIVE"),
    ]


def _has_none(resource: Resource, path: str, refused: Collection[str]) -> Answer:
    return all_of([None if one is UNKNOWN else one not in refused for one in each(resource.properties, path)])


def _has(graph: Graph, pool: Resource, type_: str, path: str) -> Answer:
    found = graph.attached(pool, type_, path)
    return any_of([bool(found.resources), False if found.certain else None])


CONTROL = Control(
    id="IAM-06",
    title="User pools ask for a second factor and long passwords, block attacks, and are protected from deletion",
    severity=Severity.HIGH,
    why="Passwords are stolen elsewhere and tried here; the users of a pool that is deleted are gone for good.",
    fix="set mfa_configuration='ON', user_pool_add_ons, password_policy, deletion_protection on UserPool; add a WebAclAssociation",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.1*", iso27001="5.17* 8.5*", pci="8.3.6* 8.4.2*"),
    governs=(POOL, CLIENT, RISKS, IDENTITIES, PASSWORDS),
    check=check,
)
