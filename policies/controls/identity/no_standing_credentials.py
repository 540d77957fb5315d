"""IAM-04: nobody has a key that lasts; people come with MFA, pipelines by OIDC and within a boundary."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, look
from policies.verdict import Ruling

FORBIDDEN = (
    "aws:iam/accessKey:AccessKey",
    "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
    "aws:iam/signingCertificate:SigningCertificate",
    "aws:iam/sshKey:SshKey",
)
USER = "aws:iam/user:User"
ROLE = "aws:iam/role:Role"
_TRUST = "services; people with MFA; identity providers with conditions on aud and sub, within a permissions boundary"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge keys by their being there, and each role by whom it trusts. A user without a key is a person, who assumes a role with MFA."""
    for credential in graph.of(*FORBIDDEN):
        yield ruled(credential, Need("", False, "a role that is assumed for an hour in its place"))
    for role in graph.of(ROLE):
        answers = [_is_right(role, statement) for statement in statements(role.look("assumeRolePolicy"))]
        yield ruled(role, Need("assumeRolePolicy", all_of(answers), _TRUST))
    for user in graph.of(USER):
        yield ruled(user)


def _is_right(role: Resource, statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Allow":
        return True
    who = look(statement, "Principal")
    if not isinstance(who, dict):
        return None if who is UNKNOWN else False
    conditions = look(statement, "Condition")
    keys = {key for tests in conditions.values() for key in tests} if isinstance(conditions, dict) else set()
    if "Federated" in who:
        named = any(key.endswith(":aud") for key in keys) and any(key.endswith(":sub") for key in keys)
        return named and role.look("permissionsBoundary") is not ABSENT
    if "AWS" in who:
        return "*" not in listed(who, "AWS") and "aws:MultiFactorAuthPresent" in keys
    return True


CONTROL = Control(
    id="IAM-04",
    title="There are no lasting keys; people need MFA, pipelines a token of their provider and a boundary",
    severity=Severity.CRITICAL,
    why="Most breaches of cloud accounts begin with a key that lay in a repository, a laptop or a pipeline.",
    fix="use iam.Role trusted by an OpenIdConnectProvider (conditions on aud and sub), a service, or people with MFA; no iam.AccessKey",
    clauses=clauses(gdpr="25", lgpd="46", soc2="CC1.3 CC6.2*", iso27001="5.16 5.17 8.5", pci="7.2.2 8.2.1 8.6.3"),
    governs=(*FORBIDDEN, USER, ROLE),
    check=check,
    exceptable=False,
)
