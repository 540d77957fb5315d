"""RDS instances against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.provider import Life, Workbench

INSTANCE = "aws:rds/instance:Instance"
PRIMARY: dict[str, Any] = {
    "identifier": "bookings",
    "engine": "postgres",
    "engineVersion": "17.6",
    "instanceClass": "db.r5.xlarge",
    "allocatedStorage": 1000,
    "maxAllocatedStorage": 10000,
    "storageType": "gp3",
    "storageEncrypted": True,
    "multiAz": True,
    "username": "morefocus",
    "manageMasterUserPassword": True,
    "backupRetentionPeriod": 30,
    "backupWindow": "03:00-04:00",
    "maintenanceWindow": "Sun:04:00-Sun:05:00",
    "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
    "skipFinalSnapshot": True,
}
SOURCE = {key: value for key, value in PRIMARY.items() if key != "manageMasterUserPassword"} | {"password": "correct-horse-battery"}
REPLICA: dict[str, Any] = {
    "identifier": "bookings-r1",
    "instanceClass": "db.r5.xlarge",
    "replicateSourceDb": "bookings",
    "storageEncrypted": True,
    "skipFinalSnapshot": True,
}


def live(life: Life, name: str = "bookings", region: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("rds", region).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    return found


def test_a_primary_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(INSTANCE)
    assert life.preview(**PRIMARY)["arn"] == "arn:aws:rds:eu-west-1:123456789012:db:bookings"

    made = life.create(**PRIMARY, tags={"owner": "data"})
    found = live(life)
    assert (found["DBInstanceClass"], found["AllocatedStorage"], found["MaxAllocatedStorage"]) == ("db.r5.xlarge", 1000, 10000)
    assert (found["MultiAZ"], found["StorageEncrypted"], found["BackupRetentionPeriod"]) == (True, True, 30)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert found["LicenseModel"] == "postgresql-license"
    assert {tag["Key"]: tag["Value"] for tag in found["TagList"]} == {"owner": "data"}
    assert made["endpoint"] == f"{made['address']}:5432"
    assert (made["iops"], made["storageThroughput"]) == (12000, 500)
    assert life.refresh() == []

    changed = {**PRIMARY, "instanceClass": "db.r5.2xlarge", "allocatedStorage": 2000, "enabledCloudwatchLogsExports": ["postgresql"]}
    life.update(**changed, tags={"environment": "production"}, deletionProtection=True)
    found = live(life)
    assert (found["DBInstanceClass"], found["AllocatedStorage"], found["DeletionProtection"]) == ("db.r5.2xlarge", 2000, True)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert {tag["Key"]: tag["Value"] for tag in found["TagList"]} == {"environment": "production"}
    assert life.refresh() == []

    life.update(**changed)
    assert live(life)["DeletionProtection"] is False
    life.delete()
    assert life.gone()


def test_the_managed_master_password_is_a_secret_of_the_cloud(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    [secret] = life.outputs["masterUserSecrets"]
    assert secret["secretStatus"] == "active"
    assert life.boto("secretsmanager").describe_secret(SecretId=secret["secretArn"])["ARN"] == secret["secretArn"]
    life.delete()
    assert life.boto("secretsmanager").list_secrets()["SecretList"] == []


def test_the_id_is_not_the_name(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    assert life.id.startswith("db-")
    assert life.outputs["resourceId"] == life.id
    assert life.outputs["identifier"] == "bookings"


def test_read_replicas_follow_their_source(workbench: Workbench) -> None:
    source = workbench.made(INSTANCE, logical="source", **SOURCE, deletionProtection=True)
    life = workbench.life(INSTANCE)
    life.create(**REPLICA, tags={"role": "reader"})
    found = live(life, "bookings-r1")
    assert found["ReadReplicaSourceDBInstanceIdentifier"] == "bookings"
    assert (found["BackupRetentionPeriod"], found["DeletionProtection"]) == (0, False)
    assert live(life)["ReadReplicaDBInstanceIdentifiers"] == ["bookings-r1"]
    assert {tag["Key"] for tag in found["TagList"]} == {"role"}
    assert life.outputs["engine"] == "postgres"
    assert life.refresh() == []

    life.update(**REPLICA | {"instanceClass": "db.r5.large"}, tags={"role": "reader"})
    assert live(life, "bookings-r1")["DBInstanceClass"] == "db.r5.large"
    assert live(life)["DBInstanceClass"] == "db.r5.xlarge"
    life.delete()
    assert live(life)["ReadReplicaDBInstanceIdentifiers"] == []
    assert source.refresh() == []


def test_a_replica_stands_in_another_region_by_the_arn_of_its_source(workbench: Workbench) -> None:
    source = workbench.made(INSTANCE, logical="source", **SOURCE)
    life = workbench.life(INSTANCE, region="eu-central-1")
    life.create(**REPLICA | {"replicateSourceDb": source.outputs["arn"]})
    assert live(life, "bookings-r1")["AvailabilityZone"].startswith("eu-central-1")
    assert life.outputs["arn"] == "arn:aws:rds:eu-central-1:123456789012:db:bookings-r1"
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_replica_without_its_source_is_promoted(workbench: Workbench) -> None:
    workbench.made(INSTANCE, logical="source", **SOURCE)
    life = workbench.made(INSTANCE, **REPLICA)
    assert life.outputs["engine"] == "postgres"
    promoted = {key: value for key, value in REPLICA.items() if key != "replicateSourceDb"}
    life.update(**promoted, engine="postgres", username="morefocus", password="correct-horse-battery", allocatedStorage=1000)
    assert life.boto("rds").describe_db_instances(DBInstanceIdentifier="bookings-r1")["DBInstances"]


def test_a_source_with_a_managed_password_has_no_replicas(workbench: Workbench) -> None:
    workbench.made(INSTANCE, logical="source", **PRIMARY)
    with pytest.raises(HandlerError, match="manageMasterUserPassword"):
        workbench.made(INSTANCE, **REPLICA)


def test_a_protected_instance_refuses_to_go(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(INSTANCE, **PRIMARY, deletionProtection=True)
    with pytest.raises(Exception, match="deletion protection"):
        life.delete()
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


def test_a_final_snapshot_is_taken_unless_skipped(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY | {"skipFinalSnapshot": False, "finalSnapshotIdentifier": "bookings-final"})
    life.delete()
    assert life.boto("rds").describe_db_snapshots(DBSnapshotIdentifier="bookings-final")["DBSnapshots"]


def test_an_instance_without_a_name_for_its_final_snapshot_stays(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY | {"skipFinalSnapshot": False})
    with pytest.raises(HandlerError, match="finalSnapshotIdentifier"):
        life.delete()
    assert live(life)


def test_an_instance_is_restored_from_a_snapshot(workbench: Workbench) -> None:
    source = workbench.made(INSTANCE, logical="source", **SOURCE)
    source.boto("rds").create_db_snapshot(DBInstanceIdentifier="bookings", DBSnapshotIdentifier="before")
    life = workbench.made(INSTANCE, identifier="restored", instanceClass="db.r5.large", snapshotIdentifier="before", skipFinalSnapshot=True)
    assert live(life, "restored")["AllocatedStorage"] == 1000
    assert life.outputs["engine"] == "postgres"
    assert life.refresh() == []


def test_an_instance_is_restored_to_a_point_in_time(workbench: Workbench) -> None:
    workbench.made(INSTANCE, logical="source", **SOURCE)
    life = workbench.made(
        INSTANCE,
        identifier="rewound",
        instanceClass="db.r5.large",
        restoreToPointInTime={"sourceDbInstanceIdentifier": "bookings", "useLatestRestorableTime": True},
        skipFinalSnapshot=True,
    )
    assert live(life, "rewound")["Engine"] == "postgres"


def test_a_renamed_instance_stays_the_same_instance(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    life.update(**PRIMARY | {"identifier": "appointments"})
    assert life.outputs["arn"].endswith(":db:appointments")
    assert live(life, "appointments")
    assert life.refresh() == []


def test_drift_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    life.boto("rds").modify_db_instance(DBInstanceIdentifier="bookings", BackupRetentionPeriod=1, MultiAZ=False)
    assert {change.path for change in life.refresh()} == {"backupRetentionPeriod", "multiAz"}


def test_storage_that_grew_by_itself_is_no_drift(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    life.boto("rds").modify_db_instance(DBInstanceIdentifier="bookings", AllocatedStorage=1400)
    assert life.refresh() == []


def test_an_instance_is_imported_by_its_name(workbench: Workbench) -> None:
    life = workbench.made(INSTANCE, **PRIMARY)
    life.id = "bookings"
    inputs, outputs = life.imported()
    assert (inputs["identifier"], inputs["engine"], inputs["multiAz"]) == ("bookings", "postgres", True)
    assert outputs["address"] == life.outputs["address"]


@pytest.mark.parametrize(
    ("path", "value"),
    [("engine", "mysql"), ("username", "other"), ("storageEncrypted", False), ("dbName", "other"), ("snapshotIdentifier", "a")],
)
def test_what_cannot_change_replaces(workbench: Workbench, path: str, value: Any) -> None:
    given = {key: item for key, item in PRIMARY.items() if key != "engineVersion"} | {"dbName": "bookings"}
    life = workbench.made(INSTANCE, **given)
    assert path in life.replaced_by(**given | {path: value})


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"manageMasterUserPassword": None}, "password"),
        ({"password": "correct-horse-battery"}, "manageMasterUserPassword"),
        ({"engine": None}, "engine"),
        ({"maxAllocatedStorage": 500}, "maxAllocatedStorage"),
        ({"monitoringInterval": 60}, "monitoringRoleArn"),
        ({"storageEncrypted": False, "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"}, "kmsKeyId"),
        ({"allocatedStorage": 100, "iops": 4000}, "iops"),
        ({"backupRetentionPeriod": 99}, "backupRetentionPeriod"),
    ],
)
def test_what_rds_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(INSTANCE).check(**PRIMARY | wrong)
    assert path in {failure.path for failure in refused.value.failures}
