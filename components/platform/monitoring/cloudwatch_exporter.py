"""What AWS alone knows of its services, read from CloudWatch: the load balancer, PostgreSQL's storage, the cache, queues (OBS-1, OBS-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from components._base import Context, allow, document
from components._base.policy_document import Document
from components.platform.flow import IDENTITY_AGENT, IDENTITY_PORT, INTERNET, Addresses
from components.platform.monitoring.exporter import CONFIG, ExporterArgs, Reached

NAME = "cloudwatch-exporter"
SECONDS = 60
DELAY = 120
"""CloudWatch's figures of a minute are whole about two minutes later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudwatchJob:
    """Metrics of one of AWS's services."""

    service: str
    """Namespace in CloudWatch, such as `AWS/RDS`."""
    dimensions: Sequence[str]
    """Exactly the dimensions that a metric must have: others are the same figures cut otherwise, and would be counted twice."""
    metrics: Sequence[tuple[str, str]]
    """Metric and statistic, as CloudWatch spells them."""
    zero: bool = False
    """True where no figure means none, such as of errors."""


JOBS: Sequence[CloudwatchJob] = (
    CloudwatchJob(
        service="AWS/ApplicationELB",
        dimensions=("LoadBalancer",),
        metrics=(
            ("RequestCount", "Sum"),
            ("HTTPCode_ELB_5XX_Count", "Sum"),
            ("HTTPCode_Target_5XX_Count", "Sum"),
            ("HTTPCode_Target_4XX_Count", "Sum"),
            ("ActiveConnectionCount", "Sum"),
            ("TargetResponseTime", "p95"),
        ),
        zero=True,
    ),
    CloudwatchJob(
        service="AWS/RDS",
        dimensions=("DBInstanceIdentifier",),
        metrics=(("FreeStorageSpace", "Minimum"), ("CPUUtilization", "Average"), ("ReplicaLag", "Maximum")),
    ),
    CloudwatchJob(
        service="AWS/ElastiCache",
        dimensions=("CacheClusterId", "CacheNodeId"),
        metrics=(
            ("EngineCPUUtilization", "Maximum"),
            ("DatabaseMemoryUsagePercentage", "Maximum"),
            ("Evictions", "Sum"),
            ("CurrConnections", "Maximum"),
            ("ReplicationLag", "Maximum"),
        ),
    ),
    CloudwatchJob(
        service="AWS/SQS",
        dimensions=("QueueName",),
        metrics=(("ApproximateNumberOfMessagesVisible", "Maximum"), ("ApproximateAgeOfOldestMessage", "Maximum")),
    ),
)
"""What is read.

Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""


def cloudwatch_exporter(image: str, context: Context) -> ExporterArgs:
    """Return YACE, which asks CloudWatch each minute for the environment's own resources, with the role of its service account.

    AWS charges for each metric asked for: about 40,000 questions a metric and month.
    Source: https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/v0.67.0/docs/configuration.md
    """
    return ExporterArgs(
        image=image,
        port=5000,
        arguments=[f"--config.file={CONFIG}/config.yml", f"--scraping-interval={SECONDS}", "--log.format=json"],
        files={"config.yml": yaml.safe_dump(cloudwatch_config(context), sort_keys=True)},
        reaches={
            "identity": Reached(to=Addresses(cidrs=(IDENTITY_AGENT,)), ports=(IDENTITY_PORT,)),
            "aws": Reached(to=INTERNET, ports=(443,)),
        },
        memory="128Mi",
        interval="1m",
    )


def cloudwatch_policy() -> Document:
    """Return what it may do: read figures and tags, which know no narrower resource.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    """
    return document(
        allow(
            *("cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "tag:GetResources"),
            on=["*"],
            sid="ReadMetrics",
        )
    )


def cloudwatch_config(context: Context) -> dict[str, Any]:
    """Return the exporter's configuration: the resources of this environment in this region, found by their tags."""
    own = [{"key": "environment", "value": f"^{context.environment.value}$"}, {"key": "region", "value": f"^{context.region.value}$"}]
    return {
        "apiVersion": "v1alpha1",
        "discovery": {
            "jobs": [
                {
                    "type": job.service,
                    "regions": [context.region.value],
                    "searchTags": own,
                    "dimensionNameRequirements": list(job.dimensions),
                    "period": SECONDS,
                    "length": SECONDS * 5,
                    "delay": DELAY,
                    "nilToZero": job.zero,
                    "metrics": [{"name": metric, "statistics": [statistic]} for metric, statistic in job.metrics],
                }
                for job in JOBS
            ]
        },
    }
