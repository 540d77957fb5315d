"""A file system that containers of every zone share, encrypted on disk and on the wire (DAT-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
from pulumi_aws.efs.backup_policy import BackupPolicy
from pulumi_aws.efs.file_system import FileSystem as EfsFileSystem
from pulumi_aws.efs.file_system_policy import FileSystemPolicy
from pulumi_aws.efs.mount_target import MountTarget

from components._base.component import Component
from components._base.context import Context
from components._base.policy_document import Principal, allow, deny, document
from components.data.firewall import clients_only
from components.data.placement import check_zones
from config.vocabulary import Backup, DataClass

PORT = 2049
Idle = Literal[1, 7, 14, 30, 60, 90, 180, 270, 365]
"""Days without access that EFS knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSystemArgs:
    """Where it is mounted and how files age; its size grows and shrinks by itself.

    Raises ValueError naming the option when EFS would refuse it.
    """

    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone, such as `us-east-1a`, to its subnet: a mount target each."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Who may mount: short name to security group."""
    key_arn: pulumi.Input[str]
    data_class: DataClass
    infrequent_after_days: Idle = 30
    archive_after_days: Idle = 90
    protect: bool = True

    def __post_init__(self) -> None:
        if not self.subnet_ids:
            raise ValueError(
                "subnet_ids must name at least one zone, such as {'us-east-1a': subnet}: without a mount target nothing can mount"
            )
        for option in ("infrequent_after_days", "archive_after_days"):
            if getattr(self, option) not in get_args(Idle):
                raise ValueError(f"{option} must be one of {', '.join(map(str, get_args(Idle)))} (got {getattr(self, option)})")
        if self.archive_after_days <= self.infrequent_after_days:
            raise ValueError(
                f"archive_after_days must be more than infrequent_after_days "
                f"(got {self.archive_after_days} and {self.infrequent_after_days})"
            )


class FileSystem(Component, token="data:FileSystem"):
    """An EFS file system with a mount target in each zone.

    Raises ValueError when a zone is not of the context's region.
    """

    file_system_id: pulumi.Output[str]
    arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: FileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        check_zones(context.region, list(args.subnet_ids))
        super().__init__(name, context, opts)
        access = clients_only(self, name, vpc_id=args.vpc_id, port=PORT, clients=args.client_security_group_ids)
        files = EfsFileSystem(
            f"{name}-files",
            creation_token=context.physical(name, limit=64),
            encrypted=True,
            kms_key_id=args.key_arn,
            performance_mode="generalPurpose",
            # Elastic: no throughput to plan, and the only mode with an archive class.
            throughput_mode="elastic",
            lifecycle_policies=[
                {"transition_to_ia": _after(args.infrequent_after_days)},
                {"transition_to_archive": _after(args.archive_after_days)},
                {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
            ],
            protection={"replication_overwrite": "ENABLED"},
            tags=self.tags(args.data_class, name=f"{name}-files", backup=Backup.SIX_HOURLY),
            opts=self.child(protect=args.protect),
        )
        FileSystemPolicy(f"{name}-policy", file_system_id=files.id, policy=_policy(files.arn), opts=self.child())
        BackupPolicy(f"{name}-backup", file_system_id=files.id, backup_policy={"status": "ENABLED"}, opts=self.child())
        for zone, subnet_id in args.subnet_ids.items():
            MountTarget(
                f"{name}-mount-{zone[-1]}",
                file_system_id=files.id,
                subnet_id=subnet_id,
                security_groups=[access.id],
                opts=self.child(),
            )
        self.file_system_id = files.id
        self.arn = files.arn
        self.dns_name = files.dns_name
        self.security_group_id = access.id
        self.publish()


def _after(days: int) -> str:
    return f"AFTER_{days}_DAY" if days == 1 else f"AFTER_{days}_DAYS"


def _policy(arn: pulumi.Output[str]) -> pulumi.Input[str]:
    """Let whoever reaches a mount target read and write, never as root, and only over TLS.

    Source: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
    """
    everyone = [Principal.everyone()]
    return document(
        allow(
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientWrite",
            on=[arn],
            to=everyone,
            when={"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
            sid="MountTargetsOnly",
        ),
        deny("*", on=[arn], to=everyone, when={"Bool": {"aws:SecureTransport": "false"}}, sid="DenyPlaintext"),
    )
