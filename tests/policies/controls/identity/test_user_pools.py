"""Pools whose users need a password alone, or that let attacks through."""

from typing import Any

import pytest

from policies.controls.identity.user_pools import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Mutation, catches, lets_pass, lone, resource

POOL, CLIENT = "aws:cognito/userPool:UserPool", "aws:cognito/userPoolClient:UserPoolClient"
RISKS, IDENTITIES = "aws:cognito/riskConfiguration:RiskConfiguration", "aws:cognito/identityPool:IdentityPool"
PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"


def one(type_: str, path: str, value: Any) -> Mutation:
    return Mutation(f"{path} is {value}", lambda draft: draft.one(type_).set(path, value))


CAUGHT = [
    Mutation("nothing is said of deletion", lambda draft: draft.one(POOL).drop("deletionProtection")),
    one(POOL, "mfaConfiguration", "OPTIONAL"),
    one(POOL, "userPoolAddOns.advancedSecurityMode", "AUDIT"),
    one(POOL, "passwordPolicy.minimumLength", 11),
    *(one(POOL, f"passwordPolicy.require{kind}", False) for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols")),
    one(POOL, "deletionProtection", "INACTIVE"),
    Mutation("nothing is said of passwords", lambda draft: draft.one(POOL).drop("passwordPolicy")),
    Mutation("no web ACL stands before the pool", lambda draft: draft.remove(ASSOCIATION, "scheduling-users-guarded")),
    one(CLIENT, "enableTokenRevocation", False),
    one(CLIENT, "preventUserExistenceErrors", "LEGACY"),
    one(CLIENT, "explicitAuthFlows", ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]),
    one(CLIENT, "allowedOauthFlows", ["code", "implicit"]),
    one(RISKS, "compromisedCredentialsRiskConfiguration.actions.eventAction", "NO_ACTION"),
    one(RISKS, "accountTakeoverRiskConfiguration.actions.highAction.eventAction", "NO_ACTION"),
    Mutation("nothing is done about risks", lambda draft: draft.remove(RISKS)),
    *(
        Mutation(f"people's {path} is {value}", lambda draft, path=path, value=value: draft.one(PASSWORDS).set(path, value), "us-east-1")  # type: ignore[misc]
        for path, value in (
            ("minimumPasswordLength", 8),
            ("passwordReusePrevention", 1),
            *((f"require{kind}", False) for kind in ("LowercaseCharacters", "UppercaseCharacters", "Numbers", "Symbols")),
        )
    ),
    Mutation("people may use a password again", lambda draft: draft.one(PASSWORDS).drop("passwordReusePrevention"), "us-east-1"),
    Mutation("strangers get credentials", lambda draft: draft.add(IDENTITIES, "guests", {"allowUnauthenticatedIdentities": True})),
]
SPARED = [
    one(POOL, "passwordPolicy.minimumLength", 14),
    Mutation("staging may be torn down", lambda draft: draft.one(POOL).drop("deletionProtection"), "staging"),
    Mutation("revocation is left to Cognito", lambda draft: draft.one(CLIENT).drop("enableTokenRevocation")),
    one(RISKS, "accountTakeoverRiskConfiguration.actions.highAction.eventAction", "MFA_REQUIRED"),
    Mutation("people's passwords are as long as users'", lambda draft: draft.one(PASSWORDS).set("minimumPasswordLength", 12), "us-east-1"),
    Mutation("nothing is said of strangers", lambda draft: draft.add(IDENTITIES, "unsaid", {})),
    Mutation("known users get credentials", lambda draft: draft.add(IDENTITIES, "known", {"allowUnauthenticatedIdentities": False})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-06", mutation)


def test_what_may_stand_before_a_pool_leaves_it_open() -> None:
    policy = {"minimumLength": 12, **{f"require{kind}": True for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols")}}
    add_ons = {"advancedSecurityMode": "ENFORCED"}
    pool = resource(
        POOL, "pool", id=UNKNOWN, mfaConfiguration="ON", userPoolAddOns=add_ons, passwordPolicy=policy, deletionProtection="ACTIVE"
    )
    guard, risks = resource(ASSOCIATION, "guard", resourceArn=UNKNOWN), resource(RISKS, "risks", userPoolId=UNKNOWN)
    found = next(finding for finding in CONTROL.evaluate(lone(pool, guard, risks)) if finding.urn == pool.urn)
    assert found.verdict is Verdict.UNDECIDED
    assert next(finding.verdict for finding in CONTROL.evaluate(lone(pool))) is Verdict.VIOLATION


def test_a_flow_that_is_not_known_yet_leaves_a_client_open() -> None:
    client = resource(CLIENT, "client", explicitAuthFlows=[UNKNOWN], preventUserExistenceErrors="ENABLED")
    assert [finding.verdict for finding in CONTROL.evaluate(lone(client))] == [Verdict.UNDECIDED]
