"""The volume that all of n8n's pods share for community node packages (N8N-1, DAT-6)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.efs.access_point import AccessPoint
from pulumi_kubernetes.core.v1 import (
    CSIPersistentVolumeSourceArgs,
    ObjectReferenceArgs,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpecArgs,
    PersistentVolumeSpecArgs,
    VolumeResourceRequirementsArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.products.automation.facts import NAME, USER
from config.vocabulary import DataClass

CLAIM = f"{NAME}-packages"
_DRIVER = "efs.csi.aws.com"
_SIZE = "10Gi"
"""EFS has no size; Kubernetes asks for one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackagesArgs:
    """The region's file system, and whose the claim is."""

    namespace: pulumi.Input[str]
    namespace_name: str
    """The same, known at preview: volumes name the claim they are kept for."""
    file_system_id: pulumi.Input[str]


class Packages(Component, token="products:Packages"):
    """A folder of the shared file system, seen by n8n's pods alone and owned by n8n's user; nothing that must survive is only there.

    A package that is missing is installed anew as n8n starts (N8N-1, D5).
    Source: https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html
    """

    claim: pulumi.Output[str]
    access_point_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: PackagesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        folder = AccessPoint(
            f"{name}-folder",
            file_system_id=args.file_system_id,
            posix_user={"uid": USER, "gid": USER},
            root_directory={
                "path": f"/{CLAIM}",
                "creation_info": {"owner_uid": USER, "owner_gid": USER, "permissions": "0750"},
            },
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-folder"),
            opts=self.child(),
        )
        volume = PersistentVolume(
            f"{name}-volume",
            metadata=ObjectMetaArgs(name=context.physical(CLAIM), labels=labels(context, name)),
            spec=PersistentVolumeSpecArgs(
                capacity={"storage": _SIZE},
                access_modes=["ReadWriteMany"],
                persistent_volume_reclaim_policy="Retain",
                # None of a class: what is claimed is this volume and no new one.
                storage_class_name="",
                mount_options=["tls"],
                claim_ref=ObjectReferenceArgs(api_version="v1", kind="PersistentVolumeClaim", namespace=args.namespace_name, name=CLAIM),
                csi=CSIPersistentVolumeSourceArgs(driver=_DRIVER, volume_handle=pulumi.Output.concat(args.file_system_id, "::", folder.id)),
            ),
            opts=self.child(),
        )
        claim = PersistentVolumeClaim(
            f"{name}-claim",
            metadata=ObjectMetaArgs(name=CLAIM, namespace=args.namespace, labels=labels(context, name)),
            spec=PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteMany"],
                storage_class_name="",
                volume_name=volume.metadata.apply(lambda metadata: str(metadata.name)),
                resources=VolumeResourceRequirementsArgs(requests={"storage": _SIZE}),
            ),
            opts=self.child(),
        )
        self.claim = claim.metadata.apply(lambda metadata: str(metadata.name))
        self.access_point_id = folder.id
        self.publish()
