"""Europe and Brazil fail over to the hub, and every load balancer answers to the names it may be asked by."""

import pytest

from config.load import load
from stacks.front import front_names
from tests.kit.composed import shipped_graph

REGIONS = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}


@pytest.mark.parametrize("name", ["eu-west-1", "sa-east-1"])
def test_the_hubs_region_stands_in_for_the_others(name: str) -> None:
    graph = shipped_graph(name)
    alias = graph.named("front-secondary").inputs["aliases"][0]
    assert alias["name"] == shipped_graph("us-east-1").named("origin-record").inputs["name"]
    assert graph.named("front-primary").inputs["healthCheckId"] == "front-check-id"


def test_the_hub_has_no_stand_in_but_the_next_nearest_region() -> None:
    graph = shipped_graph("us-east-1")
    assert "front-secondary" not in {each.name for each in graph.resources}
    assert graph.named("front-nearest").inputs["aliases"][0]["evaluateTargetHealth"]


def test_all_regions_share_the_name_of_the_nearest_and_differ_in_their_identifier() -> None:
    records = [shipped_graph(name).named("front-nearest").inputs for name in REGIONS]
    assert {record["name"] for record in records} == {"front.morefocus.com"}
    assert {record["setIdentifier"] for record in records} == set(REGIONS)


@pytest.mark.parametrize("name", REGIONS)
def test_a_load_balancers_certificate_speaks_for_every_front_that_leads_to_it(name: str) -> None:
    names = set(shipped_graph(name).named("entry-certificate-certificate").inputs["subjectAlternativeNames"])
    led_here = {f"front.{REGIONS[name]}.morefocus.com", "front.morefocus.com"}
    for other, code in REGIONS.items():
        secondary = [each for each in shipped_graph(other).resources if each.name == "front-secondary"]
        if any(each.inputs["aliases"][0]["name"] == f"origin.{REGIONS[name]}.morefocus.com" for each in secondary):
            led_here.add(f"front.{code}.morefocus.com")
    assert names == led_here


@pytest.mark.parametrize(("name", "topic"), [("us-east-1", "alerts-topic"), ("sa-east-1", "alert_topic_arn-of-the-hub")])
def test_health_alarms_stand_in_the_hubs_region_and_tell_its_topic(name: str, topic: str) -> None:
    alarms = [each for each in shipped_graph(name).resources if each.name in ("front-unhealthy", "use1-front-unhealthy")]
    assert len(alarms) == 1 and alarms[0].inputs["tags"]["region"] == "us-east-1"
    assert topic in str(alarms[0].inputs["alarmActions"])


def test_staging_has_names_of_its_own_and_no_stand_in() -> None:
    assert front_names(load("staging")) == {"front": "front.use1.staging.morefocus.com", "nearest": "front.staging.morefocus.com"}
    assert "front-secondary" not in {each.name for each in shipped_graph("staging").resources}
