"""Volumes of pods: gp3, encrypted with the estate's key, in the zone of the pod that asks."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.storage.v1 import StorageClass as KubernetesStorageClass

from components._base import Component, Context
from components.platform.labels import labels

GP3 = "gp3"


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageClassArgs:
    """Under which key."""

    key_arn: pulumi.Input[str]
    """KMS key that the EBS driver's role may use."""


class StorageClass(Component, token="platform:StorageClass"):
    """The cluster's class of block storage, and its default; a volume outlives its claim: no mistake loses data (DAT-8, SEC-4).

    Source: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
    """

    storage_class: pulumi.Output[str]
    """Its name, known once it is there."""

    def __init__(self, name: str, context: Context, args: StorageClassArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = KubernetesStorageClass(
            f"{name}-class",
            metadata=ObjectMetaArgs(
                name=GP3, labels=labels(context, name), annotations={"storageclass.kubernetes.io/is-default-class": "true"}
            ),
            provisioner="ebs.csi.aws.com",
            parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": args.key_arn, "csi.storage.k8s.io/fstype": "ext4"},
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            reclaim_policy="Retain",
            # Nothing of a class can be changed but its labels.
            opts=self.child(delete_before_replace=True),
        )
        self.storage_class = made.metadata.apply(lambda metadata: str(metadata.name))
        self.publish()
