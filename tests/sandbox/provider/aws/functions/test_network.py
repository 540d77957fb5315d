"""Data sources about a region's network, against the emulated cloud."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.clients import Clients
from sandbox.provider.errors import HandlerError
from sandbox.provider.facts import sdk
from sandbox.provider.handler import Call
from sandbox.provider.registry import functions
from tests.kit.provider import Workbench

ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"
PREFIX_LIST = "aws:ec2/getManagedPrefixList:getManagedPrefixList"
CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"


def ask(workbench: Workbench, token: str, region: str = "eu-west-1", **arguments: Any) -> dict[str, Any]:
    """The data source's answer, with all that the SDK expects in it."""
    clients = Clients(workbench.endpoint, {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
    call = Call(urn=token, region=region, account="123456789012", operation="", connect=clients.connect)
    answer = functions()[token].invoke(call, arguments)
    required = {name for name, known in sdk.function(token).outputs.items() if known.required}
    assert required <= answer.keys()
    return answer


def test_the_zones_of_a_region_come_in_order(workbench: Workbench) -> None:
    answer = ask(workbench, ZONES, region="sa-east-1", state="available")
    assert answer["names"] == sorted(answer["names"])
    assert answer["names"][0] == "sa-east-1a"
    assert len(answer["names"]) == len(answer["zoneIds"])
    assert answer["id"] == "sa-east-1"


def test_zones_can_be_left_out(workbench: Workbench) -> None:
    everything = ask(workbench, ZONES)
    fewer = ask(workbench, ZONES, excludeNames=["eu-west-1a"], excludeZoneIds=[everything["zoneIds"][1]])
    assert fewer["names"] == everything["names"][2:]


def test_zones_can_be_filtered(workbench: Workbench) -> None:
    answer = ask(workbench, ZONES, filters=[{"name": "zone-name", "values": ["eu-west-1b"]}])
    assert answer["names"] == ["eu-west-1b"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_cloudfronts_list_of_networks_is_found_by_name(workbench: Workbench, region: str) -> None:
    answer = ask(workbench, PREFIX_LIST, region=region, name=CLOUDFRONT)
    ec2 = workbench.life("aws:ec2/vpc:Vpc", region=region).boto("ec2")
    told = ec2.describe_managed_prefix_lists(PrefixListIds=[answer["id"]])["PrefixLists"][0]
    assert (told["PrefixListName"], told["OwnerId"]) == (CLOUDFRONT, answer["ownerId"]) == (CLOUDFRONT, "AWS")
    assert answer["addressFamily"] == "IPv4"
    assert [entry["cidr"] for entry in answer["entries"]] == [
        entry["Cidr"] for entry in ec2.get_managed_prefix_list_entries(PrefixListId=answer["id"])["Entries"]
    ]


def test_an_accounts_own_list_is_found_by_id_and_filters(workbench: Workbench) -> None:
    ec2 = workbench.life("aws:ec2/vpc:Vpc").boto("ec2")
    made = ec2.create_managed_prefix_list(
        PrefixListName="office",
        MaxEntries=3,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "192.0.2.0/24", "Description": "first floor"}],
        TagSpecifications=[{"ResourceType": "prefix-list", "Tags": [{"Key": "owner", "Value": "platform"}]}],
    )["PrefixList"]["PrefixListId"]
    by_id = ask(workbench, PREFIX_LIST, id=made)
    assert by_id["entries"] == [{"cidr": "192.0.2.0/24", "description": "first floor"}]
    assert (by_id["name"], by_id["maxEntries"], by_id["tags"]) == ("office", 3, {"owner": "platform"})
    by_filter = ask(workbench, PREFIX_LIST, filters=[{"name": "prefix-list-name", "values": ["office"]}])
    assert by_filter["id"] == made


def test_a_list_that_is_not_there_fails_by_name(workbench: Workbench) -> None:
    with pytest.raises(HandlerError, match="no managed prefix list in eu-west-1 for nothing"):
        ask(workbench, PREFIX_LIST, name="nothing")


def test_a_question_that_fits_several_lists_fails(workbench: Workbench) -> None:
    with pytest.raises(HandlerError, match="exactly one must match"):
        ask(workbench, PREFIX_LIST)
