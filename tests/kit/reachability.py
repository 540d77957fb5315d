"""Who reaches whom in a recorded graph: what security groups, network ACLs, routes and public addresses let through together.

An independent reading of AWS's rules, so that a test can ask for what the estate promises instead of counting rules.
Sources: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html (a group without rules lets nothing in; one that Pulumi
makes lets nothing out either), https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html (rules in order, the first match decides),
https://docs.aws.amazon.com/vpc/latest/userguide/route-table-priority.html (the longest prefix).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from tests.kit.recorder import Graph, Recorded

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_TCP = {"tcp", "6", "-1"}
_EPHEMERAL = 40000
"""A port such as the asker of a connection chooses for the answers."""


@dataclass(frozen=True)
class Place:
    """Something with network interfaces: in subnets of the graph, or outside it with an address (or a prefix list) of its own."""

    name: str
    kind: str
    groups: frozenset[str] = frozenset()
    subnets: frozenset[str] = frozenset()
    public: bool = False
    """Whether its interfaces have public addresses."""
    address: IPv4Address | None = None
    prefix_lists: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.name


def outside(name: str, address: str, *prefix_lists: str) -> Place:
    """Return a host that is in no subnet of the graph; `prefix_lists` are those that hold its address."""
    return Place(name=name, kind="outside", address=IPv4Address(address), prefix_lists=frozenset(prefix_lists))


@dataclass(frozen=True)
class Reachability:
    """The network of one stack's graph."""

    graph: Graph
    control_plane_group: str = "sg-control-plane"
    """Security group that EKS makes for the control plane's interfaces."""
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Everything in the graph that has network interfaces in its VPCs."""
        return tuple(sorted(self._places(), key=lambda place: place.name))

    def of_kind(self, *kinds: str) -> list[Place]:
        """Return the places whose type token ends with one of `kinds`, such as `rds/instance`; fail when there is none."""
        found = [place for place in self.places if any(f":{kind}:" in place.kind for kind in kinds)]
        assert found, f"nothing of {kinds}; there is {sorted({place.kind for place in self.places})}"
        return found

    def ports(self) -> list[int]:
        """Return TCP ports that tell all rules apart: the ends of each rule's range, and their neighbours."""
        ends: set[int] = {1, 22, 80, 443, 3389, 65535}
        for rule in (*self.graph.of_type(_INGRESS), *self.graph.of_type(_EGRESS)):
            for end in (rule.inputs.get("fromPort"), rule.inputs.get("toPort")):
                if end is not None:
                    ends |= {int(end) - 1, int(end), int(end) + 1}
        return sorted(port for port in ends if 1 <= port <= 65535)

    def reaches(self, source: Place, target: Place, port: int) -> bool:
        """Return whether a TCP connection from `source` to `port` of `target` would be made."""
        if not self._groups_allow(source, target, port):
            return False
        return any(self._path(source, start, target, end, port) for start in self._addresses(source) for end in self._addresses(target))

    def who_reaches(self, target: Place, port: int, sources: Iterable[Place] = ()) -> set[str]:
        """Return the names of those that reach a port: of the graph's places, and of `sources`."""
        return {source.name for source in (*self.places, *sources) if source != target and self.reaches(source, target, port)}

    # Places

    def _places(self) -> Iterator[Place]:
        templates = {each.answered["id"]: each for each in self.graph.of_type("aws:ec2/launchTemplate:LaunchTemplate")}
        subnet_groups = {
            (each.type.split(":")[1].partition("/")[0], each.inputs["name"]): each.inputs["subnetIds"]
            for each in self.graph.resources
            if each.type in ("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup")
        }
        primaries = {each.inputs.get("identifier"): each for each in self.graph.of_type("aws:rds/instance:Instance")}
        for each in self.graph.resources:
            given = each.inputs
            match each.type:
                case "aws:eks/nodeGroup:NodeGroup":
                    interface = templates[given["launchTemplate"]["id"]].inputs["networkInterfaces"][0]
                    public = str(interface.get("associatePublicIpAddress")).lower() == "true"
                    yield _place(each, interface["securityGroups"], given["subnetIds"], public=public)
                case "aws:eks/cluster:Cluster":
                    groups = [self.control_plane_group, *given["vpcConfig"].get("securityGroupIds", [])]
                    yield _place(each, groups, given["vpcConfig"]["subnetIds"])
                case "aws:rds/instance:Instance":
                    source = primaries.get(given.get("replicateSourceDb"))
                    group = given.get("dbSubnetGroupName") or (source.inputs["dbSubnetGroupName"] if source else None)
                    subnets = subnet_groups.get(("rds", group))
                    if subnets is not None:
                        yield _place(each, given["vpcSecurityGroupIds"], subnets, public=given.get("publiclyAccessible", False))
                case "aws:elasticache/replicationGroup:ReplicationGroup":
                    yield _place(each, given["securityGroupIds"], subnet_groups["elasticache", given["subnetGroupName"]])
                case "aws:efs/mountTarget:MountTarget":
                    yield _place(each, given["securityGroups"], [given["subnetId"]])
                case "aws:lb/loadBalancer:LoadBalancer":
                    yield _place(each, given["securityGroups"], given["subnets"], public=not given.get("internal", False))
                case "aws:ec2/vpcEndpoint:VpcEndpoint" if given.get("vpcEndpointType") == "Interface":
                    yield _place(each, given["securityGroupIds"], given["subnetIds"])
                case "aws:ec2/instance:Instance":
                    public = bool(given.get("associatePublicIpAddress"))
                    yield _place(each, given["vpcSecurityGroupIds"], [given["subnetId"]], public=public)
                case "aws:lambda/function:Function" if given.get("vpcConfig"):
                    yield _place(each, given["vpcConfig"]["securityGroupIds"], given["vpcConfig"]["subnetIds"])

    # Security groups

    def _groups_allow(self, source: Place, target: Place, port: int) -> bool:
        leaves = not source.groups or any(
            _covers(rule, port) and self._names(rule, target) for rule in self._rules(_EGRESS) if rule["securityGroupId"] in source.groups
        )
        enters = not target.groups or any(
            _covers(rule, port) and self._names(rule, source) for rule in self._rules(_INGRESS) if rule["securityGroupId"] in target.groups
        )
        return leaves and enters

    def _rules(self, type_: str) -> list[Mapping[str, Any]]:
        if type_ not in self._kept:
            self._kept[type_] = [rule.inputs for rule in self.graph.of_type(type_)]
        found: list[Mapping[str, Any]] = self._kept[type_]
        return found

    def _names(self, rule: Mapping[str, Any], place: Place) -> bool:
        if "referencedSecurityGroupId" in rule:
            return rule["referencedSecurityGroupId"] in place.groups
        if "prefixListId" in rule:
            return rule["prefixListId"] in place.prefix_lists
        if "cidrIpv4" not in rule:
            return False
        network = IPv4Network(rule["cidrIpv4"])
        return any(address in network for _, address in self._addresses(place))

    # Subnets

    @cached_property
    def _subnets(self) -> dict[str, Recorded]:
        return {each.answered["id"]: each for each in self.graph.of_type("aws:ec2/subnet:Subnet")}

    def _addresses(self, place: Place) -> list[tuple[str | None, IPv4Address]]:
        """The subnet and an address in it of each interface."""
        if place.address is not None:
            return [(None, place.address)]
        return [(subnet, IPv4Network(self._subnets[subnet].inputs["cidrBlock"])[20]) for subnet in sorted(place.subnets)]

    def _path(
        self, source: Place, start: tuple[str | None, IPv4Address], target: Place, end: tuple[str | None, IPv4Address], port: int
    ) -> bool:
        (from_subnet, from_address), (to_subnet, to_address) = start, end
        if from_subnet == to_subnet:
            return True
        if to_subnet is not None and not self._routed(target, to_subnet, from_subnet, from_address):
            return False
        if from_subnet is not None and not self._routed(source, from_subnet, to_subnet, to_address):
            return False
        return all(
            (
                self._acl(from_subnet, "egress", to_address, port),
                self._acl(to_subnet, "ingress", from_address, port),
                self._acl(to_subnet, "egress", from_address, _EPHEMERAL),
                self._acl(from_subnet, "ingress", to_address, _EPHEMERAL),
            )
        )

    def _routed(self, place: Place, subnet: str, other: str | None, address: IPv4Address) -> bool:
        """Whether packets of an interface in `subnet` find `address`; over an internet gateway only with an address of its own."""
        if other is not None and self._subnets[other].inputs["vpcId"] == self._subnets[subnet].inputs["vpcId"]:
            return True
        best: tuple[int, Mapping[str, Any]] | None = None
        for route in self._routes(subnet):
            network = IPv4Network(route["destinationCidrBlock"])
            if address in network and (best is None or network.prefixlen > best[0]):
                best = (network.prefixlen, route)
        if best is None:
            return False
        if "internet-gateway" in str(best[1].get("gatewayId", "")):
            return place.public
        # A NAT gateway lets answers in, and nothing that was not asked for.
        return bool(best[1].get("transitGatewayId"))

    def _routes(self, subnet: str) -> Iterator[Mapping[str, Any]]:
        for association in self.graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation"):
            if association.inputs["subnetId"] == subnet:
                table = association.inputs["routeTableId"]
                yield from (
                    route.inputs
                    for route in self.graph.of_type("aws:ec2/route:Route")
                    if route.inputs["routeTableId"] == table and "destinationCidrBlock" in route.inputs
                )

    def _acl(self, subnet: str | None, direction: str, address: IPv4Address, port: int) -> bool:
        if subnet is None:
            return True
        for acl in self.graph.of_type("aws:ec2/networkAcl:NetworkAcl"):
            if subnet in acl.inputs["subnetIds"]:
                for rule in sorted(acl.inputs[direction], key=lambda rule: int(rule["ruleNo"])):
                    if address in IPv4Network(rule["cidrBlock"]) and _acl_covers(rule, port):
                        return bool(rule["action"] == "allow")
                return False
        # A subnet that names none has the VPC's default one, which lets everything through.
        return True


def _place(resource: Recorded, groups: Iterable[str], subnets: Iterable[str], *, public: bool = False) -> Place:
    return Place(name=resource.name, kind=resource.type, groups=frozenset(groups), subnets=frozenset(subnets), public=public)


def _covers(rule: Mapping[str, Any], port: int) -> bool:
    if str(rule["ipProtocol"]) == "-1":
        return True
    return str(rule["ipProtocol"]) in _TCP and int(rule["fromPort"]) <= port <= int(rule["toPort"])


def _acl_covers(rule: Mapping[str, Any], port: int) -> bool:
    if str(rule["protocol"]) == "-1":
        return True
    return str(rule["protocol"]) in _TCP and int(rule["fromPort"]) <= port <= int(rule["toPort"])
