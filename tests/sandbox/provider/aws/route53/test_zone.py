"""Hosted zones against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

ZONE = "aws:route53/zone:Zone"


def tags(life: Life, kind: str) -> dict[str, str]:
    found = life.boto("route53").list_tags_for_resource(ResourceType=kind, ResourceId=life.id)["ResourceTagSet"]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def network(life: Life, region: str = "eu-west-1") -> str:
    return str(life.boto("ec2", region).describe_vpcs()["Vpcs"][0]["VpcId"])


def test_a_public_zone_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ZONE)
    made = life.create(name="example.com", comment="Public", tags={"owner": "edge"})
    zone = life.boto("route53").get_hosted_zone(Id=life.id)
    assert (zone["HostedZone"]["Name"], zone["HostedZone"]["Config"]["Comment"]) == ("example.com.", "Public")
    assert made["arn"] == f"arn:aws:route53:::hostedzone/{life.id}"
    assert made["nameServers"] == sorted(zone["DelegationSet"]["NameServers"])
    assert made["primaryNameServer"] in made["nameServers"]
    own = life.boto("route53").list_resource_record_sets(HostedZoneId=life.id)["ResourceRecordSets"]
    assert {record["Type"]: record["ResourceRecords"][0]["Value"].split()[0] for record in own}["SOA"] == f"{made['primaryNameServer']}."
    assert life.refresh() == []

    life.update(name="example.com", comment="Front", tags={"owner": "platform"})
    assert life.boto("route53").get_hosted_zone(Id=life.id)["HostedZone"]["Config"]["Comment"] == "Front"
    assert tags(life, "hostedzone") == {"owner": "platform"}
    assert life.replaced_by(name="example.org", comment="Front") == {"name"}
    assert life.diff(name="example.com.", comment="Front", tags={"owner": "platform"}) == []
    inputs, _ = life.imported()
    assert (inputs["name"], inputs["comment"]) == ("example.com", "Front")
    life.delete()
    assert life.gone()


def test_a_private_zone_follows_its_networks(workbench: Workbench) -> None:
    life = workbench.life(ZONE)
    here, there = network(life), {"vpcId": network(life, "sa-east-1"), "vpcRegion": "sa-east-1"}
    life.create(name="internal.example.com", vpcs=[{"vpcId": here}])
    assert len(life.outputs["nameServers"]) == 4
    assert life.refresh() == []
    life.update(name="internal.example.com", vpcs=[{"vpcId": here}, there])
    found = life.boto("route53").get_hosted_zone(Id=life.id)["VPCs"]
    assert {item["VPCRegion"] for item in found} == {"eu-west-1", "sa-east-1"}
    assert life.refresh() == []
    life.update(name="internal.example.com", vpcs=[there])
    assert [item["VPCId"] for item in life.boto("route53").get_hosted_zone(Id=life.id)["VPCs"]] == [there["vpcId"]]


def test_a_zone_with_records_goes_only_when_told_to(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(ZONE, name="example.com")
    workbench.made("aws:route53/record:Record", logical="www", zoneId=life.id, name="www", type="A", ttl=60, records=["192.0.2.1"])
    with pytest.raises(HandlerError, match="forceDestroy"):
        life.delete()
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


def test_a_zone_told_to_be_destroyed_takes_its_records_with_it(workbench: Workbench) -> None:
    life = workbench.made(ZONE, name="example.com", forceDestroy=True)
    workbench.made("aws:route53/record:Record", logical="www", zoneId=life.id, name="www", type="A", ttl=60, records=["192.0.2.1"])
    life.delete()
    assert life.gone()


def test_what_the_service_draws_is_unknown_before_a_zone_is_there(workbench: Workbench) -> None:
    promised = workbench.life(ZONE).preview(name="example.com.")
    assert promised["name"] == "example.com"
    assert promised["comment"] == "Managed by Pulumi"
    assert all(promised[key] is UNKNOWN for key in ("arn", "zoneId", "nameServers", "primaryNameServer"))


def test_a_comment_changed_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(ZONE, name="example.com")
    life.boto("route53").update_hosted_zone_comment(Id=life.id, Comment="by hand")
    assert [change.path for change in life.refresh()] == ["comment"]


def test_a_public_zone_cannot_become_private_in_place(workbench: Workbench) -> None:
    life = workbench.made(ZONE, name="example.com")
    assert life.replaced_by(name="example.com", vpcs=[{"vpcId": network(life)}]) == {"vpcs"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"comment": "x" * 257}, "comment"),
        ({"vpcs": [{"vpcId": "vpc-1"}], "delegationSetId": "N1PA6795SAMPLE"}, "delegationSetId"),
    ],
)
def test_what_route53_refuses_of_a_zone_is_refused_at_preview(workbench: Workbench, inputs: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(ZONE).check(name="example.com", **inputs)
    assert path in {failure.path for failure in refused.value.failures}
