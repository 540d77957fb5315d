"""EFS against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

SYSTEM = "aws:efs/fileSystem:FileSystem"
TARGET = "aws:efs/mountTarget:MountTarget"
BACKUP = "aws:efs/backupPolicy:BackupPolicy"
POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy"
POINT = "aws:efs/accessPoint:AccessPoint"
ENCRYPTED: dict[str, Any] = {
    "encrypted": True,
    "throughputMode": "elastic",
    "lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}, {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"}],
}


def live(life: Life, system: str = "") -> dict[str, Any]:
    found: dict[str, Any] = life.boto("efs").describe_file_systems(FileSystemId=system or life.id)["FileSystems"][0]
    return found


def subnets(life: Life) -> list[dict[str, Any]]:
    return list(life.boto("ec2").describe_subnets()["Subnets"])


@pytest.fixture
def system(workbench: Workbench) -> Life:
    return workbench.made(SYSTEM, logical="system", encrypted=True)


def test_a_file_system_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SYSTEM)
    made = life.create(**ENCRYPTED, tags={"Name": "packages", "owner": "platform"})
    assert live(life)["Encrypted"] is True
    policies = life.boto("efs").describe_lifecycle_configuration(FileSystemId=life.id)["LifecyclePolicies"]
    assert {"TransitionToIA": "AFTER_30_DAYS"} in policies
    assert made["arn"] == f"arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/{life.id}"
    assert made["dnsName"] == f"{life.id}.efs.eu-west-1.amazonaws.com"
    assert made["name"] == "packages"
    assert life.refresh() == []

    life.update(
        encrypted=True,
        throughputMode="provisioned",
        provisionedThroughputInMibps=64,
        lifecyclePolicies=[{"transitionToIa": "AFTER_7_DAYS"}],
        protection={"replicationOverwrite": "DISABLED"},
        tags={"Name": "modules"},
    )
    found = live(life)
    assert (found["ThroughputMode"], found["ProvisionedThroughputInMibps"]) == ("provisioned", 64)
    assert found["FileSystemProtection"]["ReplicationOverwriteProtection"] == "DISABLED"
    assert found["Tags"] == [{"Key": "Name", "Value": "modules"}]
    assert life.outputs["name"] == "modules"
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_dropped_lifecycle_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(SYSTEM, **ENCRYPTED)
    life.boto("efs").put_lifecycle_configuration(FileSystemId=life.id, LifecyclePolicies=[])
    assert [change.path for change in life.refresh()] == ["lifecyclePolicies"]


def test_a_file_system_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(SYSTEM, **ENCRYPTED, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert (inputs["encrypted"], inputs["throughputMode"], inputs["tags"]) == (True, "elastic", {"owner": "platform"})
    assert outputs["arn"] == life.outputs["arn"]


@pytest.mark.parametrize(("path", "value"), [("encrypted", False), ("performanceMode", "maxIO"), ("creationToken", "other")])
def test_what_cannot_change_replaces_the_file_system(workbench: Workbench, path: str, value: Any) -> None:
    life = workbench.made(SYSTEM, **ENCRYPTED)
    assert life.replaced_by(**ENCRYPTED | {path: value}) == {path}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"encrypted": False, "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"}, "kmsKeyId"),
        ({"provisionedThroughputInMibps": 64}, "provisionedThroughputInMibps"),
        ({"performanceMode": "fast"}, "performanceMode"),
        ({"lifecyclePolicies": [{"transitionToIa": "AFTER_2_DAYS"}]}, "lifecyclePolicies[0].transitionToIa"),
    ],
)
def test_what_efs_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(SYSTEM).check(**ENCRYPTED | wrong)
    assert path in {failure.path for failure in refused.value.failures}


def test_a_mount_target_lives_as_declared(workbench: Workbench, system: Life) -> None:
    life = workbench.life(TARGET)
    first, second = subnets(life)[:2]
    ec2 = life.boto("ec2")
    groups = [ec2.create_security_group(GroupName=name, Description=name, VpcId=first["VpcId"])["GroupId"] for name in ("a", "b")]
    given = {"fileSystemId": system.id, "subnetId": first["SubnetId"]}
    promised = life.preview(**given, securityGroups=groups[:1])
    assert promised["dnsName"] == f"{system.id}.efs.eu-west-1.amazonaws.com"
    assert promised["fileSystemArn"] == system.outputs["arn"]

    made = life.create(**given, securityGroups=groups[:1])
    assert made["mountTargetDnsName"] == f"{first['AvailabilityZone']}.{promised['dnsName']}"
    assert made["ipAddress"]
    assert life.boto("efs").describe_mount_targets(FileSystemId=system.id)["MountTargets"][0]["SubnetId"] == first["SubnetId"]
    assert life.refresh() == []

    life.update(**given, securityGroups=groups[1:])
    assert life.boto("efs").describe_mount_target_security_groups(MountTargetId=life.id)["SecurityGroups"] == groups[1:]
    assert life.replaced_by(**given | {"subnetId": second["SubnetId"]}, securityGroups=groups[1:]) == {"subnetId"}
    inputs, _ = life.imported()
    assert inputs["subnetId"] == first["SubnetId"]

    with pytest.raises(Exception, match="FileSystemInUse"):
        system.delete()
    life.delete()
    assert life.gone()
    system.delete()
    assert system.gone()


def test_another_security_group_shows_on_refresh(workbench: Workbench, system: Life) -> None:
    life = workbench.life(TARGET)
    subnet = subnets(life)[0]
    ec2 = life.boto("ec2")
    groups = [ec2.create_security_group(GroupName=name, Description=name, VpcId=subnet["VpcId"])["GroupId"] for name in ("a", "b")]
    life.create(fileSystemId=system.id, subnetId=subnet["SubnetId"], securityGroups=groups[:1])
    life.boto("efs").modify_mount_target_security_groups(MountTargetId=life.id, SecurityGroups=groups[1:])
    assert [change.path for change in life.refresh()] == ["securityGroups[0]"]


def test_a_backup_policy_lives_as_declared(workbench: Workbench, system: Life) -> None:
    life = workbench.made(BACKUP, fileSystemId=system.id, backupPolicy={"status": "ENABLED"})
    efs = life.boto("efs")
    assert efs.describe_backup_policy(FileSystemId=system.id)["BackupPolicy"]["Status"] == "ENABLED"
    assert life.refresh() == []
    efs.put_backup_policy(FileSystemId=system.id, BackupPolicy={"Status": "DISABLED"})
    assert [change.path for change in life.refresh()] == ["backupPolicy.status"]
    life.update(fileSystemId=system.id, backupPolicy={"status": "ENABLED"})
    assert efs.describe_backup_policy(FileSystemId=system.id)["BackupPolicy"]["Status"] == "ENABLED"
    life.delete()
    assert efs.describe_backup_policy(FileSystemId=system.id)["BackupPolicy"]["Status"] == "DISABLED"


def test_an_unknown_backup_status_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="ENABLED"):
        workbench.life(BACKUP).check(fileSystemId="fs-1", backupPolicy={"status": "SOMETIMES"})


def statement(effect: str) -> str:
    action = {"Effect": effect, "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [action]})


def test_a_file_system_policy_lives_as_declared(workbench: Workbench, system: Life) -> None:
    life = workbench.made(POLICY, fileSystemId=system.id, policy=statement("Allow"))
    efs = life.boto("efs")
    assert json.loads(efs.describe_file_system_policy(FileSystemId=system.id)["Policy"]) == json.loads(statement("Allow"))
    assert life.refresh() == []
    assert life.diff(fileSystemId=system.id, policy=json.dumps(json.loads(statement("Allow")), indent=2)) == []
    life.update(fileSystemId=system.id, policy=statement("Deny"))
    assert "Deny" in efs.describe_file_system_policy(FileSystemId=system.id)["Policy"]
    efs.put_file_system_policy(FileSystemId=system.id, Policy=statement("Allow"))
    assert [change.path for change in life.refresh()] == ["policy"]
    life.delete()
    assert life.gone()


def test_an_access_point_lives_as_declared(workbench: Workbench, system: Life) -> None:
    given: dict[str, Any] = {
        "fileSystemId": system.id,
        "posixUser": {"uid": 1000, "gid": 1000},
        "rootDirectory": {"path": "/packages", "creationInfo": {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}},
    }
    life = workbench.made(POINT, **given, tags={"owner": "platform"})
    point = life.boto("efs").describe_access_points(AccessPointId=life.id)["AccessPoints"][0]
    assert (point["PosixUser"]["Uid"], point["RootDirectory"]["Path"]) == (1000, "/packages")
    assert life.outputs["fileSystemArn"] == system.outputs["arn"]
    assert life.refresh() == []
    life.update(**given, tags={"owner": "data"})
    assert life.boto("efs").list_tags_for_resource(ResourceId=life.id)["Tags"] == [{"Key": "owner", "Value": "data"}]
    assert life.replaced_by(**given | {"posixUser": {"uid": 0, "gid": 0}}) == {"posixUser.gid", "posixUser.uid"}
    inputs, _ = life.imported()
    assert inputs["rootDirectory"] == given["rootDirectory"]
    life.delete()
    assert life.gone()


def test_bad_permissions_of_a_root_directory_are_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match=r"creationInfo\.permissions"):
        workbench.life(POINT).check(
            fileSystemId="fs-0123456789abcdef0",
            rootDirectory={"path": "/a", "creationInfo": {"ownerUid": 0, "ownerGid": 0, "permissions": "rwx"}},
        )
