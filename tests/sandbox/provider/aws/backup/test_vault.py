"""Backup vaults, their locks, policies and notifications against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

VAULT = "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
NOTIFICATIONS = "aws:backup/vaultNotifications:VaultNotifications"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"


def test_a_vault_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(VAULT)
    assert life.preview(name="estate")["arn"] == "arn:aws:backup:eu-west-1:123456789012:backup-vault:estate"
    life.create(name="estate", kmsKeyArn=KEY, tags={"owner": "platform"})
    live = life.boto("backup").describe_backup_vault(BackupVaultName="estate")
    assert (live["EncryptionKeyArn"], live["NumberOfRecoveryPoints"]) == (KEY, 0)
    assert life.refresh() == []
    life.update(name="estate", kmsKeyArn=KEY, tags={"environment": "production"})
    assert life.boto("backup").list_tags(ResourceArn=life.outputs["arn"])["Tags"] == {"environment": "production"}
    assert life.refresh() == []
    assert life.imported()[0]["kmsKeyArn"] == KEY
    assert life.replaced_by(name="other", kmsKeyArn=KEY) == {"name"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize("grace", [{}, {"changeableForDays": 3}], ids=["governance", "compliance"])
def test_a_lock_lives_as_declared(workbench: Workbench, grace: dict[str, Any]) -> None:
    workbench.made(VAULT, logical="vault", name="estate")
    life = workbench.made(LOCK, backupVaultName="estate", minRetentionDays=7, maxRetentionDays=400, **grace)
    live = life.boto("backup").describe_backup_vault(BackupVaultName="estate")
    assert (live["Locked"], live["MinRetentionDays"], live["MaxRetentionDays"], "LockDate" in live) == (True, 7, 400, bool(grace))
    assert life.refresh() == []
    assert "minRetentionDays" in life.replaced_by(backupVaultName="estate", minRetentionDays=8, maxRetentionDays=400, **grace)
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"minRetentionDays": 500}, "at most maxRetentionDays"), ({"changeableForDays": 2}, "changeableForDays")],
)
def test_a_lock_that_would_be_refused_is_refused(workbench: Workbench, change: dict[str, int], reason: str) -> None:
    inputs: dict[str, Any] = {"backupVaultName": "estate", "minRetentionDays": 7, "maxRetentionDays": 400, **change}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(LOCK).check(**inputs)


def document(action: str) -> str:
    statement = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_vault_policy_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(VAULT, logical="vault", name="estate")
    life = workbench.made(POLICY, backupVaultName="estate", policy=document("backup:DeleteRecoveryPoint"))
    backup = life.boto("backup")
    live = backup.get_backup_vault_access_policy(BackupVaultName="estate")
    assert json.loads(live["Policy"]) == json.loads(document("backup:DeleteRecoveryPoint"))
    assert life.refresh() == []
    life.update(backupVaultName="estate", policy=document("backup:*"))
    assert life.refresh() == []
    backup.put_backup_vault_access_policy(BackupVaultName="estate", Policy=document("backup:StartCopyJob"))
    assert [change.path for change in life.refresh()] == ["policy"]
    life.delete()
    assert life.gone()


def test_a_vault_policy_without_principal_is_refused(workbench: Workbench) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}]})
    with pytest.raises(InvalidInputs, match="must have Principal"):
        workbench.life(POLICY).check(backupVaultName="estate", policy=policy)


def test_notifications_live_as_declared(workbench: Workbench) -> None:
    workbench.made(VAULT, logical="vault", name="estate")
    inputs: dict[str, Any] = {"backupVaultName": "estate", "snsTopicArn": TOPIC, "backupVaultEvents": ["COPY_JOB_FAILED"]}
    life = workbench.made(NOTIFICATIONS, **inputs)
    live = life.boto("backup").get_backup_vault_notifications(BackupVaultName="estate")
    assert (live["SNSTopicArn"], live["BackupVaultEvents"]) == (TOPIC, ["COPY_JOB_FAILED"])
    assert life.refresh() == []
    assert life.replaced_by(**inputs | {"backupVaultEvents": ["COPY_JOB_STARTED"]}) == {"backupVaultEvents[0]"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"backupVaultEvents": ["COPY_LOST"]}, "COPY_JOB_FAILED"), ({"snsTopicArn": TOPIC.replace("west", "north")}, "vault's region")],
)
def test_notifications_that_would_be_refused_are_refused(workbench: Workbench, change: dict[str, Any], reason: str) -> None:
    inputs: dict[str, Any] = {"backupVaultName": "estate", "snsTopicArn": TOPIC, "backupVaultEvents": ["COPY_JOB_FAILED"], **change}
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(NOTIFICATIONS).check(**inputs)
