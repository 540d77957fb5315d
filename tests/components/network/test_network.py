"""What a whole network promises, read from the resources it registers."""

import json
from typing import Any

import pytest

from components.network.network import Network, NetworkArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import UNKNOWN, Graph, Recorded, computed_outputs, record

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
KEY = "arn:aws:kms:us-east-1:123456789012:key/logs"


def _computed(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    more = {
        "aws:ec2/vpc:Vpc": {"defaultNetworkAclId": "default-acl", "defaultRouteTableId": "default-table"},
        "aws:ec2/eip:Eip": {"allocationId": f"{name}-allocation"},
        "aws:ec2/natGateway:NatGateway": {"publicIp": f"{name}-ip"},
        "aws:ec2/vpcEndpoint:VpcEndpoint": {"prefixListId": f"{name}-prefixes"},
    }
    return computed_outputs(type_, name, inputs) | more.get(type_, {})


def _network(preview: bool = False, region: Region = Region.US_EAST_1, **more: Any) -> Graph:
    args = NetworkArgs(**({"cidr": "10.0.0.0/16", "zones": ZONES, "log_key_arn": KEY} | more))
    return record(lambda: Network("network", a_context(region), args), computed=_computed, preview=preview)


@pytest.fixture(scope="module")
def network() -> Graph:
    return _network()


def _subnets(graph: Graph, tier: str) -> list[Recorded]:
    return [subnet for subnet in graph.of_type("aws:ec2/subnet:Subnet") if f"-{tier}-" in subnet.name]


def _table_of(graph: Graph, subnet: Recorded) -> str:
    associations = graph.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation")
    (table,) = [each.inputs["routeTableId"] for each in associations if each.inputs["subnetId"] == f"{subnet.name}-id"]
    assert isinstance(table, str)
    return table


def _routes(graph: Graph, subnet: Recorded) -> list[dict[str, Any]]:
    table = _table_of(graph, subnet)
    return [route.inputs for route in graph.of_type("aws:ec2/route:Route") if route.inputs["routeTableId"] == table]


def test_the_vpc_resolves_and_gives_names(network: Graph) -> None:
    inputs = network.one("aws:ec2/vpc:Vpc").inputs
    assert inputs["cidrBlock"] == "10.0.0.0/16"
    assert inputs["enableDnsSupport"] is True
    assert inputs["enableDnsHostnames"] is True


@pytest.mark.parametrize("tier", ["public", "private", "isolated"])
def test_every_tier_has_a_subnet_in_each_zone_that_gives_no_public_address(network: Graph, tier: str) -> None:
    subnets = _subnets(network, tier)
    assert [subnet.inputs["availabilityZone"] for subnet in subnets] == list(ZONES)
    assert [subnet.inputs["mapPublicIpOnLaunch"] for subnet in subnets] == [False, False, False]


def test_isolated_subnets_have_no_route_to_the_internet(network: Graph) -> None:
    for subnet in _subnets(network, "isolated"):
        assert _routes(network, subnet) == []
    served = {table for each in network.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") for table in each.inputs.get("routeTableIds", [])}
    assert _table_of(network, _subnets(network, "isolated")[0]) not in served


def test_public_subnets_reach_the_internet_gateway(network: Graph) -> None:
    gateway = network.one("aws:ec2/internetGateway:InternetGateway")
    for subnet in _subnets(network, "public"):
        (route,) = _routes(network, subnet)
        assert route["destinationCidrBlock"] == "0.0.0.0/0"
        assert route["gatewayId"] == f"{gateway.name}-id"


def _zone_of_the_way_out(graph: Graph, subnet: Recorded) -> str:
    (route,) = _routes(graph, subnet)
    assert route["destinationCidrBlock"] == "0.0.0.0/0"
    gateway = graph.named(route["natGatewayId"].removesuffix("-id"))
    zone = graph.named(gateway.inputs["subnetId"].removesuffix("-id")).inputs["availabilityZone"]
    assert isinstance(zone, str)
    return zone


def test_each_private_subnet_leaves_by_the_nat_gateway_of_its_own_zone(network: Graph) -> None:
    ways = {subnet.inputs["availabilityZone"]: _zone_of_the_way_out(network, subnet) for subnet in _subnets(network, "private")}
    assert ways == {zone: zone for zone in ZONES}


def test_one_nat_gateway_may_serve_all_zones() -> None:
    graph = _network(nat_per_zone=False)
    assert len(graph.of_type("aws:ec2/natGateway:NatGateway")) == 1
    assert len(graph.of_type("aws:ec2/eip:Eip")) == 1
    assert {_zone_of_the_way_out(graph, subnet) for subnet in _subnets(graph, "private")} == {"us-east-1a"}


def test_nat_gateways_stand_in_public_subnets_and_wait_for_the_internet_gateway(network: Graph) -> None:
    internet = network.one("aws:ec2/internetGateway:InternetGateway")
    public = {f"{subnet.name}-id" for subnet in _subnets(network, "public")}
    for gateway in network.of_type("aws:ec2/natGateway:NatGateway"):
        assert gateway.inputs["subnetId"] in public
        assert internet.urn in gateway.depends_on


def test_kubernetes_finds_public_and_private_subnets_and_never_isolated_ones(network: Graph) -> None:
    def roles(tier: str) -> list[set[str]]:
        return [{tag for tag in subnet.inputs["tags"] if tag.startswith("kubernetes.io/")} for subnet in _subnets(network, tier)]

    assert roles("public") == [{"kubernetes.io/role/elb"}] * 3
    assert roles("private") == [{"kubernetes.io/role/internal-elb"}] * 3
    assert roles("isolated") == [set()] * 3


def test_every_subnet_has_the_network_acl_of_its_tier(network: Graph) -> None:
    acls = {acl.name: acl.inputs for acl in network.of_type("aws:ec2/networkAcl:NetworkAcl")}
    for tier in ("public", "private", "isolated"):
        assert acls[f"network-access-{tier}"]["subnetIds"] == [f"{subnet.name}-id" for subnet in _subnets(network, tier)]
    isolated = acls["network-access-isolated"]
    assert all(rule["cidrBlock"].startswith("10.0.") for rule in (*isolated["ingress"], *isolated["egress"]))


def test_rules_of_a_network_acl_are_numbered_apart(network: Graph) -> None:
    for acl in network.of_type("aws:ec2/networkAcl:NetworkAcl"):
        for direction in ("ingress", "egress"):
            numbers = [rule["ruleNo"] for rule in acl.inputs[direction]]
            assert numbers == sorted(set(numbers))
            assert {rule["action"] for rule in acl.inputs[direction]} == {"allow"}


def test_the_defaults_of_the_vpc_let_nothing_through(network: Graph) -> None:
    group = network.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    acl = network.one("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl").inputs
    table = network.one("aws:ec2/defaultRouteTable:DefaultRouteTable").inputs
    assert (group["ingress"], group["egress"]) == ([], [])
    assert (acl["ingress"], acl["egress"], acl["defaultNetworkAclId"]) == ([], [], "default-acl")
    assert (table["routes"], table["defaultRouteTableId"]) == ([], "default-table")


def test_subnets_that_pass_through_the_default_network_acl_are_no_change(network: Graph) -> None:
    assert network.one("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl").ignore_changes == ("subnetIds",)


def test_every_endpoint_has_a_policy_that_keeps_foreign_identities_out(network: Graph) -> None:
    endpoints = network.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert len(endpoints) == 16
    for endpoint in endpoints:
        first = json.loads(endpoint.inputs["policy"])["Statement"][0]
        assert first["Condition"]["StringEquals"] == {"aws:PrincipalAccount": "123456789012"}


def test_interface_endpoints_stand_in_every_zone_under_their_own_names(network: Graph) -> None:
    private = [f"{subnet.name}-id" for subnet in _subnets(network, "private")]
    interfaces = [each for each in network.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") if each.inputs["vpcEndpointType"] == "Interface"]
    assert len(interfaces) == 14
    for endpoint in interfaces:
        assert endpoint.inputs["subnetIds"] == private
        assert endpoint.inputs["privateDnsEnabled"] is True
        assert endpoint.inputs["securityGroupIds"] == ["network-endpoints-security-group-id"]
        assert endpoint.inputs["serviceName"].startswith("com.amazonaws.us-east-1.")


def test_gateway_endpoints_serve_every_private_table(network: Graph) -> None:
    tables = [f"{table.name}-id" for table in network.of_type("aws:ec2/routeTable:RouteTable") if "-private-" in table.name]
    for service in ("s3", "dynamodb"):
        endpoint = network.named(f"network-endpoints-{service}").inputs
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["routeTableIds"] == tables
        assert endpoint["serviceName"] == f"com.amazonaws.us-east-1.{service}"


def test_only_private_subnets_may_call_interface_endpoints_which_call_nobody(network: Graph) -> None:
    (rule,) = network.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("10.0.0.0/17", 443, 443)
    assert network.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert "egress" not in network.one("aws:ec2/securityGroup:SecurityGroup").inputs


def test_flow_logs_hold_all_traffic_of_the_vpc_encrypted_for_a_year(network: Graph) -> None:
    log, group = network.one("aws:ec2/flowLog:FlowLog").inputs, network.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (log["trafficType"], log["vpcId"], log["maxAggregationInterval"]) == ("ALL", "network-vpc-id", 60)
    assert (group["kmsKeyId"], group["retentionInDays"]) == (KEY, 365)
    assert group["name"] == "morefocus-prod-use1-network-flow-logs"


def test_the_flow_log_role_serves_this_account_and_writes_to_its_group_alone(network: Graph) -> None:
    (trust,) = json.loads(network.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"},
    }
    policy = json.loads(network.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    writes = [each for each in policy if "logs:PutLogEvents" in each["Action"]]
    assert [each["Resource"] for each in writes] == [
        "arn:aws:logs:us-east-1:123456789012:log-group:morefocus-prod-use1-network-flow-logs:*"
    ]
    assert not any("logs:CreateLogGroup" in each["Action"] for each in policy)


def test_everything_that_can_carry_tags_says_whose_it_is(network: Graph) -> None:
    untagged = {"aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:iam/rolePolicy:RolePolicy"}
    for resource in network.resources:
        if resource.custom and resource.type not in untagged:
            assert resource.inputs["tags"]["owner"] == "platform", resource.name
            assert resource.inputs["tags"]["managed-by"] == "pulumi", resource.name


def test_every_resource_hangs_under_the_network(network: Graph) -> None:
    root = network.one("morefocus:network:Network")
    known = {resource.urn for resource in network.resources}
    assert [each.name for each in network.resources if each.parent not in known and each is not root] == []


def test_a_network_publishes_what_others_build_on(network: Graph) -> None:
    published = network.outputs_of(network.one("morefocus:network:Network"))
    assert published["isolated_subnet_ids"] == [f"network-isolated-subnet-{letter}-id" for letter in "abc"]
    assert published["nat_public_ips"] == [f"network-nat-gateway-{letter}-ip" for letter in "abc"]
    assert published["s3_prefix_list_id"] == "network-endpoints-s3-prefixes"
    assert set(published) == {
        *("vpc_id", "vpc_cidr", "public_subnet_ids", "private_subnet_ids", "isolated_subnet_ids", "nat_public_ips"),
        *("private_route_table_ids", "isolated_route_table_ids", "endpoint_security_group_id", "s3_prefix_list_id"),
        "flow_log_group_name",
    }


def test_addresses_policies_and_names_are_known_before_anything_exists() -> None:
    graph = _network(preview=True)
    for resource in graph.resources:
        for key in ("cidrBlock", "policy", "assumeRolePolicy", "name", "serviceName", "tags"):
            assert resource.inputs.get(key) != UNKNOWN, (resource.name, key)


def test_a_zone_appended_leaves_every_other_resource_as_it_was() -> None:
    two, three = _network(zones=ZONES[:2]), _network()
    later = {resource.urn: resource for resource in three.resources}
    fixed = ("cidrBlock", "availabilityZone", "subnetId", "allocationId", "natGatewayId")
    for resource in two.resources:
        same = later[resource.urn]
        assert {key: resource.inputs.get(key) for key in fixed} == {key: same.inputs.get(key) for key in fixed}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"cidr": "10.0.0.0/8"}, r"cidr must be a /16 to /20 \(got 10.0.0.0/8\)"),
        ({"zones": ("us-east-1a",)}, r"zones must be 2 to 4 \(got 1"),
        ({"internet_ports": (0,)}, "internet_ports must be different TCP ports"),
        ({"data_ports": (5432, 5432)}, "data_ports must be different TCP ports"),
        ({"interface_services": ("s3",)}, "s3 always has its gateway endpoint"),
        ({"flow_log_retention_days": 0}, r"flow_log_retention_days must be one of .*\(got 0\)"),
    ],
)
def test_args_that_cannot_work_are_refused_before_anything_is_registered(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkArgs(**({"cidr": "10.0.0.0/16", "zones": ZONES, "log_key_arn": KEY} | more))


def test_zones_of_another_region_are_refused() -> None:
    with pytest.raises(ValueError, match=r"zones of eu-west-1 are named eu-west-1a"):
        _network(region=Region.EU_WEST_1)
