"""Replicated automated backups against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

INSTANCE = "aws:rds/instance:Instance"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
SOURCE = "arn:aws:rds:eu-west-1:123456789012:db:bookings"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
THERE = "eu-central-1"


@pytest.fixture
def primary(workbench: Workbench) -> Life:
    return workbench.made(
        INSTANCE,
        identifier="bookings",
        engine="postgres",
        instanceClass="db.r5.large",
        allocatedStorage=20,
        storageEncrypted=True,
        username="morefocus",
        password="correct-horse-battery",
        backupRetentionPeriod=30,
        skipFinalSnapshot=True,
    )


def test_replicated_backups_live_in_the_other_region(workbench: Workbench, primary: Life) -> None:
    life = workbench.made(REPLICATION, region=THERE, sourceDbInstanceArn=SOURCE, kmsKeyId=KEY, retentionPeriod=30)
    assert life.id.startswith("arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-")
    there = life.boto("rds", THERE)
    [held] = there.describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=life.id)["DBInstanceAutomatedBackups"]
    assert (held["DBInstanceArn"], held["Region"], held["Status"]) == (SOURCE, "eu-west-1", "replicating")
    assert (held["BackupRetentionPeriod"], held["KmsKeyId"], held["Encrypted"]) == (30, KEY, True)
    [instance] = primary.boto("rds").describe_db_instances(DBInstanceIdentifier="bookings")["DBInstances"]
    assert instance["DBInstanceAutomatedBackupsReplications"] == [{"DBInstanceAutomatedBackupsArn": life.id}]
    assert life.refresh() == []
    assert life.imported()[0]["sourceDbInstanceArn"] == SOURCE
    assert life.replaced_by(sourceDbInstanceArn=SOURCE, kmsKeyId=KEY, retentionPeriod=7) == {"retentionPeriod"}
    life.delete()
    assert life.gone()
    [instance] = primary.boto("rds").describe_db_instances(DBInstanceIdentifier="bookings")["DBInstances"]
    assert instance["DBInstanceAutomatedBackupsReplications"] == []


def test_backups_stay_a_week_unless_told(workbench: Workbench, primary: Life) -> None:
    life = workbench.made(REPLICATION, region=THERE, sourceDbInstanceArn=SOURCE, kmsKeyId=KEY)
    assert life.outputs["retentionPeriod"] == 7


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sourceDbInstanceArn": "arn:aws:rds:eu-central-1:123456789012:db:bookings"}, "another region"),
        ({"retentionPeriod": 36}, "1 to 35 days"),
    ],
)
def test_what_rds_refuses_is_refused(workbench: Workbench, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        workbench.life(REPLICATION, region=THERE).check(**{"sourceDbInstanceArn": SOURCE, "kmsKeyId": KEY} | changes)


def test_backups_of_an_encrypted_instance_need_a_key_there(workbench: Workbench, primary: Life) -> None:
    with pytest.raises(Exception, match="KmsKeyId is required"):
        workbench.made(REPLICATION, region=THERE, sourceDbInstanceArn=SOURCE)


def test_a_replica_in_another_region_is_shown_on_both_sides(workbench: Workbench, primary: Life) -> None:
    subnets = [each["SubnetId"] for each in primary.boto("ec2", THERE).describe_subnets()["Subnets"]]
    workbench.made("aws:rds/subnetGroup:SubnetGroup", region=THERE, logical="there", name="there", subnetIds=subnets)
    replica = workbench.made(
        INSTANCE,
        region=THERE,
        logical="standby",
        dbSubnetGroupName="there",
        identifier="standby",
        replicateSourceDb=SOURCE,
        instanceClass="db.r5.large",
        storageEncrypted=True,
        kmsKeyId=KEY,
        backupRetentionPeriod=7,
        deletionProtection=False,
        skipFinalSnapshot=True,
    )
    [there] = replica.boto("rds", THERE).describe_db_instances(DBInstanceIdentifier="standby")["DBInstances"]
    assert there["ReadReplicaSourceDBInstanceIdentifier"] == SOURCE
    assert there["DBSubnetGroup"]["DBSubnetGroupName"] == "there"
    assert (there["KmsKeyId"], there["BackupRetentionPeriod"], there["AvailabilityZone"][:-1]) == (KEY, 7, THERE)
    [here] = primary.boto("rds").describe_db_instances(DBInstanceIdentifier="bookings")["DBInstances"]
    assert here["ReadReplicaDBInstanceIdentifiers"] == ["arn:aws:rds:eu-central-1:123456789012:db:standby"]
    assert replica.refresh() == []
    replica.delete()
    assert replica.gone()
