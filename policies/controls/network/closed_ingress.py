"""NET-04: nothing but the public load balancer's HTTPS port is open to the internet."""

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import UNKNOWN, Answer, all_of, any_of, each, look
from policies.verdict import Ruling

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ALLOWED = "networks of your own; the whole internet only on TCP 443 of a public load balancer's group"
_HTTPS = 443


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge rules written inside groups, and each rule that is a resource by itself."""
    balancers = _groups_of_public_balancers(graph)
    for group in graph.of(GROUP, DEFAULT_GROUP):
        public = group.urn in balancers
        answers = [_is_right(rule, ("cidrBlocks", "ipv6CidrBlocks"), public) for rule in each(group.properties, "ingress")]
        yield ruled(group, Need("ingress", all_of(answers), ALLOWED))
    for rule in graph.of(RULE):
        yield ruled(
            rule, Need("cidrIpv4", _is_right(rule.properties, ("cidrIpv4", "cidrIpv6"), _is_among(graph, rule, balancers)), ALLOWED)
        )
    for rule in graph.of(OLD_RULE):
        if rule.look("type") != "egress":
            right = _is_right(rule.properties, ("cidrBlocks", "ipv6CidrBlocks"), _is_among(graph, rule, balancers))
            yield ruled(rule, Need("cidrBlocks", right, ALLOWED))


def _groups_of_public_balancers(graph: Graph) -> frozenset[str]:
    """Return groups that belong to load balancers for the internet and to nothing else that listens."""
    return frozenset(
        group.urn
        for balancer in graph.of(BALANCER)
        if balancer.look("internal") is not True
        for group in graph.target(balancer, "securityGroups", GROUP).resources
    )


def _is_among(graph: Graph, rule: Resource, groups: frozenset[str]) -> bool:
    found = graph.target(rule, "securityGroupId", GROUP).resources
    return bool(found) and all(group.urn in groups for group in found)


def _is_right(rule: Any, paths: tuple[str, ...], balancer: bool) -> Answer:
    if rule is UNKNOWN:
        return None
    is_world = any_of([None if cidr is UNKNOWN else _covers_the_world(cidr) for path in paths for cidr in each(rule, path)])
    if is_world is False:
        return True
    return True if balancer and _is_https(rule) else None if is_world is None else False


def _is_https(rule: Any) -> bool:
    protocol = look(rule, "ipProtocol") if "ipProtocol" in rule else look(rule, "protocol")
    return protocol in ("tcp", "6", 6) and look(rule, "fromPort") == look(rule, "toPort") == _HTTPS


def _covers_the_world(cidr: Any) -> bool:
    """Tell whether a network is the internet, or as good as: two halves of it are no better than the whole."""
    network = ip_network(str(cidr), strict=False)
    return network.prefixlen <= 1 if network.version == 4 else network.prefixlen <= 3


CONTROL = Control(
    id="NET-04",
    title="Only the public load balancer's HTTPS port is open to the internet",
    severity=Severity.CRITICAL,
    why="Every other port that the world can reach is found by scanners within minutes.",
    fix="name the networks or a referenced_security_group_id; publish services through the public load balancer on 443",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6", iso27001="8.20 8.22", pci="1.2.5 1.3.1 1.4.2"),
    governs=(GROUP, DEFAULT_GROUP, OLD_RULE, RULE),
    check=check,
)
