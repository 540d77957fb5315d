"""Regions joined on the real engine: what a stranger with boto3 finds of gateways, peerings, routes and fronts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.estate import REGIONS, Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

CIDRS = {"us-east-1": "10.0.0.0/16", "eu-west-1": "10.1.0.0/16", "sa-east-1": "10.2.0.0/16"}
CODES = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}
ASNS = {"us-east-1": 64512, "eu-west-1": 64513, "sa-east-1": 64514}
EVERY_REGION = pytest.mark.parametrize("region", REGIONS)


def core_table(estate: Estate, region: str) -> str:
    """The table that the region's VPC follows."""
    ec2: Any = estate.boto("ec2", region)
    (attachment,) = ec2.describe_transit_gateway_attachments(Filters=[{"Name": "resource-type", "Values": ["vpc"]}])[
        "TransitGatewayAttachments"
    ]
    return str(attachment["Association"]["TransitGatewayRouteTableId"])


@EVERY_REGION
def test_a_gateway_with_the_regions_asn_that_joins_nothing_by_itself(estate: Estate, region: str) -> None:
    (gateway,) = estate.boto("ec2", region).describe_transit_gateways()["TransitGateways"]
    options = gateway["Options"]
    assert options["AmazonSideAsn"] == ASNS[region]
    assert {options[f"DefaultRouteTable{use}"] for use in ("Association", "Propagation")} == {"disable"}


@EVERY_REGION
def test_gateways_are_peered_with_those_of_both_other_regions(estate: Estate, region: str) -> None:
    found = estate.boto("ec2", region).describe_transit_gateway_attachments(Filters=[{"Name": "resource-type", "Values": ["peering"]}])
    ids = [each["TransitGatewayAttachmentId"] for each in found["TransitGatewayAttachments"]]
    peerings = estate.boto("ec2", region).describe_transit_gateway_peering_attachments(TransitGatewayAttachmentIds=ids)
    assert {each["State"] for each in peerings["TransitGatewayPeeringAttachments"]} == {"available"}
    ends = {
        (each["RequesterTgwInfo"]["Region"], each["AccepterTgwInfo"]["Region"]) for each in peerings["TransitGatewayPeeringAttachments"]
    }
    assert {other for pair in ends for other in pair} == set(REGIONS) and len(ends) == 2


@EVERY_REGION
def test_each_regions_vpc_has_a_route_to_every_other(estate: Estate, region: str) -> None:
    ec2 = estate.boto("ec2", region)
    search = [{"Name": "type", "Values": ["static"]}]
    routes = ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=core_table(estate, region), Filters=search)["Routes"]
    others = {CIDRS[other] for other in REGIONS if other != region}
    assert {route["DestinationCidrBlock"] for route in routes if route["State"] == "active"} == others
    tables = ec2.describe_route_tables()["RouteTables"]
    leading = [{route.get("DestinationCidrBlock") for route in table["Routes"] if "TransitGatewayId" in route} for table in tables]
    assert sorted(filter(None, leading), key=sorted) == [others] * 3


@EVERY_REGION
def test_each_front_is_checked_every_ten_seconds_and_has_an_alarm_in_the_hubs_region(estate: Estate, region: str) -> None:
    checks = estate.boto("route53").list_health_checks()["HealthChecks"]
    code = CODES[region]
    (check,) = (each for each in checks if each["HealthCheckConfig"]["FullyQualifiedDomainName"] == f"origin.{code}.morefocus.com")
    config = check["HealthCheckConfig"]
    assert (config["Type"], config["RequestInterval"], config["FailureThreshold"]) == ("HTTPS", 10, 3)
    alarms = estate.boto("cloudwatch", "us-east-1").describe_alarms()["MetricAlarms"]
    (alarm,) = (each for each in alarms if {"Name": "HealthCheckId", "Value": check["Id"]} in each["Dimensions"])
    assert alarm["AlarmActions"] and all(":us-east-1:" in action for action in alarm["AlarmActions"])


def test_clients_are_sent_to_the_nearest_front_and_on_to_the_hub(estate: Estate) -> None:
    route53 = estate.boto("route53")
    (zone,) = (each["Id"] for each in route53.list_hosted_zones()["HostedZones"] if each["Name"] == "morefocus.com.")
    records = [
        each
        for page in route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
        for each in page["ResourceRecordSets"]
    ]
    nearest = {each["Region"] for each in records if each["Name"] == "front.morefocus.com."}
    assert nearest == set(REGIONS)
    for code in ("euw1", "sae1"):
        pair = {
            each["Failover"]: each["AliasTarget"]["DNSName"].rstrip(".")
            for each in records
            if each["Name"] == f"front.{code}.morefocus.com."
        }
        assert pair.keys() == {"PRIMARY", "SECONDARY"} and pair["SECONDARY"] == "origin.use1.morefocus.com"
