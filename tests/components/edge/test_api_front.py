"""A region's API is watched every ten seconds, and the region that stands in answers under its name within five minutes."""

from typing import Any

import pytest

from components.edge.api_front import ApiFront, ApiFrontArgs, StandIn, api_host, check_host, stand_in_host
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

RECORD = "aws:route53/record:Record"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"


def front(region: Region, **more: Any) -> Graph:
    home = a_context(region)
    args: dict[str, Any] = {
        "zone_id": "Z0",
        "domain": "example.com",
        "target_domain": "d-front.example.org",
        "check_target_domain": "d-check.example.org",
        "target_zone_id": "Z1",
        "failover_to": Region.US_EAST_1,
        "alert_topic_arn": TOPIC,
        "alarm_context": home if region is Region.US_EAST_1 else home.copy_in(Region.US_EAST_1),
        **more,
    }
    return record(lambda: ApiFront("api-front", home, ApiFrontArgs(**args)))


def names(graph: Graph) -> dict[str, dict[str, Any]]:
    return {each.name: each.inputs for each in graph.of_type(RECORD)}


def test_the_api_itself_is_asked_by_a_name_that_leads_nowhere_else() -> None:
    graph = front(Region.EU_WEST_1)
    check = graph.one("aws:route53/healthCheck:HealthCheck").inputs
    assert (check["type"], check["fqdn"], check["resourcePath"]) == ("HTTPS_STR_MATCH", "api-check.euw1.example.com", "/api/v1/health")
    assert check["searchString"] == '"status":"ok"'
    assert (check["requestInterval"], check["failureThreshold"], len(check["regions"])) == (10, 3, 3)
    record_ = names(graph)["api-front-check-name"]
    assert record_["name"] == check["fqdn"] and record_["aliases"][0]["name"] == "d-check.example.org"


def test_the_stand_in_answers_under_the_same_name_when_the_check_fails() -> None:
    graph = front(Region.EU_WEST_1)
    records = names(graph)
    primary, secondary = records["api-front-primary"], records["api-front-secondary"]
    assert primary["name"] == secondary["name"] == api_host(Region.EU_WEST_1, "example.com") == "api.euw1.example.com"
    assert primary["failoverRoutingPolicies"] == [{"type": "PRIMARY"}]
    assert primary["healthCheckId"] == "api-front-check-id"
    assert primary["aliases"][0]["name"] == "d-front.example.org"
    assert secondary["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert secondary["aliases"][0]["name"] == "api-euw1.use1.example.com"


def test_both_regions_derive_the_name_by_which_they_meet() -> None:
    stands_in = {"stand-in-64513": StandIn(region=Region.EU_WEST_1, target_domain="d-euw1-in-use1.example.org")}
    there = names(front(Region.US_EAST_1, failover_to=None, stands_in_for=stands_in))
    here = names(front(Region.EU_WEST_1))
    met = there["api-front-stand-in-64513"]
    assert (
        met["name"] == here["api-front-secondary"]["aliases"][0]["name"] == stand_in_host(Region.EU_WEST_1, Region.US_EAST_1, "example.com")
    )
    assert met["aliases"][0] == {"name": "d-euw1-in-use1.example.org", "zoneId": "Z1", "evaluateTargetHealth": False}


def test_a_region_without_a_stand_in_has_a_primary_alone() -> None:
    assert set(names(front(Region.US_EAST_1, failover_to=None))) == {"api-front-check-name", "api-front-primary"}


def test_people_are_told_in_the_region_where_the_metric_is() -> None:
    alarm = front(Region.SA_EAST_1).one("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert alarm.inputs["region"] == "us-east-1"
    assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC]
    assert alarm.inputs["treatMissingData"] == "breaching"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"health_path": "health"}, r"health_path must start with / \(got 'health'\)"),
        ({"interval": 30, "failures": 10}, r"at most 300 s: lower interval or failures \(got 360 s\)"),
        ({"alarm_context": a_context(Region.EU_WEST_1)}, r"alarm_context must be of us-east-1 \(got eu-west-1\)"),
        ({"failover_to": Region.EU_WEST_1}, "failover_to must be another region than eu-west-1, or None"),
    ],
)
def test_what_would_not_fail_over_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        front(Region.EU_WEST_1, **more)


def test_names_of_a_region_are_told_apart() -> None:
    hosts = {api_host(Region.EU_WEST_1, "example.com"), check_host(Region.EU_WEST_1, "example.com")}
    assert hosts == {"api.euw1.example.com", "api-check.euw1.example.com"}


@pytest.mark.parametrize("says", ["", "x" * 256])
def test_an_answer_that_route_53_cannot_look_for_is_refused(says: str) -> None:
    with pytest.raises(ValueError, match="health_says must have 1 to 255 characters"):
        front(Region.EU_WEST_1, health_says=says)
