"""What of each region's data lives in other regions, as a stranger with boto3 finds it (REG-2, DAT-2, DAT-5, BDR-1)."""

import pytest

from tests.kit.estate import Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

ACCOUNT = "123456789012"
STANDBYS = [
    ("eu-west-1", "morefocus-prod-use1-euw1-standby", f"arn:aws:rds:us-east-1:{ACCOUNT}:db:morefocus-prod-use1-database"),
    ("sa-east-1", "morefocus-prod-euw1-sae1-standby", f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:morefocus-prod-euw1-database"),
    ("eu-west-1", "morefocus-prod-sae1-euw1-standby", f"arn:aws:rds:sa-east-1:{ACCOUNT}:db:morefocus-prod-sae1-database"),
]
COPIES = {
    "us-east-1": {"us-west-2": "usw2", "eu-west-1": "euw1"},
    "eu-west-1": {"eu-central-1": "euc1", "sa-east-1": "sae1"},
    "sa-east-1": {"eu-west-1": "euw1", "eu-central-1": "euc1"},
}
CODES = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}


@pytest.mark.parametrize(("region", "identifier", "source"), STANDBYS)
def test_each_standby_follows_its_source_from_the_network_of_its_region(estate: Estate, region: str, identifier: str, source: str) -> None:
    [standby] = estate.boto("rds", region).describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    assert standby["ReadReplicaSourceDBInstanceIdentifier"] == source
    assert standby["DBSubnetGroup"]["DBSubnetGroupName"] == f"morefocus-prod-{CODES[region]}-database"
    assert (standby["StorageEncrypted"], standby["PubliclyAccessible"], standby["DeletionProtection"]) == (True, False, True)
    assert standby["KmsKeyId"].split(":")[3] == region
    assert standby["BackupRetentionPeriod"] == 30


@pytest.mark.parametrize(("region", "identifier", "source"), STANDBYS)
def test_the_lag_of_each_standby_is_watched_where_it_stands(estate: Estate, region: str, identifier: str, source: str) -> None:
    del source
    [alarm] = estate.boto("cloudwatch", region).describe_alarms(AlarmNames=[f"{identifier}-lag"])["MetricAlarms"]
    assert alarm["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": identifier}]
    assert alarm["AlarmActions"] == [f"arn:aws:sns:{region}:{ACCOUNT}:morefocus-prod-{CODES[region]}-alerts"]


@pytest.mark.parametrize(("region", "destination"), [("us-east-1", "us-west-2"), ("eu-west-1", "eu-central-1")])
def test_the_databases_own_backups_are_kept_in_a_second_region(estate: Estate, region: str, destination: str) -> None:
    source = f"arn:aws:rds:{region}:{ACCOUNT}:db:morefocus-prod-{CODES[region]}-database"
    held = estate.boto("rds", destination).describe_db_instance_automated_backups()["DBInstanceAutomatedBackups"]
    [backups] = [each for each in held if each["DBInstanceArn"] == source]
    assert (backups["Status"], backups["BackupRetentionPeriod"], backups["Region"]) == ("replicating", 30, region)
    assert backups["KmsKeyId"].split(":")[3] == destination


@pytest.mark.parametrize("bucket", ["files", "backups"])
@pytest.mark.parametrize("region", COPIES)
def test_objects_are_copied_to_encrypted_buckets_with_versions(estate: Estate, region: str, bucket: str) -> None:
    source = f"morefocus-prod-{CODES[region]}-{bucket}"
    found = estate.boto("s3", region).get_bucket_replication(Bucket=source)["ReplicationConfiguration"]
    assert {rule["ID"] for rule in found["Rules"] if rule["Status"] == "Enabled"} == set(COPIES[region])
    for rule in found["Rules"]:
        name = f"morefocus-prod-{CODES[region]}-{COPIES[region][rule['ID']]}-{bucket}"
        assert rule["Destination"]["Bucket"] == f"arn:aws:s3:::{name}"
        there = estate.boto("s3", rule["ID"])
        assert there.get_bucket_location(Bucket=name)["LocationConstraint"] == rule["ID"]
        assert there.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        [encryption] = there.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        key = encryption["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        assert key == rule["Destination"]["EncryptionConfiguration"]["ReplicaKmsKeyID"]
        assert key.split(":")[3] == rule["ID"]


@pytest.mark.parametrize("region", COPIES)
def test_copies_of_backups_are_locked_as_their_source(estate: Estate, region: str) -> None:
    names = [
        f"morefocus-prod-{CODES[region]}-backups",
        *(f"morefocus-prod-{CODES[region]}-{code}-backups" for code in COPIES[region].values()),
    ]
    s3 = estate.boto("s3", region)
    locks = [s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] for name in names]
    assert [(lock["Mode"], lock["Days"]) for lock in locks] == [("GOVERNANCE", 30)] * 3
