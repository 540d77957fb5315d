"""Jobs that bring one database to what the migrations say, and keep its partitions (DAT-3)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, Job, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    SecretVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.workload import container_security, pod_security, resources

ROLES = ("migrations", "n8n", "application", "exporter", "pgbouncer")
"""Roles of the platform, each with a secret of its own."""
PODS = {"app.kubernetes.io/name": "migrations"}
_USER = 999
_PARTITIONS = """\
PGPASSWORD="$(cat /passwords/migrations)" exec psql --no-psqlrc --set ON_ERROR_STOP=1 --username=migrations --command \
"SELECT schema, platform.keep_partitions(schema, 'metrics') FROM platform.tenants"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantRow:
    """A tenant as the migrations are told of it."""

    name: str
    market: str
    tier: str
    connections: int
    """Most connections of its role at the server."""
    secret: str
    """Secret with its role's password."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationsArgs:
    """Which database, and what is run there."""

    namespace: pulumi.Input[str]
    image: str
    host: pulumi.Input[str]
    database: str
    files: Mapping[str, str]
    """Scripts and migrations by the name they are mounted under."""
    tenants: Sequence[TenantRow]
    roots: str
    """PEM of the authorities that sign the server's certificate."""
    store: pulumi.Input[str]
    """ClusterSecretStore."""
    master_secret: pulumi.Input[str]
    """Secret with the password of the master user."""
    master_user: str
    role_secrets: Mapping[str, str]
    """Role of the platform to the secret with its password."""
    priority_class: str


class Migrations(Component, token="platform:Migrations"):
    """A Job that runs what is not yet run, anew whenever a file or a tenant changes, and a CronJob that makes partitions ahead (DAT-3).

    The Job's name tells its contents: Kubernetes changes no Job, and one that has run is not run again.
    """

    job: pulumi.Output[str]
    """Name of the Job, known once it has run."""

    def __init__(self, name: str, context: Context, args: MigrationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        told = {**args.files, "rds.pem": args.roots}
        listed = "".join(f"{each.name} {each.market} {each.tier} {each.connections}\n" for each in args.tenants)
        files = ConfigMap(f"{name}-files", metadata=self._meta(f"{name}-files"), data=told, opts=self.child())
        tenants = ConfigMap(f"{name}-tenants", metadata=self._meta(f"{name}-tenants"), data={"tenants": listed}, opts=self.child())
        passwords = self._passwords(name)
        digest = hashlib.sha256(json.dumps([told, listed, args.database], sort_keys=True).encode()).hexdigest()[:10]
        made = Job(
            f"{name}-job",
            metadata=self._meta(f"{name}-{digest}"),
            spec=JobSpecArgs(
                backoff_limit=6,
                active_deadline_seconds=1800,
                template=self._template(["sh", "/migrations/migrate.sh"], files, tenants, "Never"),
            ),
            opts=self.child(depends_on=[passwords]),
        )
        CronJob(
            f"{name}-partitions",
            metadata=self._meta(f"{name}-partitions"),
            spec=CronJobSpecArgs(
                schedule="15 1 * * *",
                time_zone="Etc/UTC",
                concurrency_policy="Forbid",
                successful_jobs_history_limit=1,
                failed_jobs_history_limit=3,
                job_template=JobTemplateSpecArgs(
                    spec=JobSpecArgs(
                        backoff_limit=3,
                        active_deadline_seconds=900,
                        template=self._template(["sh", "-c", _PARTITIONS], files, tenants, "OnFailure"),
                    )
                ),
            ),
            opts=self.child(depends_on=[made]),
        )
        self.job = made.metadata.apply(lambda meta: str(meta.name))
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels={**labels(self.context, self._component), **PODS})

    def _passwords(self, name: str) -> CustomResource:
        args = self._args
        wanted: dict[str, pulumi.Input[str]] = {role: args.role_secrets[role] for role in ROLES}
        wanted |= {"master": args.master_secret} | {f"tenant.{each.name}": each.secret for each in args.tenants}
        return CustomResource(
            f"{name}-passwords",
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata=self._meta(f"{name}-passwords"),
            spec={
                "refreshInterval": "15m0s",
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": args.store},
                "target": {"name": f"{name}-passwords"},
                "data": [
                    {"secretKey": key, "remoteRef": {"key": secret, "property": "password"}} for key, secret in sorted(wanted.items())
                ],
            },
            opts=self.child(),
        )

    def _template(self, command: list[str], files: ConfigMap, tenants: ConfigMap, restart: str) -> PodTemplateSpecArgs:
        args = self._args
        environment: dict[str, pulumi.Input[str]] = {
            "PGHOST": args.host,
            "PGPORT": "5432",
            "PGDATABASE": args.database,
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "/migrations/rds.pem",
            "MASTER_USER": args.master_user,
            "TMPDIR": "/work",
        }
        mounts = {"migrations": "/migrations", "tenants": "/tenants", "passwords": "/passwords", "work": "/work"}
        return PodTemplateSpecArgs(
            metadata=ObjectMetaArgs(labels={**labels(self.context, self._component), **PODS}),
            spec=PodSpecArgs(
                restart_policy=restart,
                automount_service_account_token=False,
                enable_service_links=False,
                security_context=pod_security(_USER),
                priority_class_name=args.priority_class,
                containers=[
                    ContainerArgs(
                        name="psql",
                        image=args.image,
                        command=command,
                        env=[EnvVarArgs(name=key, value=value) for key, value in environment.items()],
                        security_context=container_security(),
                        resources=resources({"cpu": "100m", "memory": "128Mi"}, {"cpu": "1", "memory": "256Mi"}),
                        volume_mounts=[
                            VolumeMountArgs(name=volume, mount_path=path, read_only=volume != "work") for volume, path in mounts.items()
                        ],
                    )
                ],
                volumes=[
                    VolumeArgs(name="migrations", config_map=ConfigMapVolumeSourceArgs(name=files.metadata.name)),
                    VolumeArgs(name="tenants", config_map=ConfigMapVolumeSourceArgs(name=tenants.metadata.name)),
                    VolumeArgs(name="passwords", secret=SecretVolumeSourceArgs(secret_name=f"{self._component}-passwords")),
                    VolumeArgs(name="work", empty_dir=EmptyDirVolumeSourceArgs(size_limit="64Mi")),
                ],
            ),
        )
