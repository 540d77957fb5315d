"""Checks of the public addresses from outside, at UptimeRobot."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pulumi
from pulumi_kubernetes.batch.v1 import CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.batch.v1.CronJob import CronJob
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EnvVarArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SecretVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.core.v1.ConfigMap import ConfigMap
from pulumi_kubernetes.core.v1.ServiceAccount import ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.flow import INTERNET, Flow, FlowArgs, Pods
from components.platform.labels import labels
from components.platform.monitoring.scrape import NAMESPACE
from components.platform.workload import container_security, pod_security, resources

KEY = "api-key"
"""Key of the secret."""
_PROGRAM, _SECRET, _USER = "/program", "/var/run/uptime-robot", 65534


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One address that is asked from outside.

    Raises ValueError when it is not https, or asked more often than the service can.
    """

    url: str
    seconds: int = 60
    up: tuple[int, ...] = ()
    """Codes that count as up; none: the service's own, 200 to 399."""

    def __post_init__(self) -> None:
        if not self.url.startswith("https://"):
            raise ValueError(f"url must begin with https:// (got {self.url!r})")
        if self.seconds < 30:
            raise ValueError(f"seconds must be 30 or more, the shortest that UptimeRobot has (got {self.seconds})")

    def parameters(self) -> dict[str, str]:
        """Return it as the service's API takes it."""
        codes = {"custom_http_statuses": "_".join(f"{code}:1" for code in sorted(self.up))} if self.up else {}
        return {"url": self.url, "interval": str(self.seconds), **codes}


@dataclass(frozen=True, kw_only=True, slots=True)
class UptimeChecksArgs:
    """Which checks, and the program that makes them.

    Raises ValueError when there is none.
    """

    image: str
    """Python."""
    program: str
    """Text of `services/uptime_robot/reconcile.py`."""
    secret: pulumi.Input[str]
    """Kubernetes secret with the account's key under `KEY`."""
    checks: Mapping[str, Check]
    schedule: str = "17 * * * *"

    def __post_init__(self) -> None:
        if not self.checks:
            raise ValueError("checks must name one address at least (got none): leave the component out instead")


class UptimeChecks(Component, token="platform:UptimeChecks"):
    """A CronJob that brings UptimeRobot's checks, which have no part in the cluster, to what is written here, each hour (OBS-5).

    It touches checks whose name begins with the environment's prefix and no other; a run that changes nothing is the rule, and one that
    is refused fails and is told as JobFailed.
    Source: https://uptimerobot.com/api/
    """

    def __init__(self, name: str, context: Context, args: UptimeChecksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        match = {"app.kubernetes.io/name": name}
        meta = ObjectMetaArgs(name=name, namespace=NAMESPACE, labels={**labels(context, name), **match})
        files = {"reconcile.py": args.program, "checks.json": checks_document(context, args.checks)}
        ConfigMap(f"{name}-program", metadata=meta, data=files, opts=self.child())
        ServiceAccount(f"{name}-account", metadata=meta, automount_service_account_token=False, opts=self.child())
        pods = Pods(namespace=NAMESPACE, match=match)
        Flow(f"{name}-to-service", context, FlowArgs(source=pods, destination=INTERNET, ports=(443,)), opts=self.child())
        fingerprint = sha256("".join(files.values()).encode()).hexdigest()
        CronJob(
            f"{name}-job",
            metadata=meta,
            spec=CronJobSpecArgs(
                schedule=args.schedule,
                concurrency_policy="Forbid",
                successful_jobs_history_limit=1,
                failed_jobs_history_limit=1,
                job_template=JobTemplateSpecArgs(
                    spec=JobSpecArgs(
                        backoff_limit=2,
                        active_deadline_seconds=300,
                        template=PodTemplateSpecArgs(
                            metadata=ObjectMetaArgs(
                                labels={**labels(context, name), **match}, annotations={"morefocus.com/config": fingerprint}
                            ),
                            spec=_pod(name, args),
                        ),
                    )
                ),
            ),
            opts=self.child(),
        )
        self.publish()


def checks_document(context: Context, checks: Mapping[str, Check]) -> str:
    """Return the checks as the program reads them; names begin with project and environment, so that two never meet in one account."""
    prefix = f"{context.project}-{context.environment.short} "
    wanted = {f"{prefix}{name}": check.parameters() for name, check in checks.items()}
    return json.dumps({"prefix": prefix, "checks": wanted}, sort_keys=True)


def _pod(name: str, args: UptimeChecksArgs) -> PodSpecArgs:
    return PodSpecArgs(
        service_account_name=name,
        automount_service_account_token=False,
        enable_service_links=False,
        restart_policy="Never",
        security_context=pod_security(_USER),
        containers=[
            ContainerArgs(
                name="reconcile",
                image=args.image,
                command=["python", "-B", f"{_PROGRAM}/reconcile.py"],
                env=[
                    EnvVarArgs(name="CHECKS", value=f"{_PROGRAM}/checks.json"),
                    EnvVarArgs(name="API_KEY_FILE", value=f"{_SECRET}/{KEY}"),
                ],
                resources=resources({"cpu": "20m", "memory": "64Mi"}, {"cpu": "200m", "memory": "64Mi"}),
                security_context=container_security(),
                volume_mounts=[
                    VolumeMountArgs(name="program", mount_path=_PROGRAM, read_only=True),
                    VolumeMountArgs(name="secret", mount_path=_SECRET, read_only=True),
                ],
            )
        ],
        volumes=[
            VolumeArgs(name="program", config_map=ConfigMapVolumeSourceArgs(name=name)),
            VolumeArgs(name="secret", secret=SecretVolumeSourceArgs(secret_name=args.secret, default_mode=0o440)),
        ],
    )
