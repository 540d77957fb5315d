"""NET-09: every network reaches AWS's services by endpoints of its own, which serve the estate's identities alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import listed, principals, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, is_yes, look, texts
from policies.verdict import Ruling

VPC = "aws:ec2/vpc:Vpc"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
TABLE = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
SERVICES = ("s3", "dynamodb", "ecr.api", "ecr.dkr", "kms", "sts", "secretsmanager", "logs")
"""What carries data, images, keys, credentials and records."""
PERIMETER = frozenset(
    {"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:resourceaccount", "aws:resourceorgid"}
)
"""Keys of conditions that keep identities or resources of others out.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""
_EQUAL = ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "ForAnyValue:StringLike")
"""Not those that end in IfExists: who is nobody has no account, and would pass."""
_NARROW = "statements that allow by aws:PrincipalAccount or the like, named principals or named resources"


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask each VPC for an endpoint of each service, and each endpoint of an AWS service for a policy and for a way to be found."""
    for vpc in graph.of(VPC):
        endpoints = graph.attached(vpc, ENDPOINT, "vpcId")
        needs = []
        for service in SERVICES:
            there = any_of([*(_serves(endpoint, service) for endpoint in endpoints.resources), False if endpoints.certain else None])
            needs.append(Need("", there, f"a VpcEndpoint for {service}"))
        yield ruled(vpc, *needs)
    for endpoint in graph.of(ENDPOINT):
        if _service(endpoint) is not ABSENT and endpoint.look("vpcEndpointType") != "GatewayLoadBalancer":
            yield ruled(endpoint, Need("policy", _is_narrow(graph, endpoint), _NARROW), _is_found(graph, endpoint))
    for policy in graph.of(POLICY):
        yield ruled(policy, Need("policy", _narrows(policy.look("policy")), _NARROW))


def _service(endpoint: Resource) -> Any:
    """Return the service of AWS behind an endpoint, such as `ecr.api`; ABSENT for somebody else's, which takes no policy."""
    name = endpoint.look("serviceName")
    if not isinstance(name, str):
        return UNKNOWN if name is UNKNOWN else ABSENT
    parts = name.split(".", 3)
    return parts[3] if len(parts) > 3 and ".vpce." not in name else ABSENT


def _serves(endpoint: Resource, service: str) -> Answer:
    found = _service(endpoint)
    return None if found is UNKNOWN else found == service


def _is_found(graph: Graph, endpoint: Resource) -> Need:
    """Ask an interface for the service's own name, and a gateway for tables that lead to it: else clients take the way outside."""
    if endpoint.look("vpcEndpointType") in (ABSENT, "Gateway"):
        tables = graph.attached(endpoint, TABLE, "vpcEndpointId")
        led = any_of(
            [asks(endpoint.properties, "routeTableIds", bool, absent=False), bool(tables.resources) or (False if tables.certain else None)]
        )
        return Need("routeTableIds", led, "the route tables of the network's subnets")
    return need(endpoint, "privateDnsEnabled", is_yes, "true")


def _is_narrow(graph: Graph, endpoint: Resource) -> Answer:
    split = graph.attached(endpoint, POLICY, "vpcEndpointId")
    if endpoint.look("policy") is not ABSENT:
        return _narrows(endpoint.look("policy"))
    # Without any policy an endpoint serves everybody, for everything.
    return all_of([_narrows(policy.look("policy")) for policy in split.resources]) if split.resources else False if split.certain else None


def _narrows(policy: Any) -> Answer:
    given = statements(policy)
    return all_of([_is_limited(statement) for statement in given]) if given else False


def _is_limited(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Allow":
        return True
    whom, what = principals(statement), listed(statement, "Resource")
    if whom and "*" not in texts(whom):
        return None if UNKNOWN in whom else True
    if what and "*" not in texts(what):
        return None if UNKNOWN in what else True
    conditions = look(statement, "Condition")
    if conditions is UNKNOWN:
        return None
    keys = [(key, look(conditions, operator)[key]) for operator in _EQUAL for key in _keys(look(conditions, operator))]
    return any(str(key).lower() in PERIMETER and "*" not in texts(values) for key, values in keys)


def _keys(condition: Any) -> list[str]:
    return list(condition) if isinstance(condition, Mapping) else []


CONTROL = Control(
    id="NET-09",
    title="Every VPC has endpoints for the services that carry data and credentials, each with a policy of its own",
    severity=Severity.MEDIUM,
    why="Without a policy stolen credentials of another account carry data out through the estate's own door, unseen by its trail.",
    fix="add ec2.VpcEndpoint for each service with private_dns_enabled (or route_table_ids) and a policy on aws:PrincipalAccount",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7*", iso27001="8.20 8.21", pci="1.3.1 1.4.1 7.3.1"),
    governs=(VPC, ENDPOINT, POLICY),
    check=check,
)
