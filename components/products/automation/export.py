"""The daily export of n8n's workflows and credentials to the region's backups, by n8n's own commands (N8N-4, BDR-2)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_kubernetes.batch.v1 import CronJob, CronJobSpecArgs, JobSpecArgs, JobTemplateSpecArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ServiceAccount,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.labels import labels
from components.platform.workload import container_security, pod_security, resources
from components.products.automation.environment import EnvironmentArgs
from components.products.automation.export_script import FOLDER, METRIC, METRIC_NAMESPACE, PREFIX, upload_script
from components.products.automation.facts import HOME, NAME, USER
from components.products.automation.pods import export_variables, export_volumes
from config.vocabulary import DataClass

SERVICE_ACCOUNT = f"{NAME}-export"
PODS = {"app.kubernetes.io/name": f"{NAME}-export"}
_PARTS = {"workflows": "export:workflow", "credentials": "export:credentials"}
_WINDOW_SECONDS, _WINDOWS = 21_600, 5
"""Thirty hours without an export are told: a day, and time for it to be late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkflowExportArgs:
    """What is exported, where to, and who is told when it is not.

    Raises ValueError for a schedule that is no cron line of five fields.
    """

    namespace: pulumi.Input[str]
    image: str
    """n8n's own, so that its commands know its schema."""
    uploader_image: str
    """AWS's command line."""
    told: EnvironmentArgs
    bucket: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    schedule: str = "30 2 * * *"
    """In UTC."""
    suspended: bool = False
    """A copy that stands by has nothing to export."""
    priority_class: str | None = None

    def __post_init__(self) -> None:
        if len(self.schedule.split()) != 5:
            raise ValueError(f"schedule must have five cron fields such as '30 2 * * *' (got {self.schedule!r})")


class WorkflowExport(Component, token="products:WorkflowExport"):
    """A CronJob that exports every workflow and credential, as encrypted as it is stored, each to an object of its own (N8N-4, BDR-2).

    In a versioned bucket each export of a workflow is a version of its object. Credentials are never decrypted: they can be read with
    n8n's encryption key alone. An alarm rings when an export has not ended well for thirty hours, whatever the reason.
    Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/use-the-command-line
    """

    cron_job: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: WorkflowExportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        account = ServiceAccount(
            f"{name}-account", metadata=self._meta(SERVICE_ACCOUNT), automount_service_account_token=False, opts=self.child()
        )
        job = CronJob(
            f"{name}-job",
            metadata=self._meta(SERVICE_ACCOUNT),
            spec=CronJobSpecArgs(
                schedule=args.schedule,
                time_zone="Etc/UTC",
                suspend=args.suspended,
                concurrency_policy="Forbid",
                starting_deadline_seconds=7200,
                successful_jobs_history_limit=3,
                failed_jobs_history_limit=3,
                job_template=JobTemplateSpecArgs(
                    spec=JobSpecArgs(
                        backoff_limit=3,
                        active_deadline_seconds=3600,
                        template=PodTemplateSpecArgs(
                            metadata=ObjectMetaArgs(
                                labels={**labels(context, name), **PODS, "sidecar.istio.io/inject": "false"},
                            ),
                            spec=self._pod(),
                        ),
                    )
                ),
            ),
            opts=self.child(depends_on=[account]),
        )
        if not args.suspended:
            self._alarm()
        self.cron_job = job.metadata.apply(lambda metadata: str(metadata.name))
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))

    def _pod(self) -> PodSpecArgs:
        args = self._args
        return PodSpecArgs(
            service_account_name=SERVICE_ACCOUNT,
            automount_service_account_token=False,
            enable_service_links=False,
            restart_policy="Never",
            priority_class_name=args.priority_class,
            security_context=pod_security(USER),
            init_containers=[self._export(part, command) for part, command in _PARTS.items()],
            containers=[self._upload()],
            volumes=[
                *(VolumeArgs(name=each, empty_dir=EmptyDirVolumeSourceArgs(size_limit="2Gi")) for each in ("export", "home", "tmp")),
                *export_volumes(args.told)[0],
            ],
        )

    def _export(self, part: str, command: str) -> ContainerArgs:
        """Return what writes one folder; the next one, and the upload, begin when it has ended without error."""
        args = self._args
        return ContainerArgs(
            name=part,
            image=args.image,
            args=[command, "--backup", f"--output={FOLDER}/{part}/"],
            env=export_variables(args.told),
            resources=resources({"cpu": "250m", "memory": "512Mi"}, {"cpu": "1000m", "memory": "2Gi"}),
            security_context=container_security(),
            volume_mounts=[*_mounts(HOME), *export_volumes(args.told)[1]],
        )

    def _upload(self) -> ContainerArgs:
        args = self._args
        facts = {"BUCKET": args.bucket, "AWS_REGION": self.context.region.value, "STACK": self.context.prefix, "HOME": "/tmp"}  # noqa: S108
        return ContainerArgs(
            name="upload",
            image=args.uploader_image,
            command=["sh", "-ec", upload_script()],
            env=[EnvVarArgs(name=name, value=value) for name, value in sorted(facts.items())],
            resources=resources({"cpu": "50m", "memory": "128Mi"}, {"cpu": "500m", "memory": "512Mi"}),
            security_context=container_security(),
            volume_mounts=_mounts(),
        )

    def _alarm(self) -> None:
        args, logical = self._args, f"{self._component}-missed"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description="n8n's workflows were not exported for 30 hours: look at the jobs of CronJob n8n-export",
            namespace=METRIC_NAMESPACE,
            metric_name=METRIC,
            dimensions={"Stack": self.context.prefix},
            statistic="SampleCount",
            period=_WINDOW_SECONDS,
            evaluation_periods=_WINDOWS,
            datapoints_to_alarm=_WINDOWS,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[args.alert_topic_arn],
            ok_actions=[args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )


def export_policy(context: Context, bucket_arn: str, key_arn: pulumi.Input[str]) -> Document:
    """Return what the export may do: put objects below its prefix, mark them deleted, and say that it has; it can destroy no version."""
    return document(
        allow(
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            on=[f"{bucket_arn}/{PREFIX}/*"],
            sid="Export",
        ),
        allow("s3:ListBucket", on=[bucket_arn], when={"StringLike": {"s3:prefix": [f"{PREFIX}/*"]}}, sid="Compare"),
        allow(
            "kms:GenerateDataKey",
            "kms:Decrypt",
            on=[key_arn],
            when={"StringEquals": {"kms:ViaService": f"s3.{context.region.value}.amazonaws.com"}},
            sid="Encrypt",
        ),
        allow(
            "cloudwatch:PutMetricData", on=["*"], when={"StringEquals": {"cloudwatch:namespace": METRIC_NAMESPACE}}, sid="SayThatItIsDone"
        ),
    )


def _mounts(home: str | None = None) -> list[VolumeMountArgs]:
    found = [
        # Uploads only read what was exported.
        VolumeMountArgs(name="export", mount_path=FOLDER, read_only=home is None),
        VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 - a volume of the pod's own
    ]
    return found if home is None else [*found, VolumeMountArgs(name="home", mount_path=home)]
