"""Data stores in a network: where each stands, which security groups guard it, and the rules of groups in their three forms."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look, negated

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_NETWORKS = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "cidrIpv4", "cidrIpv6", "prefixListId")
"""Where rules of any form name addresses."""


@dataclass(frozen=True, slots=True)
class Store:
    """How a type of data store says where it stands."""

    groups: str
    """Path of its security groups."""
    placed: str
    """Path of its subnets, or of the subnet group that names them."""
    within: str = ""
    """Type of that subnet group."""


STORES: Mapping[str, Store] = {
    "aws:docdb/cluster:Cluster": Store("vpcSecurityGroupIds", "dbSubnetGroupName", "aws:docdb/subnetGroup:SubnetGroup"),
    "aws:efs/mountTarget:MountTarget": Store("securityGroups", "subnetId"),
    "aws:elasticache/cluster:Cluster": Store("securityGroupIds", "subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Store(
        "securityGroupIds", "subnetGroupName", "aws:elasticache/subnetGroup:SubnetGroup"
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": Store("securityGroupIds", "subnetIds"),
    "aws:memorydb/cluster:Cluster": Store("securityGroupIds", "subnetGroupName", "aws:memorydb/subnetGroup:SubnetGroup"),
    "aws:neptune/cluster:Cluster": Store("vpcSecurityGroupIds", "neptuneSubnetGroupName", "aws:neptune/subnetGroup:SubnetGroup"),
    "aws:opensearch/domain:Domain": Store("vpcOptions.securityGroupIds", "vpcOptions.subnetIds"),
    "aws:rds/cluster:Cluster": Store("vpcSecurityGroupIds", "dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
    "aws:rds/instance:Instance": Store("vpcSecurityGroupIds", "dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
    "aws:redshift/cluster:Cluster": Store("vpcSecurityGroupIds", "clusterSubnetGroupName", "aws:redshift/subnetGroup:SubnetGroup"),
}
SUBNET_GROUPS = tuple(sorted({store.within for store in STORES.values()} - {""}))
"""Types that name the subnets of stores, under `subnetIds`."""


def stores(graph: Graph) -> Iterator[tuple[Resource, Store]]:
    """Give each data store that stands in a network."""
    for type_, store in STORES.items():
        for each_ in graph.of(type_):
            # Members of a cluster are where their cluster is.
            if not (type_ == "aws:elasticache/cluster:Cluster" and each_.look("replicationGroupId") is not ABSENT):
                yield each_, store


def inherits_network(store: Resource) -> bool:
    """Tell whether a store stands where another does: a replica of the same region, whose source is named and not given by its ARN."""
    source = store.look("replicateSourceDb")
    return isinstance(source, str) and not source.startswith("arn:")


def is_elsewhere(store: Resource) -> bool:
    """Tell whether a store stands in another region than its stack, in a network that the stack of that region makes and judges."""
    return store.look("region") not in (ABSENT, UNKNOWN, store.provider_region)


@dataclass(frozen=True, slots=True)
class Named:
    """What a property names, one or several."""

    resources: tuple[Resource, ...] = ()
    strangers: Answer = False
    """Whether it names something besides these, which is not of this stack."""

    def all(self, test: Callable[[Resource], Answer]) -> Answer:
        """Answer whether it names something, all of it is of this stack, and passes a test."""
        if not self.resources:
            return None if self.strangers is None else False
        return all_of([negated(self.strangers), *map(test, self.resources)])


def named(graph: Graph, holder: Resource, path: str, *types: str) -> Named:
    """Return what a property names among resources of `types`; members of a list one by one, so that none hides behind another."""
    value = holder.look(path)
    if value is ABSENT:
        return Named()
    places = [f"{path}.{order}" for order, _ in enumerate(value)] if isinstance(value, list) else [path]
    linked = [graph.target(holder, place, *types) for place in places]
    found = dict.fromkeys(resource for each_ in linked for resource in each_.resources)
    other: Answer = True if _comes_from_elsewhere(graph, holder, path) else None
    return Named(tuple(found), any_of([other if not each_.certain else not each_.resources for each_ in linked]))


def _comes_from_elsewhere(graph: Graph, holder: Resource, path: str) -> bool:
    """Tell whether an unknown is made of AWS's resources alone, and so of none of the types that were looked for."""
    made_of = [graph.get(urn) for urn in holder.property_dependencies.get(path.partition(".")[0], ())]
    return bool(made_of) and all(one is not None and one.type.startswith("aws:") for one in made_of)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a security group."""

    holder: Resource
    """What declares it: the rule itself, or the group that it is written in."""
    path: str
    """Where the holder says who is at the other end."""
    groups: Named
    """The groups that have it."""
    peers: Named
    """The groups at the other end."""
    networks: list[Any]
    """Networks and prefix lists at the other end; may hold UNKNOWN."""
    protocol: Any
    ports: tuple[Any, Any]

    @property
    def names_networks(self) -> Answer:
        """Whether it is about addresses, and not about groups alone."""
        return True if any(each_ is not UNKNOWN for each_ in self.networks) else None if self.networks else False

    def is_tcp(self, *allowed: int) -> Answer:
        """Whether it is about one TCP port of those allowed, or any single one where none are given."""
        if UNKNOWN in (self.protocol, *self.ports):
            return None
        first, last = self.ports
        return self.protocol in ("tcp", "6", 6) and first == last and first is not ABSENT and (not allowed or first in allowed)


def ingress(graph: Graph) -> Iterator[Rule]:
    """Give every rule for what comes in."""
    yield from _written_in_groups(graph, "ingress")
    yield from _split(graph, INGRESS)
    yield from (rule for rule in _old(graph) if rule.holder.look("type") != "egress")


def egress(graph: Graph) -> Iterator[Rule]:
    """Give every rule for what goes out."""
    yield from _written_in_groups(graph, "egress")
    yield from _split(graph, EGRESS)
    yield from (rule for rule in _old(graph) if rule.holder.look("type") != "ingress")


def _written_in_groups(graph: Graph, direction: str) -> Iterator[Rule]:
    for group in graph.of(GROUP, DEFAULT_GROUP):
        for order, body in enumerate(each(group.properties, direction)):
            peers = named(graph, group, f"{direction}.{order}.securityGroups", GROUP, DEFAULT_GROUP)
            yield _rule(group, direction, Named((group,)), _with_itself(peers, body, group), body)


def _split(graph: Graph, type_: str) -> Iterator[Rule]:
    for rule in graph.of(type_):
        path = "referencedSecurityGroupId"
        groups = named(graph, rule, "securityGroupId", GROUP, DEFAULT_GROUP)
        yield _rule(rule, path, groups, named(graph, rule, path, GROUP, DEFAULT_GROUP), rule.properties)


def _old(graph: Graph) -> Iterator[Rule]:
    for rule in graph.of(OLD_RULE):
        path = "sourceSecurityGroupId"
        groups = named(graph, rule, "securityGroupId", GROUP, DEFAULT_GROUP)
        peers = named(graph, rule, path, GROUP, DEFAULT_GROUP)
        yield _rule(rule, path, groups, _with_itself(peers, rule.properties, *groups.resources), rule.properties)


def _with_itself(peers: Named, body: Any, *groups: Resource) -> Named:
    return Named((*peers.resources, *groups), peers.strangers) if look(body, "self") is True else peers


def _rule(holder: Resource, path: str, groups: Named, peers: Named, body: Any) -> Rule:
    networks = [UNKNOWN] if body is UNKNOWN else [one for place in _NETWORKS for one in each(body, place)]
    protocol = look(body, "ipProtocol")
    if protocol is ABSENT:
        protocol = look(body, "protocol")
    return Rule(holder, path, groups, peers, networks, protocol, (look(body, "fromPort"), look(body, "toPort")))
