"""Where recovery points lie: encrypted, locked, and out of reach of whoever may delete everything else (BDR-1)."""

from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
from pulumi_aws.backup.vault import Vault as BackupVault
from pulumi_aws.backup.vault_lock_configuration import VaultLockConfiguration
from pulumi_aws.backup.vault_notifications import VaultNotifications
from pulumi_aws.backup.vault_policy import VaultPolicy

from components._base import Component, Context, Principal, deny, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

LockMode = Literal["governance", "compliance"]
EVENTS = ("COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED", "CONTINUOUS_BACKUP_INTERRUPTED")
"""What a vault itself tells; failed jobs are events, which `FailureNotice` tells.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultNotifications.html
"""
_SHORTEST_GRACE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultLock:
    """Between how many days every recovery point's life must lie, and who could still change that.

    `governance` can be lifted by a permission of its own. `compliance` can be lifted by nobody, AWS included, once `grace_days`
    have passed: the vault then stays for as long as its recovery points.
    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html

    Raises ValueError naming the option when AWS Backup would refuse it.
    """

    min_days: int
    max_days: int
    mode: LockMode = "governance"
    grace_days: int = _SHORTEST_GRACE
    """Days in which a lock in compliance mode can still be taken back; governance has no use for them."""

    def __post_init__(self) -> None:
        if self.mode not in get_args(LockMode):
            raise ValueError(f"mode must be {' or '.join(get_args(LockMode))} (got {self.mode!r})")
        if not 1 <= self.min_days <= self.max_days <= 36500:
            raise ValueError(f"min_days and max_days must be 1 to 36500, in this order (got {self.min_days} and {self.max_days})")
        if self.grace_days < _SHORTEST_GRACE:
            raise ValueError(f"grace_days must be at least {_SHORTEST_GRACE} (got {self.grace_days})")


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultArgs:
    """What encrypts it, how it is locked, and who is told of what fails."""

    key_arn: pulumi.Input[str]
    """KMS key of the vault's region: copies that arrive are encrypted by it, whatever encrypted them before."""
    data_class: DataClass
    lock: VaultLock
    topic_arn: pulumi.Input[str] | None = None
    """SNS topic of the vault's region; None where there is none, as in a region that only holds copies."""
    protect: bool = True


class Vault(Component, token="recovery:Vault"):
    """A locked backup vault from which nobody deletes, and out of which nothing is copied to another account (BDR-1, D1)."""

    vault_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    """Like `vault_name` it waits until lock and policy stand, so that no recovery point is ever without them."""

    def __init__(self, name: str, context: Context, args: VaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        vault = BackupVault(
            f"{name}-vault",
            name=context.physical(name, limit=50),
            kms_key_arn=args.key_arn,
            tags=self.tags(args.data_class, name=name),
            opts=self.child(protect=args.protect),
        )
        lock = VaultLockConfiguration(
            f"{name}-lock",
            backup_vault_name=vault.name,
            min_retention_days=args.lock.min_days,
            max_retention_days=args.lock.max_days,
            # What decides between the two modes.
            changeable_for_days=args.lock.grace_days if args.lock.mode == "compliance" else None,
            opts=self.child(),
        )
        policy = VaultPolicy(f"{name}-policy", backup_vault_name=vault.name, policy=vault_policy(context), opts=self.child())
        if args.topic_arn is not None:
            VaultNotifications(
                f"{name}-notifications",
                backup_vault_name=vault.name,
                sns_topic_arn=args.topic_arn,
                backup_vault_events=list(EVENTS),
                opts=self.child(),
            )
        settled = pulumi.Output.all(vault.name, vault.arn, lock.id, policy.id)
        self.vault_name = settled.apply(lambda made: str(made[0]))
        self.arn = settled.apply(lambda made: str(made[1]))
        self.publish()


def vault_policy(context: Context) -> Document:
    """Return what nobody may do, the account's administrators included: shorten a recovery point's life, or copy it out of the account.

    Expiry by a plan's own lifecycle is AWS Backup's and stays.
    Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html (backup:CopyTargets).
    """
    everyone = [Principal.everyone()]
    ours = context.arn("backup", "backup-vault:*", region="*")
    return document(
        deny(
            *("backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"),
            on=["*"],
            to=everyone,
            sid="NobodyShortensARecoveryPointsLife",
        ),
        deny(
            "backup:CopyFromBackupVault",
            on=["*"],
            to=everyone,
            when={"ForAnyValue:ArnNotLike": {"backup:CopyTargets": [ours]}},
            sid="NoCopyLeavesTheAccount",
        ),
    )
