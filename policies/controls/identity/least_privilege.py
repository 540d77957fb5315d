"""IAM-01: no grant of everything, of a whole service, or on every resource where one can be named."""

import re
from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, each, look
from policies.verdict import Ruling

ROLE, USER = "aws:iam/role:Role", "aws:iam/user:User"
POLICY = "aws:iam/policy:Policy"
INLINE = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy")
ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
)
_SWEEPING = re.compile(r":policy/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$")
_SERVICE_WIDE = re.compile(r"^[a-z0-9-]+:\*$")
_LOOKS = re.compile(r"^[a-z0-9-]+:(Describe|List)[A-Za-z]*\*?$")
ANYWHERE = frozenset(
    {
        # Reading metrics and tags, which AWS grants on all resources or none.
        *("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "tag:GetResources", "iam:GetAccountPasswordPolicy"),
        "ec2:GetInstanceTypesFromInstanceRequirements",
        # Traces, and a function's interfaces in a VPC, which come before there is anything to name.
        *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        *("ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"),
        # Addresses that asked for no more mail: one list an account.
        *("ses:DeleteSuppressedDestination", "ses:GetSuppressedDestination"),
    }
)
"""Actions that AWS cannot restrict to resources.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""
_NARROW = "named actions on named resources; * where AWS allows no other, under a condition, or within a permissions boundary"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each document that grants; a boundary grants nothing, and what it bounds may be wider."""
    boundaries = {policy.urn for holder in graph.of(ROLE, USER) for policy in graph.target(holder, "permissionsBoundary", POLICY).resources}
    for policy in graph.of(POLICY, *INLINE):
        if policy.urn not in boundaries:
            bounded = _is_bounded(graph, policy)
            answers = [_is_narrow(statement, bounded) for statement in statements(policy.look("policy"))]
            yield ruled(policy, Need("policy", all_of(answers), _NARROW))
    for role in graph.of(ROLE):
        for inline in each(role.properties, "inlinePolicies"):
            answers = [_is_narrow(one, role.look("permissionsBoundary") is not ABSENT) for one in statements(look(inline, "policy"))]
            yield ruled(role, Need("inlinePolicies.policy", all_of(answers), _NARROW))
    for attachment in graph.of(*ATTACHMENTS):
        allowed = "a narrower policy; one of administrators only for a role that is assumed with MFA"
        yield ruled(attachment, Need("policyArn", _may_attach(graph, attachment), allowed))


def _is_bounded(graph: Graph, policy: Resource) -> bool:
    holders = graph.target(policy, "role", ROLE).resources
    return bool(holders) and all(holder.look("permissionsBoundary") is not ABSENT for holder in holders)


def _is_narrow(statement: Any, bounded: bool) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Allow":
        return True
    actions, resources = listed(statement, "Action"), listed(statement, "Resource")
    if UNKNOWN in actions or look(statement, "Action") is ABSENT:
        # NotAction allows whatever AWS adds tomorrow.
        return None if UNKNOWN in actions else False
    if any(action in ("*", "*:*") for action in actions):
        return False
    if bounded:
        return True
    if any(_SERVICE_WIDE.match(str(action)) for action in actions):
        return False
    everywhere = "*" in resources or look(statement, "NotResource") is not ABSENT
    if not everywhere:
        return None if UNKNOWN in resources else True
    return look(statement, "Condition") is not ABSENT or all(action in ANYWHERE or _LOOKS.match(str(action)) for action in actions)


def _may_attach(graph: Graph, attachment: Resource) -> Answer:
    policy = attachment.look("policyArn")
    if not isinstance(policy, str):
        # A policy of this stack, whose document is judged by itself.
        return True if graph.target(attachment, "policyArn", POLICY).resources else None
    if not _SWEEPING.search(policy):
        return True
    roles = graph.target(attachment, "role", ROLE)
    if not roles.resources:
        return False if roles.certain else None
    return all_of([_asks_for_mfa(statement) for role in roles.resources for statement in statements(role.look("assumeRolePolicy"))])


def _asks_for_mfa(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    found = look(statement, "Condition")
    return isinstance(found, dict) and str(look(found.get("Bool", {}), "aws:MultiFactorAuthPresent")).lower() == "true"


CONTROL = Control(
    id="IAM-01",
    title="No policy grants everything, a whole service, or every resource where one can be named",
    severity=Severity.CRITICAL,
    why="What a credential may do is what its thief may do.",
    fix="list the actions and ARNs that the code calls with; see components/_base/policy_document.py",
    clauses=clauses(gdpr="25", lgpd="46", soc2="CC1.3 CC6.3", iso27001="5.15 5.18 8.2", pci="7.2.1 7.2.2"),
    governs=(POLICY, *INLINE, *ATTACHMENTS, ROLE),
    check=check,
)
