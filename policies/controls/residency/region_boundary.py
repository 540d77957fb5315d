"""RES-06: who can change the account can do so in the estate's regions only."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.vocabulary import Region
from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.residency._register import register
from policies.graph import Graph
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, holds_unknown, look, texts
from policies.verdict import Ruling

POLICY = "aws:iam/policy:Policy"
HOLDERS = ("aws:iam/role:Role", "aws:iam/user:User")
SERVICE_CONTROL = "aws:organizations/policy:Policy"
_FOLDER = "/boundaries/"
_KEY = "aws:requestedregion"
_OPERATORS = ("StringNotEquals", "StringNotEqualsIfExists", "StringNotEqualsIgnoreCase", "StringNotLike")
_WORLDWIDE = frozenset(
    {
        *("account", "aws-portal", "billing", "budgets", "ce", "cloudfront", "cur", "globalaccelerator", "health", "iam", "organizations"),
        *("pricing", "route53", "route53domains", "shield", "support", "trustedadvisor", "waf"),
    }
)
"""Services that stand in no region of the caller's choice, which a denial by region may leave out.

Source: https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html
"""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every permission boundary, and the service control policies: one of those is enough.

    A boundary is a policy that a role or a user carries as such, or that lies where boundaries lie.
    """
    carried = {one.urn for holder in graph.of(*HOLDERS) for one in graph.target(holder, "permissionsBoundary", POLICY).resources}
    wanted = f"a Deny of every action where aws:RequestedRegion is none of {', '.join(sorted(_regions()))}"
    for policy in graph.of(POLICY):
        if policy.urn in carried or policy.look("path") == _FOLDER:
            yield ruled(policy, Need("policy", _denies(policy.look("policy")), wanted))
    controls = [one for one in graph.of(SERVICE_CONTROL) if one.look("type") in (ABSENT, "SERVICE_CONTROL_POLICY")]
    denied = any_of([_denies(one.look("content")) for one in controls])
    for one in controls:
        yield ruled(one, Need("content", denied, f"in one of the service control policies {wanted}"))


def _regions() -> frozenset[str]:
    """Return where data may be, by the register; services that are one for the world are asked in us-east-1."""
    rows = register().transfers
    return frozenset({str(Region.US_EAST_1), *(str(row.source) for row in rows), *(str(row.destination) for row in rows)})


def _denies(policy: Any) -> Answer:
    return any_of([_denies_elsewhere(statement) for statement in statements(policy)])


def _denies_elsewhere(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Deny" or "*" not in texts(listed(statement, "Resource")):
        return False
    return all_of([_is_everything(statement), _is_elsewhere(look(statement, "Condition"))])


def _is_everything(statement: Any) -> Answer:
    if "*" in texts(listed(statement, "Action")):
        return True
    spared = listed(statement, "NotAction")
    if UNKNOWN in spared:
        return None
    return bool(spared) and all(one.partition(":")[0].lower() in _WORLDWIDE for one in texts(spared))


def _is_elsewhere(condition: Any) -> Answer:
    """Tell whether a condition holds in every region that is not the estate's, and asks nothing more."""
    if holds_unknown(condition):
        return None
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return False
    ((operator, asked),) = condition.items()
    if operator not in _OPERATORS or not isinstance(asked, Mapping) or {str(key).lower() for key in asked} != {_KEY}:
        return False
    ((key, _),) = asked.items()
    return _regions().issuperset(map(str, each(asked, key)))


CONTROL = Control(
    id="RES-06",
    title="Permission boundaries and service control policies deny every region that the estate is not in",
    severity=Severity.HIGH,
    why="A resource in a region that nobody watches holds data under no law of ours, and no control ever sees it.",
    fix="deny * on * where StringNotEquals aws:RequestedRegion names the estate's regions, in each boundary or in an organizations.Policy",
    clauses=clauses(gdpr="44* 25*", lgpd="33", soc2="CC6.1*", iso27001="5.15* 5.31*", pci="7.2.1*"),
    governs=(POLICY, SERVICE_CONTROL),
    check=check,
    house=True,
)
