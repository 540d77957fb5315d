"""What the response may do, where it cuts off to, and what sets it in motion."""

import json

import pytest
from moto.events.models import EventPattern

from components.security.incident_response import HANDLER, IncidentResponse, IncidentResponseArgs, response_policy
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/topic"
SOURCES = {"services/incident_response/handler.py": "def handle(event, context): ..."}


def _args(sources: dict[str, str] = SOURCES, *, contain: bool = True) -> IncidentResponseArgs:
    return IncidentResponseArgs(
        vpc_id="vpc-1", sources=sources, alert_topic_arn=TOPIC, topic_key_arn=KEY, log_key_arn="logs", contain=contain
    )


def _graph(*, contain: bool = True) -> Graph:
    return record(lambda: IncidentResponse("incident-response", a_context(), _args(contain=contain)))


def _may(action: str, resource: str = "*") -> bool:
    policy = response_policy(a_context(), "response", TOPIC, KEY)
    assert isinstance(policy, str)
    return allowed(policy, Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/response"))


def test_the_quarantine_lets_nothing_in_or_out() -> None:
    graph = _graph()
    group = graph.one("aws:ec2/securityGroup:SecurityGroup")
    assert group.inputs["vpcId"] == "vpc-1"
    assert not group.inputs.get("ingress") and not group.inputs.get("egress")
    assert not [each for each in graph.resources if "Rule" in each.type and "securityGroup" in each.type]


def test_severe_findings_and_no_others_reach_the_function() -> None:
    graph = _graph()
    rule = graph.one("aws:cloudwatch/eventRule:EventRule").inputs
    pattern = EventPattern.load(rule["eventPattern"])
    for severity, expected in ((6.9, False), (7, True), (9.5, True)):
        event = {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"severity": severity}}
        assert bool(pattern.matches_event(event)) is expected
    assert graph.one("aws:cloudwatch/eventTarget:EventTarget").inputs["rule"] == rule["name"]
    permission = graph.one("aws:lambda/permission:Permission").inputs
    assert permission["sourceArn"] == f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{rule['name']}"


@pytest.mark.parametrize(("contain", "dry_run"), [(True, "false"), (False, "true")])
def test_the_function_is_told_where_to_cut_off_and_whether_it_may(contain: bool, dry_run: str) -> None:
    variables = _graph(contain=contain).one("aws:lambda/function:Function").inputs["environment"]["variables"]
    assert variables["DRY_RUN"] == dry_run
    assert variables["ALERT_TOPIC"] == TOPIC
    assert variables["QUARANTINE_GROUP"]


def test_a_response_that_fails_is_told_of() -> None:
    alarm = _graph().one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert (alarm["metricName"], alarm["threshold"], alarm["alarmActions"]) == ("Errors", 0, [TOPIC])
    assert alarm["dimensions"] == {"FunctionName": "morefocus-prod-use1-incident-response"}


def test_its_log_is_encrypted_and_kept() -> None:
    group = _graph().one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["name"], group["kmsKeyId"], group["retentionInDays"]) == (
        "/aws/lambda/morefocus-prod-use1-incident-response",
        "logs",
        365,
    )


def test_it_may_contain_and_look_and_nothing_else() -> None:
    place = f"us-east-1:{ACCOUNT}"
    assert _may("ec2:DescribeInstances")
    assert _may("ec2:ModifyNetworkInterfaceAttribute", f"arn:aws:ec2:{place}:network-interface/eni-1")
    assert _may("ec2:CreateSnapshot", f"arn:aws:ec2:{place}:volume/vol-1")
    assert _may("ec2:CreateSnapshot", "arn:aws:ec2:us-east-1::snapshot/snap-1")
    assert _may("iam:UpdateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/robot")
    assert _may("sns:Publish", TOPIC)
    for action in ("ec2:TerminateInstances", "ec2:RunInstances", "iam:CreateAccessKey", "iam:DeleteAccessKey", "ec2:DeleteSnapshot"):
        assert not _may(action, "*"), action
    assert not _may("sns:Publish", f"{TOPIC}-2")
    assert not _may("ec2:ModifyInstanceAttribute", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1")


def test_a_package_without_what_lambda_calls_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sources must hold services/incident_response/handler.py"):
        _args({"services/other.py": ""})
    assert json.dumps(HANDLER) == '"services.incident_response.handler.handle"'
