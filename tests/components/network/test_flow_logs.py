import json
from typing import Any

import pytest

from components.network.flow_logs import FlowLogs, FlowLogsArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import UNKNOWN, Graph, record

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/logs"
GROUP = "morefocus-prod-use1-flow-logs"


def _logs(preview: bool = False, **more: Any) -> Graph:
    args = FlowLogsArgs(vpc_id="vpc", key_arn=KEY, **more)
    return record(lambda: FlowLogs("flow-logs", a_context(), args), preview=preview)


def test_all_traffic_is_logged_minute_by_minute() -> None:
    graph = _logs()
    log = graph.one("aws:ec2/flowLog:FlowLog").inputs
    assert (log["trafficType"], log["vpcId"], log["maxAggregationInterval"]) == ("ALL", "vpc", 60)
    assert log["logDestinationType"] == "cloud-watch-logs"
    assert log["logDestination"] == graph.outputs_of(graph.one("morefocus:network:FlowLogs"))["log_group_arn"]


def test_a_record_tells_the_packets_own_addresses_and_whether_it_was_let_through() -> None:
    fields = _logs().one("aws:ec2/flowLog:FlowLog").inputs["logFormat"].split(" ")
    assert len(set(fields)) == len(fields)
    assert {"${pkt-srcaddr}", "${pkt-dstaddr}", "${action}", "${flow-direction}"} <= set(fields)
    assert all(each.startswith("${") and each.endswith("}") for each in fields)


def test_the_log_group_is_encrypted_and_kept_for_a_year() -> None:
    group = _logs().one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert (group["name"], group["kmsKeyId"], group["retentionInDays"]) == (GROUP, KEY, 365)
    assert group["tags"]["data-class"] == "logs"
    assert _logs(retention_days=30).one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 30


def test_the_role_serves_flow_logs_of_this_account_and_region_alone() -> None:
    (trust,) = json.loads(_logs().one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc-flow-log/*"},
    }


def test_the_role_writes_to_its_own_group_and_makes_none() -> None:
    statements = json.loads(_logs().one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    where = {
        action: each["Resource"]
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert where == {
        "logs:CreateLogStream": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}:*",
        "logs:DescribeLogStreams": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}:*",
        "logs:PutLogEvents": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{GROUP}:*",
        "logs:DescribeLogGroups": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*",
    }


def test_logging_begins_once_the_role_may_write() -> None:
    graph = _logs()
    assert graph.one("aws:iam/rolePolicy:RolePolicy").urn in graph.one("aws:ec2/flowLog:FlowLog").depends_on


def test_names_and_policies_are_known_before_anything_exists() -> None:
    graph = _logs(preview=True)
    assert graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"] != UNKNOWN
    assert graph.one("aws:iam/role:Role").inputs["name"] == GROUP


def test_a_retention_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"retention_days must be one of 1, 3, .*\(got 31\)"):
        FlowLogsArgs(vpc_id="vpc", key_arn=KEY, retention_days=31)
