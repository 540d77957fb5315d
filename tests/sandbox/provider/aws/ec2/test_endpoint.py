"""VPC endpoints against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import NO_GROUP, NO_SUBNET, NO_TABLE, NO_VPC, OTHER_TAGS, TAGS, a_subnet, a_vpc, tags_of

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
S3 = "com.amazonaws.eu-west-1.s3"
ECR = "com.amazonaws.eu-west-1.ecr.api"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "*"}]})


def told(life: Life) -> dict[str, Any]:
    return dict(life.boto("ec2").describe_vpc_endpoints(VpcEndpointIds=[life.id])["VpcEndpoints"][0])


def tables(vpc: Life, count: int) -> list[str]:
    ec2 = vpc.boto("ec2")
    return [ec2.create_route_table(VpcId=vpc.id)["RouteTable"]["RouteTableId"] for _ in range(count)]


def routed(life: Life, table: str) -> list[str]:
    """Prefix lists that a table routes to the endpoint."""
    routes = life.boto("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return [route["DestinationPrefixListId"] for route in routes if route["GatewayId"] == life.id]


def test_a_gateway_endpoint_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    one, two = tables(vpc, 2)
    life = workbench.life(ENDPOINT)
    promised = life.preview(vpcId=vpc.id, serviceName=S3, routeTableIds=[one], policy=POLICY)
    assert (promised["state"], promised["networkInterfaceIds"], promised["prefixListId"]) == ("available", [], UNKNOWN)

    life.create(vpcId=vpc.id, serviceName=S3, routeTableIds=[one], policy=POLICY, tags=TAGS)
    endpoint = told(life)
    assert (endpoint["VpcEndpointType"], endpoint["ServiceName"], endpoint["RouteTableIds"]) == ("Gateway", S3, [one])
    assert json.loads(endpoint["PolicyDocument"]) == json.loads(POLICY)
    assert routed(life, one) == [life.outputs["prefixListId"]]
    assert "52.216.0.0/15" in life.outputs["cidrBlocks"]
    assert life.outputs["arn"] == f"arn:aws:ec2:eu-west-1:123456789012:vpc-endpoint/{life.id}"
    assert tags_of(life) == TAGS
    assert life.refresh() == []

    life.update(vpcId=vpc.id, serviceName=S3, routeTableIds=[two], tags=OTHER_TAGS)
    assert told(life)["RouteTableIds"] == [two]
    assert (routed(life, one), routed(life, two)) == ([], [life.outputs["prefixListId"]])
    assert json.loads(told(life)["PolicyDocument"])["Statement"][0]["Action"] == "*"
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert routed(life, two) == []


def test_an_interface_endpoint_lives_as_declared(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    ec2 = vpc.boto("ec2")
    one, two = a_subnet(workbench, vpc.id, 0).id, a_subnet(workbench, vpc.id, 1, "b").id
    groups = [ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc.id)["GroupId"] for name in ("a", "b")]
    declared: dict[str, Any] = {
        "vpcId": vpc.id,
        "serviceName": ECR,
        "vpcEndpointType": "Interface",
        "privateDnsEnabled": True,
    }
    life = workbench.life(ENDPOINT)
    life.create(**declared, subnetIds=[one, two], securityGroupIds=groups[:1], tags=TAGS)
    endpoint = told(life)
    assert (endpoint["VpcEndpointType"], endpoint["PrivateDnsEnabled"]) == ("Interface", True)
    assert endpoint["SubnetIds"] == [one, two]
    assert [group["GroupId"] for group in endpoint["Groups"]] == groups[:1]
    assert life.outputs["networkInterfaceIds"] == endpoint["NetworkInterfaceIds"]
    assert {item["subnetId"] for item in life.outputs["subnetConfigurations"]} == {one, two}
    assert life.outputs["dnsEntries"][0]["dnsName"] == endpoint["DnsEntries"][0]["DnsName"]
    assert life.refresh() == []

    life.update(**declared, subnetIds=[two, one], securityGroupIds=groups[1:], policy=POLICY, tags=OTHER_TAGS)
    assert [group["GroupId"] for group in told(life)["Groups"]] == groups[1:]
    assert json.loads(told(life)["PolicyDocument"]) == json.loads(POLICY)
    assert tags_of(life) == OTHER_TAGS
    life.update(**declared, subnetIds=[one], securityGroupIds=groups[1:])
    assert told(life)["SubnetIds"] == [one]
    assert life.refresh() == []

    life.delete()
    assert life.gone()
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_an_interface_endpoint_without_a_group_has_the_vpcs_default(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    life = workbench.made(ENDPOINT, vpcId=vpc.id, serviceName=ECR, vpcEndpointType="Interface", subnetIds=[a_subnet(workbench, vpc.id).id])
    assert [group["GroupId"] for group in told(life)["Groups"]] == [vpc.outputs["defaultSecurityGroupId"]]
    assert life.outputs["securityGroupIds"] == [vpc.outputs["defaultSecurityGroupId"]]


def test_names_and_options_of_an_endpoint_change_in_place(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    declared: dict[str, Any] = {"vpcId": vpc.id, "serviceName": ECR, "vpcEndpointType": "Interface"}
    life = workbench.made(ENDPOINT, **declared, dnsOptions={"dnsRecordIpType": "ipv4"}, privateDnsEnabled=True)
    assert life.refresh() == []
    life.update(**declared, ipAddressType="dualstack", dnsOptions={"dnsRecordIpType": "dualstack"}, privateDnsEnabled=False)
    endpoint = told(life)
    assert (endpoint["PrivateDnsEnabled"], endpoint["IpAddressType"]) == (False, "dualstack")
    assert endpoint["DnsOptions"]["DnsRecordIpType"] == "dualstack"
    assert life.refresh() == []


def test_interfaces_follow_the_subnets_of_an_endpoint(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    one, two = a_subnet(workbench, vpc.id, 0).id, a_subnet(workbench, vpc.id, 1, "b").id
    declared: dict[str, Any] = {"vpcId": vpc.id, "serviceName": ECR, "vpcEndpointType": "Interface"}
    life = workbench.made(ENDPOINT, **declared, subnetIds=[one])
    life.update(**declared, subnetIds=[two])
    (interface,) = life.boto("ec2").describe_network_interfaces()["NetworkInterfaces"]
    assert life.outputs["networkInterfaceIds"] == [interface["NetworkInterfaceId"]]
    assert interface["SubnetId"] == two
    assert life.outputs["subnetConfigurations"] == [{"subnetId": two, "ipv4": interface["PrivateIpAddress"]}]
    assert interface["PrivateIpAddress"].startswith("10.1.1.")
    assert interface["Groups"][0]["GroupId"] == vpc.outputs["defaultSecurityGroupId"]


def test_the_layout_of_a_policy_is_no_difference(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(ENDPOINT, vpcId=vpc, serviceName=S3, policy=POLICY)
    assert life.diff(vpcId=vpc, serviceName=S3, policy=json.dumps(json.loads(POLICY), indent=2)) == []


def test_drift_of_an_endpoint_shows_on_refresh(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (table,) = tables(vpc, 1)
    life = workbench.made(ENDPOINT, vpcId=vpc.id, serviceName=S3, routeTableIds=[table], policy=POLICY)
    life.boto("ec2").modify_vpc_endpoint(VpcEndpointId=life.id, PolicyDocument='{"Statement": []}', RemoveRouteTableIds=[table])
    assert {change.path.split("[")[0] for change in life.refresh()} == {"policy", "routeTableIds"}


def test_another_service_or_vpc_is_another_endpoint(workbench: Workbench) -> None:
    vpc = a_vpc(workbench).id
    life = workbench.made(ENDPOINT, vpcId=vpc, serviceName=S3)
    assert life.replaced_by(vpcId=NO_VPC, serviceName="com.amazonaws.eu-west-1.dynamodb") == {"vpcId", "serviceName"}
    assert life.replaced_by(vpcId=vpc, serviceName=S3, vpcEndpointType="Interface") == {"vpcEndpointType"}


def test_an_endpoint_can_be_imported(workbench: Workbench) -> None:
    vpc = a_vpc(workbench)
    (table,) = tables(vpc, 1)
    life = workbench.made(ENDPOINT, vpcId=vpc.id, serviceName=S3, routeTableIds=[table], tags=TAGS)
    inputs, _ = life.imported()
    assert (inputs["vpcId"], inputs["serviceName"], inputs["routeTableIds"]) == (vpc.id, S3, [table])
    assert inputs["vpcEndpointType"] == "Gateway"


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "serviceName"),
        ({"serviceName": S3, "subnetIds": [NO_SUBNET]}, "subnetIds"),
        ({"serviceName": S3, "securityGroupIds": [NO_GROUP]}, "securityGroupIds"),
        ({"serviceName": S3, "privateDnsEnabled": True}, "privateDnsEnabled"),
        ({"serviceName": ECR, "vpcEndpointType": "Interface", "routeTableIds": [NO_TABLE]}, "routeTableIds"),
        ({"serviceName": ECR, "vpcEndpointType": "Door"}, "vpcEndpointType"),
        ({"serviceName": ECR, "vpcEndpointType": "Interface", "serviceRegion": "us-east-1"}, "serviceRegion"),
        ({"serviceName": ECR, "vpcEndpointType": "Interface", "ipAddressType": "ipv5"}, "ipAddressType"),
    ],
)
def test_endpoints_that_cannot_be_are_refused(workbench: Workbench, inputs: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(ENDPOINT).check(vpcId=NO_VPC, **inputs)
    assert path in {failure.path for failure in refused.value.failures}
