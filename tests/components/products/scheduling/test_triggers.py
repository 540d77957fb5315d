"""Queue, stream, schedule and notices reach the alias of their function, and a job that fails brings back no other."""

from typing import Any

import pytest

from components.products.scheduling.triggers import RETRIES, SchedulingTriggers, SchedulingTriggersArgs
from components.serverless.node_function import NodeFunction, NodeFunctionArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, computed_outputs, record

MAPPING, PERMISSION = "aws:lambda/eventSourceMapping:EventSourceMapping", "aws:lambda/permission:Permission"
HASH = "A" * 43 + "="


def outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    more = {"version": "1", "codeSha256": HASH} if type_ == "aws:lambda/function:Function" else {}
    return {**computed_outputs(type_, name, inputs), **more}


def function(name: str) -> NodeFunction:
    args = NodeFunctionArgs(
        release_bucket="releases",
        release_key="a.zip",
        release_hash=HASH,
        handler=f"{name}/handler.handle",
        description=name,
        timeout_seconds=10,
        credentials_key_arn="credentials",
        key_arn="personal",
        log_key_arn="logs",
        alert_topic_arn="alerts",
    )
    return NodeFunction(name, a_context(), args)


def build(workers: int | None) -> SchedulingTriggers:
    args = SchedulingTriggersArgs(
        messages=function("messages"),
        audit=function("audit"),
        feedback=function("feedback"),
        queue_arn="arn:queue",
        stream_arn="arn:stream",
        feedback_topic_arn="arn:topic",
        workers=workers,
    )
    return SchedulingTriggers("triggers", a_context(), args)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: build(10), computed=outputs)


def alias(graph: Graph, name: str) -> str:
    arn: str = graph.named(f"{name}-live").answered["arn"]
    return arn


def test_jobs_that_fail_come_back_alone_and_no_more_are_taken_than_may_run(graph: Graph) -> None:
    jobs = graph.one(MAPPING, "triggers-jobs").inputs
    assert (jobs["eventSourceArn"], jobs["functionName"]) == ("arn:queue", alias(graph, "messages"))
    assert jobs["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert jobs["scalingConfig"] == {"maximumConcurrency": 10}
    assert "scalingConfig" not in record(lambda: build(None), computed=outputs).one(MAPPING, "triggers-jobs").inputs


def test_changes_are_read_from_the_first_and_given_up_at_last(graph: Graph) -> None:
    changes = graph.one(MAPPING, "triggers-changes").inputs
    assert (changes["eventSourceArn"], changes["functionName"]) == ("arn:stream", alias(graph, "audit"))
    assert (changes["startingPosition"], changes["maximumRetryAttempts"]) == ("TRIM_HORIZON", RETRIES)
    assert changes["bisectBatchOnFunctionError"] is True and changes["functionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_schedule_looks_for_jobs_that_the_stream_gave_up(graph: Graph) -> None:
    rule = graph.one("aws:cloudwatch/eventRule:EventRule").inputs
    target = graph.one("aws:cloudwatch/eventTarget:EventTarget").inputs
    assert rule["scheduleExpression"] == "rate(5 minutes)"
    assert (target["rule"], target["arn"]) == (rule["name"], alias(graph, "audit"))


def test_each_caller_may_call_one_alias_for_one_source(graph: Graph) -> None:
    rule = graph.one("aws:cloudwatch/eventRule:EventRule").inputs["name"]
    allowed = {each.inputs["principal"]: each.inputs for each in graph.of_type(PERMISSION)}
    assert set(allowed) == {"events.amazonaws.com", "sns.amazonaws.com"}
    assert allowed["events.amazonaws.com"]["sourceArn"] == f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{rule}"
    assert allowed["sns.amazonaws.com"]["sourceArn"] == "arn:topic"
    assert {each["qualifier"] for each in allowed.values()} == {"live"}


def test_notices_are_delivered_once_their_function_may_be_called(graph: Graph) -> None:
    told = graph.one("aws:sns/topicSubscription:TopicSubscription")
    assert (told.inputs["topic"], told.inputs["protocol"], told.inputs["endpoint"]) == ("arn:topic", "lambda", alias(graph, "feedback"))
    assert graph.one(PERMISSION, "triggers-notices-may-call").urn in told.depends_on


def test_fewer_workers_than_lambda_can_be_told_are_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 2, or None"):
        build(1)
