import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from components.data.database import Database, DatabaseArgs
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.engine_facts import engine_facts, offered
from tests.kit.recorder import Graph, computed_outputs, record

INSTANCE = "aws:rds/instance:Instance"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

ARGS = DatabaseArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
    client_security_group_ids={"nodes": "sg-nodes"},
    replica_zones=("us-east-1b", "us-east-1c"),
    key_arn="arn:aws:kms:us-east-1:123456789012:key/personal",
    credentials_key_arn="arn:aws:kms:us-east-1:123456789012:key/credentials",
    log_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
)

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


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == INSTANCE:
        answers |= {"address": f"{inputs['identifier']}.internal", "resourceId": f"db-{name}", "port": 5432}
        if inputs.get("manageMasterUserPassword"):
            answers["masterUserSecrets"] = [{"secretArn": "arn:aws:secretsmanager:::secret:rds", "secretStatus": "active"}]
    return answers


def _graph(args: DatabaseArgs = ARGS, *, preview: bool = False) -> Graph:
    return record(lambda: Database("database", a_context(), args), computed=_answers, preview=preview)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _primary(graph: Graph) -> dict[str, Any]:
    return graph.one(INSTANCE, "database-primary").inputs


def _published(graph: Graph) -> dict[str, Any]:
    return graph.outputs_of(graph.one("morefocus:data:Database"))


def test_the_primary_is_sized_as_documented_and_survives_a_zone(graph: Graph) -> None:
    primary = _primary(graph)
    assert primary["engine"] == "postgres"
    assert primary["engineVersion"] == "17"
    assert primary["instanceClass"] == "db.r5.xlarge"
    assert (primary["storageType"], primary["allocatedStorage"], primary["maxAllocatedStorage"]) == ("gp3", 1000, 10000)
    assert primary["multiAz"] is True


def test_backups_reach_30_days_back_in_the_documented_windows(graph: Graph) -> None:
    primary = _primary(graph)
    assert primary["backupRetentionPeriod"] == 30
    assert primary["backupWindow"] == "03:00-04:00"
    assert primary["maintenanceWindow"] == "sun:04:00-sun:05:00"
    assert primary["copyTagsToSnapshot"] is True


def test_each_replica_stands_in_its_own_zone_and_follows_the_primary(graph: Graph) -> None:
    replicas = [graph.one(INSTANCE, f"database-replica-{letter}").inputs for letter in "bc"]
    assert [replica["availabilityZone"] for replica in replicas] == ["us-east-1b", "us-east-1c"]
    for replica in replicas:
        assert replica["replicateSourceDb"] == "morefocus-prod-use1-database"
        assert replica["instanceClass"] == "db.r5.xlarge"


def test_a_replica_states_nothing_that_aws_takes_from_its_source(graph: Graph) -> None:
    for letter in "bc":
        replica = graph.one(INSTANCE, f"database-replica-{letter}").inputs
        refused = {"engine", "engineVersion", "username", "password", "dbName", "allocatedStorage", "finalSnapshotIdentifier"}
        assert not replica.keys() & {*refused, "dbSubnetGroupName", "manageMasterUserPassword", "databaseInsightsMode"}


@pytest.mark.parametrize("name", ["database-primary", "database-replica-b", "database-replica-c"])
def test_every_instance_is_encrypted_private_watched_and_guarded(graph: Graph, name: str) -> None:
    instance = graph.one(INSTANCE, name)
    inputs = instance.inputs
    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"] == ARGS.key_arn
    assert inputs["publiclyAccessible"] is False
    assert inputs["vpcSecurityGroupIds"] == ["database-access-id"]
    assert inputs["parameterGroupName"] == "morefocus-prod-use1-database-postgres17"
    assert inputs["iamDatabaseAuthenticationEnabled"] is True
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["performanceInsightsKmsKeyId"] == ARGS.key_arn
    assert inputs["monitoringInterval"] == 60
    assert inputs["autoMinorVersionUpgrade"] is True
    assert inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert inputs["deletionProtection"] is True
    assert inputs["tags"]["data-class"] == "personal"
    assert instance.protect


def test_the_parameter_group_forces_tls_on_the_family_of_the_version(graph: Graph) -> None:
    group = graph.one("aws:rds/parameterGroup:ParameterGroup").inputs
    values = {each["name"]: each["value"] for each in group["parameters"]}
    assert group["family"] == "postgres17"
    assert values["rds.force_ssl"] == "1"


def test_another_major_version_is_another_parameter_group() -> None:
    graph = _graph(replace(ARGS, engine_version="18"))
    group = graph.one("aws:rds/parameterGroup:ParameterGroup").inputs
    assert (group["family"], group["name"]) == ("postgres18", "morefocus-prod-use1-database-postgres18")


def test_extended_support_is_never_bought(graph: Graph) -> None:
    assert _primary(graph)["engineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert _primary(graph)["allowMajorVersionUpgrade"] is False


def test_only_the_named_clients_reach_5432(graph: Graph) -> None:
    (rule,) = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert rule.inputs["referencedSecurityGroupId"] == "sg-nodes"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (5432, 5432)
    assert not graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_it_stands_on_the_given_subnets(graph: Graph) -> None:
    group = graph.one("aws:rds/subnetGroup:SubnetGroup").inputs
    assert group["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]
    assert _primary(graph)["dbSubnetGroupName"] == group["name"]


@pytest.mark.parametrize("role", ["primary", "replica-b", "replica-c"])
def test_each_exported_log_has_an_encrypted_group_before_the_instance_exists(graph: Graph, role: str) -> None:
    instance = graph.one(INSTANCE, f"database-{role}")
    groups = [graph.one(LOG_GROUP, f"database-{role}-log-{log}") for log in instance.inputs["enabledCloudwatchLogsExports"]]
    assert {group.inputs["name"] for group in groups} == {
        f"/aws/rds/instance/{instance.inputs['identifier']}/{log}" for log in ("postgresql", "upgrade", "iam-db-auth-error")
    }
    for group in groups:
        assert group.inputs["kmsKeyId"] == ARGS.log_key_arn
        assert group.inputs["retentionInDays"] == 365
        assert group.urn in instance.depends_on


def test_only_enhanced_monitoring_of_this_database_takes_the_role(graph: Graph) -> None:
    (trust,) = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:rds:us-east-1:{ACCOUNT}:db:morefocus-prod-use1-database*"},
    }
    attached = graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs["policyArn"]
    assert attached == "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


@pytest.mark.parametrize("name", ["database-primary", "database-replica-b"])
def test_an_instance_waits_until_its_monitoring_is_permitted(graph: Graph, name: str) -> None:
    attachment = graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attachment.urn in graph.one(INSTANCE, name).depends_on


def test_with_replicas_the_master_password_is_the_one_in_its_own_secret(graph: Graph) -> None:
    primary = _primary(graph)
    content = json.loads(graph.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"])
    assert primary["password"] == content["password"]
    assert primary["username"] == content["username"]
    assert content["dbInstanceIdentifier"] == primary["identifier"]
    assert not primary.get("manageMasterUserPassword")
    secret = graph.one("aws:secretsmanager/secret:Secret")
    assert secret.inputs["kmsKeyId"] == ARGS.credentials_key_arn
    assert _published(graph)["secret_arn"] == computed_outputs(secret.type, secret.name, {})["arn"]


def test_without_replicas_rds_manages_the_master_password_itself() -> None:
    graph = _graph(replace(ARGS, replica_zones=()))
    primary = _primary(graph)
    assert primary["manageMasterUserPassword"] is True
    assert primary["masterUserSecretKmsKeyId"] == ARGS.credentials_key_arn
    assert "password" not in primary
    assert not graph.of_type("aws:secretsmanager/secret:Secret")
    assert _published(graph)["secret_arn"] == "arn:aws:secretsmanager:::secret:rds"
    assert _published(graph)["replica_addresses"] == []


def test_protected_it_leaves_a_snapshot_and_its_backups_behind(graph: Graph) -> None:
    primary = _primary(graph)
    assert primary["skipFinalSnapshot"] is False
    assert primary["finalSnapshotIdentifier"] == "morefocus-prod-use1-database-final"
    assert primary["deleteAutomatedBackups"] is False


def test_unprotected_it_can_go_and_leaves_nothing() -> None:
    graph = _graph(replace(ARGS, protect=False))
    primary = _primary(graph)
    assert (primary["deletionProtection"], primary["skipFinalSnapshot"], primary["deleteAutomatedBackups"]) == (False, True, True)
    assert "finalSnapshotIdentifier" not in primary
    assert not any(resource.protect for resource in graph.resources)


def test_names_are_known_at_preview_and_hosts_are_not() -> None:
    graph = _graph(preview=True)
    assert _primary(graph)["identifier"] == "morefocus-prod-use1-database"
    assert graph.one(INSTANCE, "database-replica-b").inputs["replicateSourceDb"] == "morefocus-prod-use1-database"
    assert _published(graph)["identifier"] == "morefocus-prod-use1-database"


def test_it_publishes_where_to_connect_for_writing_and_for_reading(graph: Graph) -> None:
    published = _published(graph)
    assert published["address"] == "morefocus-prod-use1-database.internal"
    assert published["port"] == 5432
    assert published["database_name"] == "morefocus"
    assert published["replica_addresses"] == [f"morefocus-prod-use1-database-replica-{letter}.internal" for letter in "bc"]
    assert published["resource_id"] == "db-database-primary"
    assert published["security_group_id"] == "database-access-id"


def test_a_zone_of_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="zones of sa-east-1 are named"):
        record(lambda: Database("database", a_context(Region.SA_EAST_1), ARGS))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, engine_version="14.9"), r"must be PostgreSQL 17 or 18.*\(got '14.9'\)"),
        (lambda args: replace(args, storage_gb=10), r"storage_gb must be at least 20.*\(got 10 and 10000\)"),
        (lambda args: replace(args, storage_gb=1000, max_storage_gb=1050), r"a tenth above it.*\(got 1000 and 1050\)"),
        (lambda args: replace(args, max_storage_gb=70000), r"at most 65536 \(got 1000 and 70000\)"),
        (lambda args: replace(args, backup_days=0), r"backup_days must be 1 to 35.*\(got 0\)"),
        (lambda args: replace(args, backup_days=36), r"backup_days must be 1 to 35.*\(got 36\)"),
        (lambda args: replace(args, replica_zones=("us-east-1b", "us-east-1b")), "replica_zones must all differ"),
        (lambda args: replace(args, database_name="More Focus"), "database_name must be 1 to 16 lower-case"),
        (lambda args: replace(args, username="a" * 17), "username must be 1 to 16 lower-case"),
        (lambda args: replace(args, maintenance_window="sun:03:30-sun:04:30"), "meet; move one of them"),
        (lambda args: replace(args, log_retention_days=366), "log_retention_days must be one of"),
    ],
)
def test_what_rds_would_refuse_is_refused_at_once(change: Callable[[DatabaseArgs], DatabaseArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)


def test_the_engine_version_is_one_rds_creates() -> None:
    assert ARGS.engine_version in offered(engine_facts("aws_rds_dbinstance/engine_version.json"), "postgres", "EngineVersion")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_the_documented_class_is_offered_in_each_region(region: str) -> None:
    schema = engine_facts("aws_rds_dbinstance/dbinstanceclass_enum.json")[region]
    assert ARGS.instance_class in offered(schema, "postgres", "DBInstanceClass")


def test_a_replica_is_told_nothing_that_the_api_does_not_take(graph: Graph) -> None:
    told = graph.one(INSTANCE, "database-replica-b").inputs.keys() - SET_AFTER_CREATION_OR_BY_THE_PROVIDER
    model = botocore.session.get_session().get_service_model("rds").operation_model("CreateDBInstanceReadReplica")
    assert {REPLICA_MEMBERS[each] for each in told} <= set(model.input_shape.members)


def test_a_secret_that_rds_has_not_named_yet_is_no_error() -> None:
    graph = record(lambda: Database("database", a_context(), replace(ARGS, replica_zones=())))
    assert _published(graph)["secret_arn"] == ""
