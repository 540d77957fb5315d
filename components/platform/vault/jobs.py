"""What Vault's own jobs have in common: how often they run, who they are, and how little they may do."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_kubernetes.batch.v1 import CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    KeyToPathArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProjectedVolumeSourceArgs,
    SecretVolumeSourceArgs,
    ServiceAccountTokenProjectionArgs,
    VolumeArgs,
    VolumeMountArgs,
    VolumeProjectionArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.platform.vault.names import ADDRESS, AUDIENCE, GROUP, TLS_FOLDER, TLS_SECRET, USER
from components.platform.vault.scripts import TOKEN_FILE
from components.platform.workload import container_security, pod_security, resources

_MINUTES_AT_MOST = 15


def vault_container(name: str, image: str, script: str, *, role: str, mounts: Mapping[str, str]) -> ContainerArgs:
    """Return a container that runs `script` with the `vault` program; `mounts` are further volumes by name and folder."""
    given = {"VAULT_ADDR": ADDRESS, "VAULT_CACERT": f"{TLS_FOLDER}/ca.crt", "ROLE": role, "HOME": "/tmp"}  # noqa: S108 - the pod's own
    folders = {"tls": TLS_FOLDER, "token": TOKEN_FILE.rpartition("/")[0], "tmp": "/tmp"} | dict(mounts)  # noqa: S108
    return shell_container(name, image, script, env=given, mounts=folders, writable=("tmp", "snapshot"))


def shell_container(
    name: str, image: str, script: str, *, env: Mapping[str, Any], mounts: Mapping[str, str], writable: Sequence[str]
) -> ContainerArgs:
    """Return a container that runs a shell script and may write to its `writable` volumes alone."""
    return ContainerArgs(
        name=name,
        image=image,
        command=["/bin/sh", "-c", script],
        env=[EnvVarArgs(name=key, value=value) for key, value in env.items()],
        security_context=container_security(),
        resources=resources({"cpu": "50m", "memory": "128Mi"}, {"cpu": "500m", "memory": "256Mi"}),
        volume_mounts=[
            VolumeMountArgs(name=volume, mount_path=folder, read_only=volume not in writable) for volume, folder in mounts.items()
        ],
    )


def volumes(*more: VolumeArgs) -> list[VolumeArgs]:
    """Return the volumes of a job: whom it trusts, and a token of its service account for Vault alone."""
    token = ServiceAccountTokenProjectionArgs(audience=AUDIENCE, expiration_seconds=600, path="token")
    return [
        VolumeArgs(
            name="tls",
            # The key is the servers' alone.
            secret=SecretVolumeSourceArgs(secret_name=TLS_SECRET, items=[KeyToPathArgs(key="ca.crt", path="ca.crt")]),
        ),
        VolumeArgs(name="token", projected=ProjectedVolumeSourceArgs(sources=[VolumeProjectionArgs(service_account_token=token)])),
        VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs(size_limit="16Mi")),
        *more,
    ]


def documents_volume(config_map: Any) -> VolumeArgs:
    """Return the volume with the documents of a config map."""
    return VolumeArgs(name="documents", config_map=ConfigMapVolumeSourceArgs(name=config_map))


def cron_job(
    *,
    schedule: str,
    service_account: str,
    pod_labels: Mapping[str, str],
    priority_class: str,
    containers: Sequence[ContainerArgs],
    init_containers: Sequence[ContainerArgs] = (),
    pod_volumes: Sequence[VolumeArgs],
) -> CronJobSpecArgs:
    """Return the spec of a job that runs on schedule, one at a time, and is over within 15 minutes."""
    pod = PodSpecArgs(
        service_account_name=service_account,
        automount_service_account_token=False,
        restart_policy="Never",
        priority_class_name=priority_class,
        security_context=pod_security(USER, GROUP),
        init_containers=list(init_containers),
        containers=list(containers),
        volumes=list(pod_volumes),
    )
    return CronJobSpecArgs(
        schedule=schedule,
        time_zone="Etc/UTC",
        concurrency_policy="Forbid",
        starting_deadline_seconds=_MINUTES_AT_MOST * 60,
        successful_jobs_history_limit=1,
        failed_jobs_history_limit=3,
        job_template=JobTemplateSpecArgs(
            spec=JobSpecArgs(
                backoff_limit=2,
                active_deadline_seconds=_MINUTES_AT_MOST * 60,
                ttl_seconds_after_finished=86400,
                template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=dict(pod_labels)), spec=pod),
            )
        ),
    )
