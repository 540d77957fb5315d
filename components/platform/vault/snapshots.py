"""Backups of Vault, where nobody can change them."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob
from pulumi_kubernetes.core.v1 import EmptyDirVolumeSourceArgs, ServiceAccount, VolumeArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.labels import labels
from components.platform.vault.jobs import cron_job, shell_container, vault_container, volumes
from components.platform.vault.names import SNAPSHOTS
from components.platform.vault.scripts import CARRY, SAVE

PREFIX = "vault"
"""Where in the bucket snapshots lie, by date."""
SNAPSHOT_PODS = {"app.kubernetes.io/name": SNAPSHOTS}
_FOLDER = {"snapshot": "/snapshot"}


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultSnapshotsArgs:
    """How often, and where to."""

    namespace: pulumi.Input[str]
    image: str
    carrier_image: str
    """With the AWS command line."""
    bucket: pulumi.Input[str]
    """Whose objects nobody can change or delete for a while."""
    priority_class: str
    schedule: str = "7 */6 * * *"
    """Cron expression, in UTC."""


class VaultSnapshots(Component, token="platform:VaultSnapshots"):
    """A snapshot every six hours, read through once and carried to the bucket of backups (SEC-2, BDR-1, BDR-2).

    A snapshot is closed with Vault's own key: who has the bucket alone can read nothing in it.
    Source: https://developer.hashicorp.com/vault/docs/sysadmin/snapshots/save
    """

    def __init__(self, name: str, context: Context, args: VaultSnapshotsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        meta = ObjectMetaArgs(name=SNAPSHOTS, namespace=args.namespace, labels=labels(context, name))
        account = ServiceAccount(f"{name}-account", metadata=meta, automount_service_account_token=False, opts=self.child())
        carry = shell_container(
            "carry",
            args.carrier_image,
            CARRY,
            env={"BUCKET": args.bucket, "PREFIX": PREFIX, "AWS_REGION": context.region.value, "HOME": "/tmp"},  # noqa: S108
            mounts={**_FOLDER, "tmp": "/tmp"},  # noqa: S108 - the pod's own
            writable=("tmp",),
        )
        CronJob(
            f"{name}-job",
            metadata=meta,
            spec=cron_job(
                schedule=args.schedule,
                service_account=SNAPSHOTS,
                pod_labels={**labels(context, name), **SNAPSHOT_PODS},
                priority_class=args.priority_class,
                init_containers=[vault_container("save", args.image, SAVE, role=SNAPSHOTS, mounts=_FOLDER)],
                containers=[carry],
                pod_volumes=volumes(VolumeArgs(name="snapshot", empty_dir=EmptyDirVolumeSourceArgs(size_limit="2Gi"))),
            ),
            opts=self.child(depends_on=account),
        )
        self.publish()


def carrier_policy(context: Context, bucket: str, key_arn: pulumi.Input[str]) -> Document:
    """Return what the job may do in AWS: add snapshots, encrypted with the bucket's key; neither read nor delete any."""
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{context.region.value}.amazonaws.com"}}
    return document(
        allow(
            *("s3:AbortMultipartUpload", "s3:PutObject"),
            on=[f"arn:aws:s3:::{bucket}/{PREFIX}/*"],
            sid="AddSnapshots",
        ),
        # Decrypt, since S3 reads the parts of a large upload again.
        allow("kms:Decrypt", "kms:GenerateDataKey", on=[key_arn], when=through_s3, sid="EncryptThem"),
    )
