"""NET-11: data stores call nobody, functions call named ports, and functions that touch persons' data stand in the network."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from ipaddress import ip_network
from typing import Any

from config.vocabulary import DataClass, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.network._data_tier import EGRESS, GROUP, OLD_RULE, Rule, egress, named, stores
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look, negated, texts
from policies.verdict import Ruling

FUNCTION = "aws:lambda/function:Function"
ROLE = "aws:iam/role:Role"
INLINE, ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
HOLDERS: Mapping[str, str] = {
    "aws:efs/fileSystem:FileSystem": "elasticfilesystem",
    "aws:s3/bucket:Bucket": "s3",
    "aws:sqs/queue:Queue": "sqs",
}
"""Stores that a policy of IAM opens, and the service that its actions name.

Not tables: of what lies in DynamoDB alone, each request is authorised and encrypted by itself, and a function that takes it no further
needs no network (SCH-2).
"""
_HTTPS = 443
_NOWHERE = "security groups only: a store answers and never calls"
_PORTS = "one TCP port a rule; of the internet 443 alone"
_GROUPS, _SUBNETS = "vpcConfig.securityGroupIds", "vpcConfig.subnetIds"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge rules for what goes out by whose group has them, and functions by what their roles let them touch."""
    silent = {group.urn for store, where in stores(graph) for group in named(graph, store, where.groups, GROUP).resources}
    functions = graph.of(FUNCTION)
    limited = {group.urn for function in functions for group in named(graph, function, _GROUPS, GROUP).resources}
    for rule in egress(graph):
        owners = {group.urn for group in rule.groups.resources}
        if owners & silent:
            yield ruled(rule.holder, Need("egress", negated(rule.names_networks), _NOWHERE))
        elif owners & limited:
            yield ruled(rule.holder, Need("egress", _is_named_port(rule), _PORTS))
        elif not owners and rule.groups.strangers is None and silent | limited:
            yield ruled(rule.holder, Need("securityGroupId", None, _PORTS))
    personal = {name: store for store in graph.of(*HOLDERS) if _is_personal(store) for name in _names(store)}
    for function in functions:
        placed = named(graph, function, _GROUPS, GROUP).all(lambda _: True)
        within = all_of([placed, function.look(_SUBNETS) not in (ABSENT, [])])
        inside = Need(
            "vpcConfig",
            any_of([within, negated(_touches_persons(graph, function, personal))]),
            "subnets and groups of this stack, for personal data",
        )
        yield ruled(function, inside)


def _is_named_port(rule: Rule) -> Answer:
    """Tell whether a rule opens one port; a network that is not known yet may be the internet."""
    public = any_of([None if network is UNKNOWN else _is_public(str(network)) for network in rule.networks])
    return all_of([rule.is_tcp(), any_of([negated(public), rule.is_tcp(_HTTPS)])])


def _is_public(network: str) -> bool:
    """Tell whether a network is more than private addresses; a prefix list is one of AWS's services, or of our own."""
    return not network.startswith("pl-") and not ip_network(network, strict=False).is_private


def _touches_persons(graph: Graph, function: Resource, personal: Mapping[str, Resource]) -> Answer:
    """Tell whether one of the policies of its role names a store of persons' data."""
    roles = named(graph, function, "role", ROLE)
    if not roles.resources:
        # A role of elsewhere may do anything.
        return None if roles.strangers is None else True
    return any_of([_opens_persons(holder, path, personal) for role in roles.resources for holder, path in _policies(graph, role)])


def _policies(graph: Graph, role: Resource) -> list[tuple[Resource, str]]:
    found = [(policy, "policy") for policy in graph.attached(role, INLINE, "role").resources]
    for attachment in graph.attached(role, ATTACHMENT, "role").resources:
        found += [(policy, "policy") for policy in graph.target(attachment, "policyArn", POLICY).resources]
    return found + [(role, f"inlinePolicies.{order}.policy") for order, _ in enumerate(each(role.properties, "inlinePolicies"))]


def _opens_persons(holder: Resource, path: str, personal: Mapping[str, Resource]) -> Answer:
    given = statements(holder.look(path))
    return any_of([_opens(statement, name, HOLDERS[store.type]) for statement in given for name, store in personal.items()])


def _opens(statement: Any, name: str, service: str) -> Answer:
    """Tell whether a statement lets something be read or erased in a store, and not only seen to be there or put into it."""
    if statement is UNKNOWN:
        return None
    actions, places = listed(statement, "Action"), listed(statement, "Resource")
    if look(statement, "Effect") != "Allow" or not any(_is_of(action, service) for action in actions):
        return None if UNKNOWN in actions else False
    return any_of([None if place is UNKNOWN else _is_at(name, str(place)) for place in places])


def _is_at(name: str, place: str) -> bool:
    return fnmatchcase(name, place) or fnmatchcase(place, name) or place.startswith(f"{name}/")


def _is_of(action: Any, service: str) -> bool:
    own, _, verb = str(action).partition(":")
    return action == "*" or (own == service and not verb.startswith(("List", "Describe", "Send", "Put")))


def _names(store: Resource) -> list[str]:
    """Return what policies call a store: its ARN, and what is known of that before there is one."""
    buckets = [f"arn:aws:s3:::{name}" for name in texts(store.look("bucket"))]
    queues = [f"arn:aws:sqs:*:*:{name}" for name in texts(store.look("name"))] if HOLDERS[store.type] == "sqs" else []
    return [*texts(store.look("arn")), *buckets, *queues]


def _is_personal(store: Resource) -> bool:
    return bool(store.look(f"tags.{TagKey.DATA_CLASS}") == DataClass.PERSONAL)


CONTROL = Control(
    id="NET-11",
    title="Data stores call nobody, functions call named ports alone, and those that touch persons' data stand in the network",
    severity=Severity.MEDIUM,
    why="What is stolen has to get out: a store or a function that may call anything, anywhere, is the way.",
    fix="leave egress out of a store's group; give functions a vpc_config, and egress rules of one port each",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7*", iso27001="8.12* 8.20 8.22", pci="1.3.2"),
    governs=(FUNCTION, GROUP, EGRESS, OLD_RULE),
    check=check,
)
