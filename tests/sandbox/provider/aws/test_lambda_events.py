"""Pollers of queues and streams, and destinations of calls, against the emulated cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.test_lambda_alias import ALIAS, ARN, function, given

MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOKE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
FAILED = "arn:aws:sqs:eu-west-1:123456789012:failed"

__all__ = ["function"]


@pytest.fixture
def alias(workbench: Workbench, function: Life) -> Life:
    return workbench.made(ALIAS, name="live", functionName="bookings", functionVersion="1")


def _queue(life: Life, **attributes: str) -> str:
    sqs = life.boto("sqs")
    url = sqs.create_queue(QueueName="jobs", Attributes=attributes)["QueueUrl"]
    arn: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return arn


def _stream(life: Life) -> str:
    table = life.boto("dynamodb").create_table(
        TableName="bookings",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    arn: str = table["TableDescription"]["LatestStreamArn"]
    return arn


def test_a_poller_of_a_queue_lives_as_declared_and_takes_nothing_from_it(workbench: Workbench, alias: Life) -> None:
    inputs = {
        "eventSourceArn": _queue(alias),
        "functionName": f"{ARN}:live",
        "batchSize": 10,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 5},
    }
    life = workbench.life(MAPPING)
    life.create(**inputs, tags={"owner": "platform"})
    live = life.boto("lambda").get_event_source_mapping(UUID=life.id)
    assert (live["FunctionArn"], live["ScalingConfig"], live["BatchSize"]) == (f"{ARN}:live", {"MaximumConcurrency": 5}, 10)
    assert (live["FunctionResponseTypes"], life.outputs["state"]) == (["ReportBatchItemFailures"], "Enabled")
    assert life.refresh() == []
    assert life.diff(**inputs | {"functionName": "bookings:live"}, tags={"owner": "platform"}) == [], "the same alias by its name"

    sqs, url = life.boto("sqs"), life.boto("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1, "no function is run here, so none takes the message"

    life.update(**{key: value for key, value in inputs.items() if key != "scalingConfig"}, enabled=False, tags={"owner": "security"})
    live = life.boto("lambda").get_event_source_mapping(UUID=life.id)
    assert (live["State"], live.get("ScalingConfig") or {}) == ("Disabled", {})
    assert life.boto("lambda").list_tags(Resource=life.outputs["arn"])["Tags"] == {"owner": "security"}
    assert life.refresh() == []
    assert life.replaced_by(**inputs | {"eventSourceArn": FAILED}) == {"eventSourceArn"}
    life.delete()
    assert life.gone()


def test_a_poller_of_a_stream_splits_retries_filters_and_parks(workbench: Workbench, alias: Life) -> None:
    pattern = json.dumps({"eventName": ["INSERT", "MODIFY", "REMOVE"]})
    inputs: dict[str, Any] = {
        "eventSourceArn": _stream(alias),
        "functionName": "bookings:live",
        "startingPosition": "TRIM_HORIZON",
        "batchSize": 100,
        "bisectBatchOnFunctionError": True,
        "maximumRetryAttempts": 5,
        "maximumRecordAgeInSeconds": 3600,
        "parallelizationFactor": 2,
        "destinationConfig": {"onFailure": {"destinationArn": FAILED}},
        "filterCriteria": {"filters": [{"pattern": pattern}]},
        "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    }
    life = workbench.made(MAPPING, **inputs)
    live = life.boto("lambda").get_event_source_mapping(UUID=life.id)
    assert live["DestinationConfig"] == {"OnFailure": {"Destination": FAILED}}
    assert (live["BisectBatchOnFunctionError"], live["MaximumRetryAttempts"], live["ParallelizationFactor"]) == (True, 5, 2)
    assert live["FilterCriteria"] == {"Filters": [{"Pattern": pattern}]}
    assert life.refresh() == []
    life.boto("lambda").update_event_source_mapping(UUID=life.id, MaximumRetryAttempts=1)
    assert {change.path for change in life.refresh()} == {"maximumRetryAttempts"}
    imported = life.imported()[0]
    assert (imported["startingPosition"], imported["functionName"]) == ("TRIM_HORIZON", f"{ARN}:live")


def test_a_queue_that_hides_a_message_shorter_than_a_call_lasts_is_refused(workbench: Workbench, alias: Life, function: Life) -> None:
    function.update(**given("2", timeout=60))
    source = _queue(alias, VisibilityTimeout="30")
    with pytest.raises(Exception, match="Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"):
        workbench.made(MAPPING, eventSourceArn=source, functionName="bookings")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"bisectBatchOnFunctionError": True}, "bisectBatchOnFunctionError"),
        ({"scalingConfig": {"maximumConcurrency": 1}}, "scalingConfig.maximumConcurrency"),
        ({"functionResponseTypes": ["ReportEverything"]}, "functionResponseTypes[0]"),
        ({"filterCriteria": {"filters": [{"pattern": "no JSON"}]}}, "filterCriteria.filters[0].pattern"),
        ({"eventSourceArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/a/stream/1"}, "startingPosition"),
    ],
)
def test_a_poller_that_lambda_would_refuse_is_refused(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as error:
        workbench.life(MAPPING).check(**{"eventSourceArn": FAILED, "functionName": "bookings", **change})
    assert path in {failure.path for failure in error.value.failures}


def test_where_failed_calls_go_belongs_to_the_alias_they_were_made_of(workbench: Workbench, alias: Life) -> None:
    inputs: dict[str, Any] = {"functionName": "bookings", "qualifier": "live", "destinationConfig": {"onFailure": {"destination": FAILED}}}
    life = workbench.made(INVOKE, **inputs, maximumRetryAttempts=1, maximumEventAgeInSeconds=3600)
    functions = life.boto("lambda")
    found = functions.get_function_event_invoke_config(FunctionName="bookings", Qualifier="live")
    assert (found["MaximumRetryAttempts"], found["DestinationConfig"]["OnFailure"]) == (1, {"Destination": FAILED})
    assert found["FunctionArn"] == f"{ARN}:live"
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.get_function_event_invoke_config(FunctionName="bookings")
    assert life.refresh() == []
    life.update(**inputs, maximumRetryAttempts=0)
    assert functions.get_function_event_invoke_config(FunctionName="bookings", Qualifier="live")["MaximumRetryAttempts"] == 0
    assert life.refresh() == []
    assert life.imported()[0]["qualifier"] == "live"
    life.delete()
    assert life.gone()
