"""Where every line passes before it is kept, and leaves its persons behind."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components._base import Component, Context
from components.platform.chart_values import Size
from components.platform.labels import labels
from components.platform.logs.names import ANONYMISATION_SECRET, INTAKE_TLS, LOGSTASH_PODS, NAME
from components.platform.logs.pipeline import CERTIFICATES, KEY_VARIABLE, PORT, pipeline
from components.platform.logs.templates import pod_template, version_of, volume_claim

_SIZE = Size(cpu="500m", memory="2Gi", cpu_limit="2")
_QUEUE_GB = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class LogIntakeArgs:
    """How many, of which version."""

    namespace: pulumi.Input[str]
    image: str
    storage_class: str
    priority_class: str
    replicas: int = 2

    def __post_init__(self) -> None:
        if self.replicas < 2:
            raise ValueError(f"replicas must be at least 2: while one is renewed, lines go to the other (got {self.replicas})")


class LogIntake(Component, token="platform:LogIntake"):
    """Logstash that hides e-mail, phone and IP addresses, and keeps on disk what Elasticsearch does not take at once (OBS-4, COM-2).

    Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/logstash
    """

    def __init__(self, name: str, context: Context, args: LogIntakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        CustomResource(
            f"{name}-logstash",
            api_version="logstash.k8s.elastic.co/v1alpha1",
            kind="Logstash",
            metadata=ObjectMetaArgs(name=NAME, namespace=args.namespace, labels=labels(context, name)),
            spec=logstash_spec(args),
            opts=self.child(),
        )
        PodDisruptionBudget(
            f"{name}-budget",
            metadata=ObjectMetaArgs(name="logstash", namespace=args.namespace, labels=labels(context, name)),
            spec=PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=LabelSelectorArgs(match_labels=dict(LOGSTASH_PODS))),
            opts=self.child(),
        )
        self.publish()


def logstash_spec(args: LogIntakeArgs) -> dict[str, Any]:
    """Return the spec of the Logstash resource."""
    key = {"secretKeyRef": {"name": ANONYMISATION_SECRET, "key": KEY_VARIABLE}}
    return {
        "version": version_of(args.image),
        "image": args.image,
        "count": args.replicas,
        "elasticsearchRefs": [{"name": NAME, "clusterName": NAME}],
        "config": {
            "queue.type": "persisted",
            "queue.max_bytes": f"{_QUEUE_GB - 2}gb",
            "dead_letter_queue.enable": True,
            "dead_letter_queue.max_bytes": "1gb",
            "log.format": "json",
        },
        "pipelines": [{"pipeline.id": "main", "config.string": pipeline()}],
        "services": [
            {
                "name": "beats",
                "service": {
                    "spec": {"type": "ClusterIP", "ports": [{"name": "beats", "port": PORT, "protocol": "TCP", "targetPort": PORT}]}
                },
            }
        ],
        "volumeClaimTemplates": [volume_claim("logstash-data", _QUEUE_GB, args.storage_class)],
        "podTemplate": pod_template(
            "logstash",
            _SIZE,
            LOGSTASH_PODS,
            priority_class=args.priority_class,
            # It unpacks native libraries and writes its settings beside its program.
            read_only=False,
            env=[{"name": KEY_VARIABLE, "valueFrom": key}],
            mounts={"certificates": CERTIFICATES},
            volumes=[{"name": "certificates", "secret": {"secretName": INTAKE_TLS}}],
        ),
    }
