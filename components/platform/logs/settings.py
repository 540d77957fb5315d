"""Lifecycles, templates and snapshots, brought into Elasticsearch again and again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SecretKeySelectorArgs,
    SecretVolumeSourceArgs,
    ServiceAccount,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.labels import labels
from components.platform.logs.names import ADDRESS, AUTHORITY_SECRET, REPOSITORY, SETTINGS_PODS, SETTINGS_USER, USER
from components.platform.logs.sizing import primary_shards
from components.platform.logs.streams import Lifecycle, Stream, index_template, lifecycle_policy
from components.platform.workload import container_security, pod_security, resources

DOCUMENTS = "/documents"
_MINUTES = 10
SCRIPT = f"""set -eu
printf 'default login %s password %s\\n' "$LOGIN" "$PASSWORD" > /tmp/netrc
for file in {DOCUMENTS}/*.json; do
  path=${{file##*/}}; path=${{path#*.}}; path=${{path%.json}}
  path=$(printf '%s' "$path" | tr . /)
  curl --silent --show-error --fail-with-body --netrc-file /tmp/netrc --cacert /authority/ca.crt --max-time 60 \\
    -X PUT -H 'Content-Type: application/json' --data-binary @"$file" "{ADDRESS}/$path"
  echo
done
"""
"""Puts each file to the path that its name says; what is there already stays as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSettingsArgs:
    """How long each stream is kept, and where snapshots go.

    Raises ValueError when a stream has no lifecycle.
    """

    namespace: pulumi.Input[str]
    image: str
    """Elasticsearch's own, which has curl."""
    streams: Mapping[Stream, Lifecycle]
    bucket: str
    priority_class: str
    snapshot_days: int = 14

    def __post_init__(self) -> None:
        if set(self.streams) != set(Stream):
            raise ValueError(f"streams must be {', '.join(Stream)} (got {', '.join(self.streams)})")


class LogSettings(Component, token="platform:LogSettings"):
    """A job that makes Elasticsearch's settings those of the program: how long logs are kept is set in no browser (OBS-4, COM-2).

    Source: https://www.elastic.co/docs/manage-data/lifecycle/index-lifecycle-management
    """

    def __init__(self, name: str, context: Context, args: LogSettingsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        account = ServiceAccount(
            f"{name}-account", metadata=self._meta(SETTINGS_USER), automount_service_account_token=False, opts=self.child()
        )
        found = ConfigMap(f"{name}-documents", metadata=self._meta(f"{SETTINGS_USER}-documents"), data=documents(args), opts=self.child())
        CronJob(
            f"{name}-job",
            metadata=self._meta(SETTINGS_USER),
            spec=_schedule(self._pod(found), {**labels(context, name), **SETTINGS_PODS}),
            opts=self.child(depends_on=account),
        )
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))

    def _pod(self, found: ConfigMap) -> PodSpecArgs:
        password = SecretKeySelectorArgs(name=SETTINGS_USER, key="password")
        folders = {"documents": DOCUMENTS, "authority": "/authority", "tmp": "/tmp"}  # noqa: S108 - the pod's own
        name = found.metadata.apply(lambda metadata: str(metadata.name))
        container = ContainerArgs(
            name="settings",
            image=self._args.image,
            command=["/bin/bash", "-c", SCRIPT],
            env=[
                EnvVarArgs(name="LOGIN", value=SETTINGS_USER),
                EnvVarArgs(name="PASSWORD", value_from=EnvVarSourceArgs(secret_key_ref=password)),
            ],
            security_context=container_security(),
            resources=resources({"cpu": "50m", "memory": "128Mi"}, {"cpu": "500m", "memory": "256Mi"}),
            volume_mounts=[VolumeMountArgs(name=volume, mount_path=folder) for volume, folder in folders.items()],
        )
        return PodSpecArgs(
            service_account_name=SETTINGS_USER,
            automount_service_account_token=False,
            restart_policy="Never",
            priority_class_name=self._args.priority_class,
            security_context=pod_security(USER),
            containers=[container],
            volumes=[
                VolumeArgs(name="documents", config_map=ConfigMapVolumeSourceArgs(name=name)),
                VolumeArgs(name="authority", secret=SecretVolumeSourceArgs(secret_name=AUTHORITY_SECRET)),
                VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")),
            ],
        )


def _schedule(pod: PodSpecArgs, pod_labels: Mapping[str, str]) -> CronJobSpecArgs:
    return CronJobSpecArgs(
        schedule=f"*/{_MINUTES} * * * *",
        time_zone="Etc/UTC",
        concurrency_policy="Forbid",
        starting_deadline_seconds=_MINUTES * 60,
        successful_jobs_history_limit=1,
        failed_jobs_history_limit=3,
        job_template=JobTemplateSpecArgs(
            spec=JobSpecArgs(
                backoff_limit=1,
                active_deadline_seconds=_MINUTES * 60,
                ttl_seconds_after_finished=86400,
                template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=dict(pod_labels)), spec=pod),
            )
        ),
    )


def documents(args: LogSettingsArgs) -> dict[str, str]:
    """Return each setting by a file name that says when it is put, and where: `1._ilm.policy.x.json` goes to `_ilm/policy/x`."""
    found: dict[str, Any] = {}
    for stream, lifecycle in args.streams.items():
        found[f"1._ilm.policy.{stream.policy}"] = lifecycle_policy(lifecycle)
        found[f"2._index_template.{stream.policy}"] = index_template(stream, shards=primary_shards(lifecycle))
    found[f"3._snapshot.{REPOSITORY}"] = {
        "type": "s3",
        "settings": {"bucket": args.bucket, "base_path": "elasticsearch", "server_side_encryption": False},
    }
    found["4._slm.policy.hourly"] = snapshot_policy(args.snapshot_days)
    return {f"{name}.json": json.dumps(body, sort_keys=True) for name, body in sorted(found.items())}


def snapshot_policy(days: int) -> dict[str, Any]:
    """Return when snapshots are taken, and for how long they are kept.

    Source: https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/create-snapshots
    """
    return {
        "schedule": "0 5 * * * ?",
        "name": "<hourly-{now/d}>",
        "repository": REPOSITORY,
        "config": {"indices": ["logs-*"], "feature_states": ["kibana", "security"], "include_global_state": True},
        "retention": {"expire_after": f"{days}d", "min_count": 24, "max_count": days * 24},
    }


def snapshot_role_policy(context: Context, bucket: str, key_arn: pulumi.Input[str]) -> Document:
    """Return what Elasticsearch's pods may do in AWS: keep snapshots in their bucket, and delete those that have expired.

    Source: https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/s3-repository
    """
    arn = f"arn:aws:s3:::{bucket}"
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{context.region.value}.amazonaws.com"}}
    return document(
        allow("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads", on=[arn], sid="FindSnapshots"),
        allow(
            *("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"),
            on=[f"{arn}/elasticsearch/*"],
            sid="KeepSnapshots",
        ),
        allow("kms:Decrypt", "kms:GenerateDataKey", on=[key_arn], when=through_s3, sid="EncryptThem"),
    )
