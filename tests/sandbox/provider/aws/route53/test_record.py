"""Records against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

RECORD = "aws:route53/record:Record"
BALANCER: dict[str, Any] = {"name": "front-1.eu-west-1.elb.amazonaws.com", "zoneId": "Z32O12XQLNTSW2", "evaluateTargetHealth": True}


@pytest.fixture
def zone(workbench: Workbench) -> str:
    return workbench.made("aws:route53/zone:Zone", logical="zone", name="example.com").id


def records(life: Life, zone: str) -> list[dict[str, Any]]:
    found = life.boto("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [record for record in found if record["Type"] not in ("NS", "SOA")]


def test_a_record_lives_as_declared(workbench: Workbench, zone: str) -> None:
    given: dict[str, Any] = {"zoneId": zone, "name": "www", "type": "A", "ttl": 300, "records": ["192.0.2.1", "192.0.2.2"]}
    life = workbench.made(RECORD, **given)
    assert life.id == f"{zone}_www_A"
    assert life.outputs["fqdn"] == "www.example.com"
    [live] = records(life, zone)
    assert (live["Name"], live["TTL"], live["ResourceRecords"]) == (
        "www.example.com.",
        300,
        [{"Value": "192.0.2.1"}, {"Value": "192.0.2.2"}],
    )
    assert life.refresh() == []
    assert life.diff(**given | {"records": ["192.0.2.2", "192.0.2.1"]}) == []

    life.update(**given | {"ttl": 60, "records": ["192.0.2.3"]})
    [live] = records(life, zone)
    assert (live["TTL"], live["ResourceRecords"]) == (60, [{"Value": "192.0.2.3"}])
    assert life.replaced_by(**given | {"name": "api"}) == {"name"}
    inputs, outputs = life.imported()
    assert (inputs["records"], outputs["fqdn"]) == (["192.0.2.3"], "www.example.com")
    life.delete()
    assert life.gone()


def test_another_type_takes_over_in_one_batch(workbench: Workbench, zone: str) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.1"])
    life.update(zoneId=zone, name="www", type="CNAME", ttl=60, records=["front.example.net"])
    assert [(record["Name"], record["Type"]) for record in records(life, zone)] == [("www.example.com.", "CNAME")]


def test_an_alias_of_the_zone_itself_lives_as_declared(workbench: Workbench, zone: str) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="example.com", type="A", aliases=[BALANCER])
    [live] = records(life, zone)
    assert live["AliasTarget"]["HostedZoneId"] == BALANCER["zoneId"]
    assert life.outputs["fqdn"] == "example.com"
    assert life.refresh() == []
    dotted = {**BALANCER, "name": f"{BALANCER['name'].upper()}."}
    life.boto("route53").change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={
            "Changes": [
                {"Action": "UPSERT", "ResourceRecordSet": {**live, "AliasTarget": {**live["AliasTarget"], "DNSName": dotted["name"]}}}
            ]
        },
    )
    assert life.refresh() == []
    life.delete()
    assert records(life, zone) == []


@pytest.mark.parametrize(
    ("policy", "member", "value"),
    [
        ({"weightedRoutingPolicies": [{"weight": 10}]}, "Weight", 10),
        ({"failoverRoutingPolicies": [{"type": "PRIMARY"}]}, "Failover", "PRIMARY"),
        ({"latencyRoutingPolicies": [{"region": "sa-east-1"}]}, "Region", "sa-east-1"),
        ({"geolocationRoutingPolicies": [{"country": "BR"}]}, "GeoLocation", {"CountryCode": "BR"}),
        (
            {"geoproximityRoutingPolicy": {"awsRegion": "sa-east-1", "bias": 10}},
            "GeoProximityLocation",
            {"AWSRegion": "sa-east-1", "Bias": 10},
        ),
        ({"multivalueAnswerRoutingPolicy": True}, "MultiValueAnswer", True),
    ],
)
def test_a_routed_record_lives_as_declared(workbench: Workbench, zone: str, policy: dict[str, Any], member: str, value: Any) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="api", type="A", ttl=60, records=["192.0.2.1"], setIdentifier="sa-east-1", **policy)
    assert life.id == f"{zone}_api_A_sa-east-1"
    [live] = records(life, zone)
    assert (live["SetIdentifier"], live[member]) == ("sa-east-1", value)
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_records_of_one_set_end_one_by_one(workbench: Workbench, zone: str) -> None:
    shared: dict[str, Any] = {"zoneId": zone, "name": "api", "ttl": 60, "latencyRoutingPolicies": [{"region": "eu-west-1"}]}
    four = workbench.made(RECORD, logical="four", **shared, type="A", records=["192.0.2.1"], setIdentifier="eu-west-1")
    six = workbench.made(RECORD, logical="six", **shared, type="AAAA", records=["2001:db8::1"], setIdentifier="eu-west-1")
    second = shared | {"latencyRoutingPolicies": [{"region": "sa-east-1"}]}
    other = workbench.made(RECORD, logical="other", **second, type="A", records=["192.0.2.9"], setIdentifier="sa-east-1")
    four.delete()
    assert four.gone()
    assert six.refresh() == []
    assert other.refresh() == []


def test_texts_are_quoted_for_the_cloud_and_not_for_the_program(workbench: Workbench, zone: str) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="_dmarc", type="TXT", ttl=60, records=["v=DMARC1; p=reject"])
    [live] = records(life, zone)
    assert live["ResourceRecords"] == [{"Value": '"v=DMARC1; p=reject"'}]
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert inputs["records"] == ["v=DMARC1; p=reject"]


def test_a_record_moved_by_hand_shows_on_refresh(workbench: Workbench, zone: str) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.1"])
    record = {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.66"}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    life.boto("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    assert [change.path for change in life.refresh()] == ["records[0]"]


def test_a_record_that_others_made_is_overwritten_only_when_allowed(workbench: Workbench, zone: str) -> None:
    workbench.made(RECORD, logical="first", zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.1"])
    with pytest.raises(Exception, match="already exists"):
        workbench.made(RECORD, logical="second", zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.2"])
    life = workbench.made(RECORD, logical="third", zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.3"], allowOverwrite=True)
    [live] = records(life, zone)
    assert live["ResourceRecords"] == [{"Value": "192.0.2.3"}]


def test_a_record_can_come_back_after_its_end(workbench: Workbench, zone: str) -> None:
    workbench.made(RECORD, logical="later", zoneId=zone, name="zzz", type="A", ttl=60, records=["192.0.2.9"])
    life = workbench.made(RECORD, zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.1"])
    life.delete()
    again = workbench.made(RECORD, logical="again", zoneId=zone, name="www", type="A", ttl=60, records=["192.0.2.1"])
    assert again.refresh() == []


def test_a_proof_of_a_certificate_that_is_not_there_yet_can_be_previewed(workbench: Workbench, zone: str) -> None:
    life = workbench.life(RECORD)
    promised = life.preview(zoneId=UNKNOWN, name=UNKNOWN, type=UNKNOWN, records=[UNKNOWN], ttl=60, allowOverwrite=True)
    assert promised["fqdn"] is UNKNOWN
    assert promised["name"] is UNKNOWN
    name = "_0a1b.App.example.com."
    life.create(zoneId=zone, name=name, type="CNAME", records=["_2c3d.acm-validations.aws."], ttl=60, allowOverwrite=True)
    assert life.outputs["name"] == life.outputs["fqdn"] == "_0a1b.app.example.com"
    assert life.id == f"{zone}__0a1b.app.example.com_CNAME"
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert (inputs["name"], inputs["type"]) == ("_0a1b.app.example.com", "CNAME")


def test_a_wildcard_lives_as_declared(workbench: Workbench, zone: str) -> None:
    life = workbench.made(RECORD, zoneId=zone, name="*.example.com", type="A", ttl=60, records=["192.0.2.1"])
    assert life.outputs["fqdn"] == "*.example.com"
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_an_import_of_what_is_no_record_says_how_records_are_named(workbench: Workbench) -> None:
    life = workbench.life(RECORD)
    life.id = "www.example.com"
    with pytest.raises(HandlerError, match="ZONEID_name_TYPE"):
        life.imported()


def test_the_zones_own_name_cannot_be_a_cname(workbench: Workbench, zone: str) -> None:
    with pytest.raises(HandlerError, match="alias"):
        workbench.made(RECORD, zoneId=zone, name="example.com", type="CNAME", ttl=60, records=["front.example.net"])


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"aliases": [BALANCER]}, "records"),
        ({"records": None}, "records"),
        ({"ttl": None}, "ttl"),
        ({"type": "B"}, "type"),
        ({"weightedRoutingPolicies": [{"weight": 1}]}, "setIdentifier"),
        ({"setIdentifier": "a"}, "setIdentifier"),
        (
            {"setIdentifier": "a", "multivalueAnswerRoutingPolicy": True, "weightedRoutingPolicies": [{"weight": 1}]},
            "weightedRoutingPolicies",
        ),
    ],
)
def test_what_route53_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    given = {"zoneId": "Z0123456789ABCDEFGHIJ", "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"]}
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(RECORD).check(**given | wrong)
    assert path in {failure.path for failure in refused.value.failures}
