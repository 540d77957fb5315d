"""A region's front is watched every ten seconds, and another region answers within five minutes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.edge.failover import PROMISED, TTL
from components.edge.regional_front import RegionalFront, RegionalFrontArgs, front_host
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

HOME = a_context(Region.EU_WEST_1)
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
ARGS: dict[str, Any] = {
    "zone_id": "Z0",
    "domain": "example.com",
    "load_balancer_dns_name": "entry.example.org",
    "load_balancer_zone_id": "Z1",
    "load_balancer_security_group_id": "sg-entry",
    "failover_to": Region.US_EAST_1,
    "alert_topic_arn": TOPIC,
    "alarm_context": HOME.copy_in(Region.US_EAST_1),
}
CALLS = {"aws:ec2/getManagedPrefixList:getManagedPrefixList": lambda args: {"id": f"pl-of-{args['name']}"}}


def made(**more: Any) -> Graph:
    return record(lambda: RegionalFront("front", HOME, RegionalFrontArgs(**{**ARGS, **more})), calls=CALLS)


@given(interval=st.sampled_from([10, 30]), failures=st.integers(1, 10))
def test_args_are_accepted_exactly_when_failing_over_is_as_fast_as_promised(interval: int, failures: int) -> None:
    try:
        RegionalFrontArgs(**ARGS, interval=interval, failures=failures)
    except ValueError:
        assert interval * failures + TTL > PROMISED
    else:
        assert interval * failures + TTL <= PROMISED


def test_the_origin_is_asked_over_https_every_ten_seconds() -> None:
    check = made().one("aws:route53/healthCheck:HealthCheck").inputs
    assert (check["type"], check["fqdn"], check["port"], check["resourcePath"]) == ("HTTPS", "origin.euw1.example.com", 443, "/healthz")
    assert (check["requestInterval"], check["failureThreshold"], check["enableSni"]) == (10, 3, True)


def test_the_stand_in_answers_when_the_check_fails() -> None:
    graph = made()
    primary, secondary = graph.named("front-primary").inputs, graph.named("front-secondary").inputs
    assert primary["name"] == secondary["name"] == "front.euw1.example.com"
    assert primary["failoverRoutingPolicies"] == [{"type": "PRIMARY"}] and primary["healthCheckId"] == "front-check-id"
    assert primary["aliases"][0]["name"] == "entry.example.org"
    assert secondary["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert secondary["aliases"][0] == {"name": "origin.use1.example.com", "zoneId": "Z0", "evaluateTargetHealth": True}


def test_clients_are_sent_to_the_nearest_front_that_is_healthy() -> None:
    graph = made()
    nearest = graph.named("front-nearest")
    assert nearest.inputs["name"] == "front.example.com" == front_host("example.com")
    assert nearest.inputs["latencyRoutingPolicies"] == [{"region": "eu-west-1"}]
    assert nearest.inputs["aliases"] == [{"name": "front.euw1.example.com", "zoneId": "Z0", "evaluateTargetHealth": True}]
    assert graph.named("front-primary").urn in nearest.depends_on


def test_a_region_without_a_stand_in_leaves_its_clients_to_the_nearest_other() -> None:
    graph = made(failover_to=None)
    assert {each.name for each in graph.of_type("aws:route53/record:Record")} == {"front-primary", "front-nearest"}


def test_health_checkers_reach_the_load_balancer_on_443_alone() -> None:
    rule = made().one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
    assert (rule["securityGroupId"], rule["fromPort"], rule["toPort"]) == ("sg-entry", 443, 443)
    assert rule["prefixListId"] == "pl-of-com.amazonaws.eu-west-1.route53-healthchecks"


def test_the_alarm_stands_where_the_metric_is() -> None:
    alarm = made().one("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert (alarm.inputs["region"], alarm.name) == ("us-east-1", "use1-front-unhealthy")
    assert (alarm.inputs["metricName"], alarm.inputs["dimensions"]) == ("HealthCheckStatus", {"HealthCheckId": "front-check-id"})
    assert alarm.inputs["alarmActions"] == [TOPIC] and alarm.inputs["tags"]["region"] == "us-east-1"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"health_path": "healthz"}, "must start with /"),
        ({"alarm_context": HOME}, "must be of us-east-1"),
        ({"interval": 30, "failures": 9}, "330 s"),
    ],
)
def test_args_that_cannot_be_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RegionalFrontArgs(**{**ARGS, **wrong})
