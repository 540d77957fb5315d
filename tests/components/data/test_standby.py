"""A standby in another region: private, encrypted with that region's key, and watched for its lag."""

from dataclasses import replace
from typing import Any

import pytest

from components._base import Context
from components.data.standby import Standby, StandbyArgs
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

INSTANCE = "aws:rds/instance:Instance"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:morefocus-prod-euw1-alerts"
ARGS = StandbyArgs(
    source_arn=f"arn:aws:rds:us-east-1:{ACCOUNT}:db:morefocus-prod-use1-database",
    source_region="us-east-1",
    subnet_group_name="morefocus-prod-euw1-database",
    security_group_ids=["sg-database"],
    key_arn=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/personal",
    log_key_arn=f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/logs",
    alert_topic_arn=TOPIC,
)


def context() -> Context:
    return a_context(Region.US_EAST_1).copy_in(Region.EU_WEST_1)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: Standby("standby", context(), ARGS))


@pytest.fixture(scope="module")
def replica(graph: Graph) -> dict[str, Any]:
    return graph.one(INSTANCE).inputs


def test_it_follows_the_primary_of_the_other_region_in_the_network_it_is_given(replica: dict[str, Any]) -> None:
    assert replica["replicateSourceDb"] == ARGS.source_arn
    assert replica["dbSubnetGroupName"] == "morefocus-prod-euw1-database"
    assert replica["vpcSecurityGroupIds"] == ["sg-database"]
    assert replica["identifier"] == "morefocus-prod-use1-euw1-standby"


def test_it_is_encrypted_by_the_key_of_its_own_region_and_private(replica: dict[str, Any]) -> None:
    assert (replica["storageEncrypted"], replica["kmsKeyId"], replica["publiclyAccessible"]) == (True, ARGS.key_arn, False)
    assert replica["performanceInsightsKmsKeyId"] == ARGS.key_arn


def test_it_has_backups_of_its_own_and_cannot_be_deleted(graph: Graph, replica: dict[str, Any]) -> None:
    assert replica["backupRetentionPeriod"] == 30
    assert replica["deletionProtection"] is True and graph.one(INSTANCE).protect
    assert replica["deleteAutomatedBackups"] is False


def test_it_states_nothing_that_aws_takes_from_its_source(replica: dict[str, Any]) -> None:
    taken = {"engine", "engineVersion", "username", "password", "dbName", "allocatedStorage", "finalSnapshotIdentifier"}
    assert not replica.keys() & {*taken, "manageMasterUserPassword", "availabilityZone"}


def test_tls_is_forced_by_a_parameter_group_of_its_region(graph: Graph, replica: dict[str, Any]) -> None:
    group = graph.one("aws:rds/parameterGroup:ParameterGroup").inputs
    values = {each["name"]: each["value"] for each in group["parameters"]}
    assert (values["rds.force_ssl"], values["ssl_min_protocol_version"]) == ("1", "TLSv1.2")
    assert replica["parameterGroupName"] == group["name"] == "morefocus-prod-use1-euw1-standby-postgres17"


def test_its_logs_are_encrypted_and_kept(graph: Graph, replica: dict[str, Any]) -> None:
    groups = {each.inputs["name"]: each.inputs for each in graph.of_type("aws:cloudwatch/logGroup:LogGroup")}
    assert set(groups) == {f"/aws/rds/instance/{replica['identifier']}/{log}" for log in replica["enabledCloudwatchLogsExports"]}
    assert {(each["kmsKeyId"], each["retentionInDays"]) for each in groups.values()} == {(ARGS.log_key_arn, 365)}


def test_a_lag_that_would_cost_too_much_is_told_before_it_does(graph: Graph, replica: dict[str, Any]) -> None:
    alarm = graph.one(ALARM).inputs
    assert (alarm["namespace"], alarm["metricName"], alarm["statistic"]) == ("AWS/RDS", "ReplicaLag", "Maximum")
    assert alarm["dimensions"] == {"DBInstanceIdentifier": replica["identifier"]}
    seconds_until_told = alarm["threshold"] + alarm["period"] * alarm["evaluationPeriods"]
    assert seconds_until_told < 15 * 60
    assert alarm["treatMissingData"] == "breaching"
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lag_minutes": 15}, "lag_minutes must be 1 to 14"),
        ({"backup_days": 0}, "backup_days must be 1 to 35"),
        ({"engine_version": "14"}, "14"),
        ({"maintenance_window": "sun:03:30-sun:04:30"}, "meet"),
    ],
)
def test_what_rds_or_the_objectives_refuse_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **changes)


def test_a_standby_in_the_region_of_its_source_is_none() -> None:
    with pytest.raises(ValueError, match="another than the standby's own"):
        Standby("standby", context(), replace(ARGS, source_region="eu-west-1"))
