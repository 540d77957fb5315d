"""Vaults of AWS Backup: themselves, their lock, who may touch them and whom they tell."""

from __future__ import annotations

from typing import Any

from sandbox.provider import documents
from sandbox.provider.aws.backup.common import live_tags, retag, vault_arn
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties, known

_POLICY = documents.Grammar("a vault policy", frozenset({"Action", "Resource", "Principal"}), 20_480, plain_sids=False)
_GRACE_DAYS = 3
"""The fewest days in which a lock in compliance mode can still be taken back.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
"""


class Vault(Handler):
    """Where recovery points are kept."""

    token = "aws:backup/vault:Vault"
    create_only = frozenset({"name", "kmsKeyArn"})
    defaults = {"forceDestroy": False}
    autoname = "name"
    autoname_limit = 50
    volatile = frozenset({"recoveryPoints"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("backup", "CreateBackupVault", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": vault_arn(call, inputs["name"]), "recoveryPoints": 0}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("backup").create_backup_vault(
            **self._request(inputs), CreatorRequestId=call.token(), BackupVaultTags=inputs["tagsAll"]
        )
        return made["BackupVaultName"], {**self.preview(call, inputs), "kmsKeyArn": inputs.get("kmsKeyArn", "")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").describe_backup_vault(BackupVaultName=resource_id)
        return {
            "name": resource_id,
            "arn": live["BackupVaultArn"],
            "kmsKeyArn": live.get("EncryptionKeyArn", ""),
            "recoveryPoints": live["NumberOfRecoveryPoints"],
            "tags": live_tags(call, live["BackupVaultArn"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"], "recoveryPoints": old["recoveryPoints"], "kmsKeyArn": old["kmsKeyArn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_vault(BackupVaultName=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, BackupVaultName="name", EncryptionKeyArn="kmsKeyArn")


class VaultLockConfiguration(Handler):
    """How long recovery points stay at least and at most, and whether the lock itself can ever be lifted."""

    token = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    create_only = frozenset({"backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        least, most, grace = (inputs.get(key) for key in ("minRetentionDays", "maxRetentionDays", "changeableForDays"))
        found = []
        if isinstance(least, int) and isinstance(most, int) and least > most:
            found.append(Failure("minRetentionDays", f"must be at most maxRetentionDays (got {least} and {most})"))
        if isinstance(grace, int) and grace < _GRACE_DAYS:
            found.append(Failure("changeableForDays", f"must be at least {_GRACE_DAYS} (got {grace})"))
        return found + refusals("backup", "PutBackupVaultLockConfiguration", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"backupVaultArn": vault_arn(call, inputs["backupVaultName"])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("backup").put_backup_vault_lock_configuration(**self._request(inputs))
        return inputs["backupVaultName"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").describe_backup_vault(BackupVaultName=resource_id)
        if not live.get("Locked"):
            return None
        found = {"minRetentionDays": live.get("MinRetentionDays"), "maxRetentionDays": live.get("MaxRetentionDays")}
        days = {"changeableForDays": state["changeableForDays"]} if live.get("LockDate") and "changeableForDays" in state else {}
        return {"backupVaultName": resource_id, "backupVaultArn": live["BackupVaultArn"], **days} | {
            key: value for key, value in found.items() if value is not None
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_vault_lock_configuration(BackupVaultName=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(
            inputs,
            BackupVaultName="backupVaultName",
            MinRetentionDays="minRetentionDays",
            MaxRetentionDays="maxRetentionDays",
            ChangeableForDays="changeableForDays",
        )


class VaultPolicy(Handler):
    """Who may do what with a vault."""

    token = "aws:backup/vaultPolicy:VaultPolicy"
    create_only = frozenset({"backupVaultName"})
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs.get("policy"), _POLICY)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"backupVaultArn": vault_arn(call, inputs["backupVaultName"])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return inputs["backupVaultName"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").get_backup_vault_access_policy(BackupVaultName=resource_id)
        return {"backupVaultName": resource_id, "backupVaultArn": live["BackupVaultArn"], "policy": live["Policy"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {"backupVaultArn": old["backupVaultArn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_vault_access_policy(BackupVaultName=resource_id)

    def _put(self, call: Call, inputs: Properties) -> None:
        call.client("backup").put_backup_vault_access_policy(BackupVaultName=inputs["backupVaultName"], Policy=inputs["policy"])


class VaultNotifications(Handler):
    """The topic that a vault tells its events to."""

    token = "aws:backup/vaultNotifications:VaultNotifications"
    create_only = frozenset({"backupVaultName", "backupVaultEvents", "snsTopicArn"})
    unordered = frozenset({"backupVaultEvents"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = refusals("backup", "PutBackupVaultNotifications", self._request(inputs))
        topic = inputs["snsTopicArn"]
        if known(topic) and f":{call.region}:" not in topic:
            found.append(Failure("snsTopicArn", f"must be a topic of the vault's region {call.region} (got {topic})"))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"backupVaultArn": vault_arn(call, inputs["backupVaultName"])}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("backup").put_backup_vault_notifications(**self._request(inputs))
        return inputs["backupVaultName"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live: dict[str, Any] = call.client("backup").get_backup_vault_notifications(BackupVaultName=resource_id)
        return {
            "backupVaultName": resource_id,
            "backupVaultArn": live["BackupVaultArn"],
            "snsTopicArn": live["SNSTopicArn"],
            "backupVaultEvents": live["BackupVaultEvents"],
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("backup").delete_backup_vault_notifications(BackupVaultName=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, BackupVaultName="backupVaultName", SNSTopicArn="snsTopicArn", BackupVaultEvents="backupVaultEvents")
