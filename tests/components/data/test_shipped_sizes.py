"""The documented sizes and the values we add exist in every region we ship to, as the offline facts of AWS know them."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import botocore.session
import pytest

from components.data.cache import CacheArgs
from components.data.database import Database, DatabaseArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

REGIONS = ("us-east-1", "eu-west-1", "sa-east-1")
DATABASE = {name: field.default for name, field in DatabaseArgs.__dataclass_fields__.items()}
CACHE = {name: field.default for name, field in CacheArgs.__dataclass_fields__.items()}

REPLICA_MEMBERS = {
    "identifier": "DBInstanceIdentifier",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
    "availabilityZone": "AvailabilityZone",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "instanceClass": "DBInstanceClass",
    "storageType": "StorageType",
    "maxAllocatedStorage": "MaxAllocatedStorage",
    "kmsKeyId": "KmsKeyId",
    "multiAz": "MultiAZ",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "port": "Port",
    "publiclyAccessible": "PubliclyAccessible",
    "vpcSecurityGroupIds": "VpcSecurityGroupIds",
    "parameterGroupName": "DBParameterGroupName",
    "caCertIdentifier": "CACertificateIdentifier",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "deletionProtection": "DeletionProtection",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "monitoringInterval": "MonitoringInterval",
    "monitoringRoleArn": "MonitoringRoleArn",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "tags": "Tags",
}
SET_AFTER_CREATION_OR_BY_THE_PROVIDER = {"maintenanceWindow", "storageEncrypted", "skipFinalSnapshot"}


@cache
def _facts(path: str) -> Any:
    return json.loads((files("cfnlint") / "data/schemas/extensions" / path).read_text(encoding="utf-8"))


def _of_engine(schema: Any, engine: str, wanted: str) -> set[str]:
    """Return every value of `wanted` that a rule for `engine` allows."""
    rules = [rule for rule in schema["allOf"] if rule["if"]["properties"]["Engine"].get("const") == engine]
    assert rules
    return {value for rule in rules for value in rule["then"]["properties"][wanted]["enum"]}


def test_the_engine_version_of_the_database_is_one_rds_creates() -> None:
    assert DATABASE["engine_version"] in _of_engine(_facts("aws_rds_dbinstance/engine_version.json"), "postgres", "EngineVersion")


@pytest.mark.parametrize("region", REGIONS)
def test_the_database_class_is_offered_for_postgresql_in_each_region(region: str) -> None:
    schema = _facts("aws_rds_dbinstance/dbinstanceclass_enum.json")[region]
    assert DATABASE["instance_class"] in _of_engine(schema, "postgres", "DBInstanceClass")


def test_the_engine_version_of_the_cache_is_one_elasticache_creates() -> None:
    assert CACHE["engine_version"] in _of_engine(_facts("aws_elasticache_cachecluster/engine_version.json"), "redis", "EngineVersion")


@pytest.mark.parametrize("region", REGIONS)
def test_the_cache_node_is_offered_in_each_region(region: str) -> None:
    assert CACHE["node_type"] in _facts("aws_elasticache_cachecluster/cachenodetype_enum.json")[region]["enum"]


def test_a_replica_is_told_nothing_that_the_api_does_not_take() -> None:
    args = DatabaseArgs(
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        client_security_group_ids={},
        replica_zones=["us-east-1b"],
        key_arn="arn:key",
        credentials_key_arn="arn:key",
        log_key_arn="arn:key",
    )
    replica = record(lambda: Database("database", a_context(), args)).one("aws:rds/instance:Instance", "database-replica-b")
    told = replica.inputs.keys() - SET_AFTER_CREATION_OR_BY_THE_PROVIDER
    model = botocore.session.get_session().get_service_model("rds").operation_model("CreateDBInstanceReadReplica")
    assert {REPLICA_MEMBERS[each] for each in told} <= set(model.input_shape.members)
