import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.messaging.work_queue import WorkQueue, WorkQueueArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed, denied
from tests.kit.recorder import Graph, computed_outputs, record

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "arn:aws:kms:us-east-1:123456789012:key/personal"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
SENDER = f"arn:aws:iam::{ACCOUNT}:role/bookings"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:morefocus-prod-use1-jobs"

ARGS = WorkQueueArgs(key_arn=KEY, timeout_seconds=30, alert_topic_arn=TOPIC, senders=[SENDER])


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == QUEUE:
        answers |= {
            "arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{inputs['name']}",
            "url": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{inputs['name']}",
        }
    return answers


def _graph(args: WorkQueueArgs = ARGS) -> Graph:
    return record(lambda: WorkQueue("jobs", a_context(), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _request(graph: Graph, **changes: Any) -> tuple[str, Request]:
    policy = graph.named("jobs-policy").inputs["policy"]
    facts = {
        "aws:SecureTransport": "true",
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalArn": SENDER,
        "aws:PrincipalIsAWSService": "false",
    }
    asked = Request(action="sqs:SendMessage", resource=ARN, principal=f"arn:aws:iam::{ACCOUNT}:root", context={**facts, **changes})
    return policy, asked


def test_a_message_that_fails_too_often_is_parked_and_kept_longer_than_it_could_wait(graph: Graph) -> None:
    queue, dead = graph.named("jobs-queue").inputs, graph.named("jobs-dead-queue").inputs
    assert json.loads(queue["redrivePolicy"]) == {"deadLetterTargetArn": f"{ARN}-dead", "maxReceiveCount": 3}
    assert (queue["messageRetentionSeconds"], dead["messageRetentionSeconds"]) == (4 * 86_400, 14 * 86_400)
    assert "redrivePolicy" not in dead


def test_no_other_queue_parks_its_messages_there(graph: Graph) -> None:
    allow = json.loads(graph.named("jobs-dead-queue").inputs["redriveAllowPolicy"])
    assert allow == {"redrivePermission": "byQueue", "sourceQueueArns": [ARN]}
    assert graph.outputs_of(graph.one("morefocus:messaging:WorkQueue"))["arn"] == ARN


def test_both_queues_are_encrypted_by_the_customers_key_and_kept(graph: Graph) -> None:
    for queue in graph.of_type(QUEUE):
        assert queue.inputs["kmsMasterKeyId"] == KEY
        assert queue.inputs["tags"]["data-class"] == "personal"
        assert queue.protect
        assert len(queue.inputs["name"]) <= 80


def test_what_is_worked_on_is_handed_to_nobody_else_meanwhile(graph: Graph) -> None:
    assert graph.named("jobs-queue").inputs["visibilityTimeoutSeconds"] == 180
    longer = _graph(replace(ARGS, visibility_seconds=600)).named("jobs-queue").inputs
    assert longer["visibilityTimeoutSeconds"] == 600


@pytest.mark.parametrize(
    "facts",
    [
        {"aws:SecureTransport": "false"},
        {"aws:PrincipalAccount": "999999999999"},
        {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/other"},
    ],
)
def test_who_has_no_tls_or_is_of_another_account_or_no_sender_sends_nothing(graph: Graph, facts: dict[str, str]) -> None:
    policy, asked = _request(graph)
    assert allowed(policy, asked)
    assert denied(policy, _request(graph, **facts)[1])


def test_only_sending_is_for_senders_alone(graph: Graph) -> None:
    policy, asked = _request(graph, **{"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/worker"})
    assert not denied(policy, replace(asked, action="sqs:ReceiveMessage"))
    anybody = _graph(replace(ARGS, senders=()))
    assert not denied(anybody.named("jobs-policy").inputs["policy"], asked)
    parked = graph.named("jobs-dead-policy").inputs["policy"]
    assert denied(parked, replace(asked, resource=f"{ARN}-dead", context={**asked.context, "aws:SecureTransport": "false"}))
    assert not denied(parked, replace(asked, resource=f"{ARN}-dead"))


def test_a_role_that_does_not_exist_yet_is_no_principal(graph: Graph) -> None:
    for policy in graph.of_type(POLICY):
        assert SENDER not in json.dumps([each["Principal"] for each in json.loads(policy.inputs["policy"])["Statement"]])


def test_whoever_takes_the_address_waits_for_the_policy() -> None:
    from pulumi_aws.sqs.queue import Queue

    def program() -> None:
        queue = WorkQueue("jobs", a_context(), ARGS)
        Queue("reader", name="reader", redrive_policy=queue.url)

    graph = record(program, computed=_answers)
    assert graph.named("jobs-policy").urn in graph.named("reader").depends_on


def test_somebody_is_told_of_waiting_and_of_parked_messages(graph: Graph) -> None:
    told = {each.name: each.inputs for each in graph.of_type(ALARM)}
    assert told.keys() == {"jobs-age", "jobs-depth", "jobs-parked"}
    assert all(each["alarmActions"] == each["okActions"] == [TOPIC] for each in told.values())
    assert (told["jobs-age"]["metricName"], told["jobs-age"]["threshold"]) == ("ApproximateAgeOfOldestMessage", 300)
    assert told["jobs-depth"]["threshold"] == 1000
    parked = told["jobs-parked"]
    assert (parked["dimensions"], parked["threshold"]) == ({"QueueName": "morefocus-prod-use1-jobs-dead"}, 0)
    assert (parked["metricName"], parked["comparisonOperator"]) == ("ApproximateNumberOfMessagesVisible", "GreaterThanThreshold")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, visibility_seconds=179), r"must be 180 \(6 times timeout_seconds 30\) to 43200 \(got 179\)"),
        (lambda args: replace(args, timeout_seconds=901), r"timeout_seconds must be 1 to 900.*\(got 901\)"),
        (lambda args: replace(args, retention_days=14), r"retention_days must be 1 to 13.*\(got 14\)"),
        (lambda args: replace(args, max_receives=0), r"max_receives must be 1 to 1000 \(got 0\)"),
        (lambda args: replace(args, depth_alarm=0), r"depth_alarm must be at least 1 \(got 0\)"),
    ],
)
def test_what_would_lose_or_repeat_messages_is_refused_at_once(change: Callable[[WorkQueueArgs], WorkQueueArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
