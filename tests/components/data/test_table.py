from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from components.data.table import OPERATIONS, Table, TableArgs
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, computed_outputs, record

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "arn:aws:kms:us-east-1:123456789012:key/personal"
KEY_THERE = "arn:aws:kms:eu-central-1:123456789012:key/personal"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
ARN = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/morefocus-prod-use1-bookings"

ARGS = TableArgs(
    indexes={"by-time": ("gsi1pk", "gsi1sk")},
    ttl_attribute="expires_at",
    key_arn=KEY,
    replicas={Region.EU_CENTRAL_1: KEY_THERE},
    alert_topic_arn=TOPIC,
)


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == TABLE:
        answers |= {"arn": ARN, "streamArn": f"{ARN}/stream/1" if inputs.get("streamEnabled") else ""}
    return answers


def _graph(args: TableArgs = ARGS) -> Graph:
    return record(lambda: Table("bookings", a_context(), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _table(graph: Graph) -> dict[str, Any]:
    return graph.one(TABLE).inputs


def test_it_is_paid_by_request_and_knows_the_attributes_of_its_keys_alone(graph: Graph) -> None:
    table = _table(graph)
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert (table["name"], table["hashKey"], table["rangeKey"]) == ("morefocus-prod-use1-bookings", "pk", "sk")
    assert [(each["name"], each["type"]) for each in table["attributes"]] == [(key, "S") for key in ("pk", "sk", "gsi1pk", "gsi1sk")]
    (index,) = table["globalSecondaryIndexes"]
    assert (index["name"], index["projectionType"]) == ("by-time", "ALL")
    assert [(key["attributeName"], key["keyType"]) for key in index["keySchemas"]] == [("gsi1pk", "HASH"), ("gsi1sk", "RANGE")]
    twice = _table(_graph(replace(ARGS, indexes={"one": ("pk", "at"), "two": ("at", "sk")})))
    assert [each["name"] for each in twice["attributes"]] == ["pk", "sk", "at"], "DynamoDB refuses an attribute that is defined twice"


def test_it_is_encrypted_by_the_customers_key(graph: Graph) -> None:
    assert _table(graph)["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY}


def test_it_can_be_brought_back_and_not_be_deleted(graph: Graph) -> None:
    assert _table(graph)["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert _table(graph)["deletionProtectionEnabled"] is True
    assert graph.one(TABLE).protect and graph.one(REPLICA).protect
    bare = _graph(replace(ARGS, protect=False))
    assert not bare.one(TABLE).protect and _table(bare)["deletionProtectionEnabled"] is False
    assert bare.one(REPLICA).inputs["deletionProtectionEnabled"] is False


def test_what_is_transient_goes_by_itself(graph: Graph) -> None:
    assert _table(graph)["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert "ttl" not in _table(_graph(replace(ARGS, ttl_attribute=None)))


def test_every_change_is_told_as_it_was_and_as_it_is(graph: Graph) -> None:
    assert (_table(graph)["streamEnabled"], _table(graph)["streamViewType"]) == (True, "NEW_AND_OLD_IMAGES")
    published = graph.outputs_of(graph.one("morefocus:data:Table"))
    assert published == {"name": "morefocus-prod-use1-bookings", "arn": ARN, "stream_arn": f"{ARN}/stream/1"}
    silent = _graph(replace(ARGS, stream=False, replicas={}))
    assert "streamViewType" not in _table(silent)
    assert silent.outputs_of(silent.one("morefocus:data:Table")).get("stream_arn") is None


def test_a_copy_stands_in_its_region_under_a_key_of_that_region_and_can_be_brought_back(graph: Graph) -> None:
    copy = graph.one(REPLICA).inputs
    assert (copy["region"], copy["kmsKeyArn"], copy["globalTableArn"]) == ("eu-central-1", KEY_THERE, ARN)
    assert copy["pointInTimeRecovery"] is True
    tags = copy["tags"]
    assert (tags["region"], tags["data-class"], tags["backup"], tags["Name"]) == ("eu-central-1", "personal", "none", _table(graph)["name"])
    assert graph.one(TABLE).ignore_changes == ("replicas",), "the table's own list of copies would take them away"
    lag = graph.named("bookings-lag").inputs
    worst, *delays = lag["metricQueries"]
    assert worst["expression"] == "MAX(METRICS())" and worst["returnData"] is True
    (metric,) = [each["metric"] for each in delays]
    assert metric["dimensions"] == {"TableName": _table(graph)["name"], "ReceivingRegion": "eu-central-1"}
    assert lag["threshold"] + metric["period"] * lag["evaluationPeriods"] * 1000 < 15 * 60 * 1000
    assert "bookings-lag" not in {each.name for each in _graph(replace(ARGS, replicas={})).resources}
    assert not _graph(replace(ARGS, replicas={})).of_type(REPLICA)


def test_the_regions_backup_plan_finds_it(graph: Graph) -> None:
    assert _table(graph)["tags"]["backup"] == "six-hourly"
    assert _table(_graph(replace(ARGS, data_class=DataClass.PUBLIC)))["tags"]["backup"] == "none"


def test_throttles_of_the_table_and_of_each_index_are_told(graph: Graph) -> None:
    queries = graph.named("bookings-throttled").inputs["metricQueries"]
    watched = {(each["metric"]["metricName"], each["metric"]["dimensions"].get("GlobalSecondaryIndexName")) for each in queries[1:]}
    assert watched == {(f"{kind}ThrottleEvents", index) for kind in ("Read", "Write") for index in (None, "by-time")}


def test_errors_are_added_up_over_every_operation_that_reads_or_writes_items(graph: Graph) -> None:
    known = set(botocore.session.get_session().get_service_model("dynamodb").operation_names)
    assert set(OPERATIONS) <= known
    # A bulk load is a job of its own, which no handler starts.
    items = {name for name in known if name.endswith(("Item", "Items")) and not name.startswith("Start")} | {"Query", "Scan"}
    assert items == set(OPERATIONS)
    queries = graph.named("bookings-errors").inputs["metricQueries"]
    assert {each["metric"]["dimensions"]["Operation"] for each in queries[1:]} == set(OPERATIONS)
    assert {each["metric"]["metricName"] for each in queries[1:]} == {"SystemErrors"}


def test_every_alarm_tells_and_takes_no_more_metrics_than_cloudwatch_allows() -> None:
    most = {f"index-{letter}": (f"{letter}pk", f"{letter}sk") for letter in "abcd"}
    for alarm in _graph(replace(ARGS, indexes=most)).of_type(ALARM):
        assert alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [TOPIC]
        assert alarm.inputs["treatMissingData"] == "notBreaching"
        metrics = alarm.inputs.get("metricQueries", [])[1:]
        assert len(metrics) <= 10
        assert all(each["returnData"] is False and each["metric"]["namespace"] == "AWS/DynamoDB" for each in metrics)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, hash_key="PK"), r"hash_key must be a lower-case attribute name.*\(got 'PK'\)"),
        (lambda args: replace(args, indexes={"by-time": ("gsi1pk", "")}), r"indexes: by-time must be.*\(got ''\)"),
        (lambda args: replace(args, indexes={"x": ("a", "b")}), r"3 to 64 letters.*\(got 'x'\)"),
        (lambda args: replace(args, indexes={f"by-{each}": ("a", "b") for each in "abcde"}), r"at most 4.*\(got 5\)"),
        (lambda args: replace(args, recovery_days=36), r"recovery_days must be 1 to 35 \(got 36\)"),
        (lambda args: replace(args, stream=False), r"stream must be on.*\(got replicas in eu-central-1\)"),
    ],
)
def test_what_dynamodb_would_refuse_is_refused_at_once(change: Callable[[TableArgs], TableArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)


def test_a_copy_beside_the_table_itself_is_none() -> None:
    with pytest.raises(ValueError, match=r"other regions than the table's own \(got us-east-1\)"):
        record(lambda: Table("bookings", a_context(), replace(ARGS, replicas={Region.US_EAST_1: KEY})))
