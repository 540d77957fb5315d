"""IAM-02: no identity can give itself more than it was given, over all its policies together and within its boundary."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.identity._escalation import ACTIONS, LETTING_IN, PATHS, ROLE_GIVING, Kind, Path, named_by
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, each, look
from policies.verdict import Ruling

POLICY = "aws:iam/policy:Policy"
ROLE, USER, GROUP = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group"
_INLINE = {holder: f"aws:iam/{holder}Policy:{holder.title()}Policy" for holder in ("role", "user", "group")}
_ATTACHED = {holder: f"aws:iam/{holder}PolicyAttachment:{holder.title()}PolicyAttachment" for holder in ("role", "user", "group")}
_HOW = ("aws:multifactorauth", "aws:requestedregion", "aws:securetransport", "aws:sourceip", "iam:passedtoservice", "sts:rolesessionname")
"""Keys of conditions that say how or where something is done; any other narrows down on what."""
_BOUNDARY = "iam:permissionsboundary"
_PEOPLE = re.compile(r"user/[\w.-]+(/[\w.-]+)*/\*")
_CLOSED = "none of the published ways to more rights: named roles and functions, conditions on them, or a boundary that refuses the rest"


@dataclass(slots=True)
class Rights:
    """What documents allow of the actions that matter, and refuse."""

    wide: set[str] = field(default_factory=set)
    """On whatever there is, or on all that begins alike."""
    named: dict[str, list[str]] = field(default_factory=dict)
    """Action to what it is allowed on by name."""
    refused: set[str] = field(default_factory=set)
    bounded: set[str] = field(default_factory=set)
    """Refused where what it is about has no boundary."""
    elsewhere: set[str] = field(default_factory=set)
    """Refused but for something that is named."""
    refused_on: dict[str, list[str]] = field(default_factory=dict)
    open: bool = False
    """A document is not known yet."""

    def read(self, document: Any) -> None:
        """Add the statements of a document."""
        for statement in statements(document):
            if statement is UNKNOWN:
                self.open = True
            elif look(statement, "Effect") == "Deny":
                self._refuse(statement)
            else:
                self._allow(statement)

    def _allow(self, statement: Any) -> None:
        for action in _named(statement):
            resources = listed(statement, "Resource")
            if _narrows(statement):
                continue
            if look(statement, "NotResource") is not ABSENT or any(map(_is_wide, resources)):
                self.wide.add(action)
            self.named.setdefault(action, []).extend(one for one in resources if isinstance(one, str))

    def _refuse(self, statement: Any) -> None:
        keys, resources = _keys(statement), listed(statement, "Resource")
        for action in _named(statement):
            if _BOUNDARY in keys:
                self.bounded.add(action)
            elif keys:
                continue
            elif "*" in resources:
                self.refused.add(action)
            elif look(statement, "NotResource") is not ABSENT:
                self.elsewhere.add(action)
            else:
                self.refused_on.setdefault(action, []).extend(one for one in resources if isinstance(one, str))


def _named(statement: Any) -> frozenset[str]:
    if look(statement, "NotAction") is not ABSENT:
        return ACTIONS.difference(*(named_by(one) for one in listed(statement, "NotAction") if isinstance(one, str)))
    return frozenset().union(*(named_by(one) for one in listed(statement, "Action") if isinstance(one, str)))


def _keys(statement: Any) -> frozenset[str]:
    conditions = look(statement, "Condition")
    return frozenset(key.lower() for test in conditions.values() for key in test) if isinstance(conditions, dict) else frozenset()


def _narrows(statement: Any) -> bool:
    return any(not key.startswith(_HOW) for key in _keys(statement))


def _is_wide(resource: Any) -> bool:
    """Tell whether a resource is more than one: what stands behind its kind, such as `role/`, has a wildcard."""
    return isinstance(resource, str) and any(sign in resource.rpartition(":")[2] for sign in "*?")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each role, user and group by all it holds. What AWS's own policies allow is for IAM-01, which names those that may be attached.

    A boundary holds what an identity gives itself, if nobody within it can change it; what services do for it, if roles that it makes
    carry a boundary too. Pipelines make roles: without that no estate could be deployed. Whoever was taken on with MFA may give people
    of one path new passwords, which is how people come in at all.
    """
    for holder in graph.of(ROLE, USER, GROUP):
        rights, within, boundary = _rights(graph, holder), *_boundary(graph, holder)
        own = tuple(str(holder.look(path)) for path in ("name", "arn"))
        found = [path for path in PATHS if _is_open(path, rights, within, own) and not _is_held(path, within, boundary)]
        found = [path for path in found if not _lets_people_in(path, rights, holder)]
        yield ruled(holder, Need("policy", _answer(bool(found), rights, within, holder), _CLOSED))


def _answer(found: bool, rights: Rights, within: Rights | None, holder: Resource) -> Answer:
    """A refusal that may stand in a policy not known yet is not counted on; of a boundary that another stack keeps nothing is known."""
    if found:
        return None if within is None and holder.look("permissionsBoundary") is not ABSENT else False
    return None if rights.open or (within is not None and within.open) else True


def _is_open(path: Path, rights: Rights, within: Rights | None, own: tuple[str, ...]) -> bool:
    refused = rights.refused | (within.refused if within else set())
    if path.unless in refused:
        return False
    if path.kind is Kind.REWRITE:
        refused |= rights.elsewhere | (within.elsewhere if within else set())
    return all(
        action not in refused
        and (within is None or action in within.wide or action in within.named)
        and (action in rights.wide or (path.kind is Kind.REWRITE and _names(rights.named.get(action, ()), own)))
        for action in path.actions
    )


def _names(resources: Iterable[str], own: tuple[str, ...]) -> bool:
    return any(resource == one or resource.endswith(f"/{one}") for resource in resources for one in own)


def _is_held(path: Path, within: Rights | None, boundary: Resource | None) -> bool:
    if within is None or boundary is None or path.kind is Kind.BECOME:
        return False
    if path.kind is Kind.LEND:
        return all(action in within.bounded | within.refused for action in ROLE_GIVING)
    patterns = within.refused_on.get("iam:CreatePolicyVersion", [])
    kept = "iam:CreatePolicyVersion" in within.refused or any(_is_kept(boundary, pattern) for pattern in patterns)
    return kept and "iam:DeleteRolePermissionsBoundary" in within.refused


def _lets_people_in(path: Path, rights: Rights, holder: Resource) -> bool:
    if path.actions not in LETTING_IN:
        return False
    with_mfa = all(
        any(key.startswith("aws:multifactorauth") for key in _keys(one)) for one in statements(holder.look("assumeRolePolicy")) or [UNKNOWN]
    )
    return with_mfa and all(_PEOPLE.fullmatch(one.rpartition(":")[2]) for one in rights.named[path.actions[0]])


def _is_kept(boundary: Resource, pattern: str) -> bool:
    """Tell whether a pattern such as `arn:aws:iam::1:policy/boundaries/*` is about a policy, by its path and name."""
    path, name = boundary.look("path"), boundary.look("name")
    place = f"policy{path if isinstance(path, str) else '/'}{name}"
    return fnmatchcase(place, pattern.rpartition(":")[2])


def _rights(graph: Graph, holder: Resource) -> Rights:
    kind = holder.type.rpartition(":")[2].lower()
    rights = Rights()
    for inline in graph.attached(holder, _INLINE[kind], kind).resources:
        rights.read(inline.look("policy"))
    for written in each(holder.properties, "inlinePolicies"):
        rights.read(UNKNOWN if written is UNKNOWN else look(written, "policy"))
    for policy in _managed(graph, holder, kind):
        rights.read(policy.look("policy"))
    return rights


def _managed(graph: Graph, holder: Resource, kind: str) -> Iterator[Resource]:
    for attachment in graph.attached(holder, _ATTACHED[kind], kind).resources:
        yield from graph.target(attachment, "policyArn", POLICY).resources
    yield from graph.target(holder, "managedPolicyArns", POLICY).resources


def _boundary(graph: Graph, holder: Resource) -> tuple[Rights | None, Resource | None]:
    """Return what the boundary of an identity allows, and the boundary; nothing for one without, or whose boundary is not of this stack."""
    for policy in graph.target(holder, "permissionsBoundary", POLICY).resources:
        rights = Rights()
        rights.read(policy.look("policy"))
        return rights, policy
    return None, None


CONTROL = Control(
    id="IAM-02",
    title="No identity can raise its own rights by what it may do",
    severity=Severity.HIGH,
    why="Who may rewrite policies, take on roles or run code under them has all rights there are, whatever the rest of the policy says.",
    fix="name the roles of iam:PassRole and sts:AssumeRole; bound who makes roles (components/identity/boundary_document.py)",
    clauses=clauses(gdpr="25*", lgpd="46", soc2="CC3.3", iso27001="8.2*", pci="7.2.2*"),
    governs=(ROLE, USER, GROUP, *_INLINE.values(), *_ATTACHED.values(), POLICY),
    check=check,
)
