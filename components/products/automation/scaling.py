"""How many of n8n's processes there are at a time: by use of CPU and memory, workers by what waits in the queue as well."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.autoscaling.v2 import (
    ContainerResourceMetricSourceArgs,
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingPolicyArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.products.automation.automation import Replicas
from components.products.automation.environment import QueueAccess
from components.products.automation.facts import CONTAINER, QUEUE_LIST, Role, SecretKey

CALM_SECONDS = 300
"""How long less must be enough, before a process is taken away."""
_KEDA = "keda.sh/v1alpha1"


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationScalingArgs:
    """What scales, between which numbers, and at which use.

    Raises ValueError for a share of use outside 1 to 100, and without a single role.
    """

    namespace: pulumi.Input[str]
    queue: QueueAccess
    roles: dict[Role, Replicas]
    """Those that scale; a lone main does not."""
    concurrency: int
    """Executions a worker runs at a time: as many waiting ones call for another worker."""
    cpu: str = "700m"
    """Mean use of CPU from which there is one more: 70 % of the limit."""
    memory: str = "1536Mi"
    """Mean use of memory from which there is one more: 75 % of the limit."""

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError("roles must name at least one that scales (got none)")


class AutomationScaling(Component, token="products:AutomationScaling"):
    """Autoscalers on CPU and memory for mains and webhook processors, for workers on the queue's depth beside both (N8N-2, N8N-5, CMP-4).

    Use is counted of n8n's own container, and in amounts: as a share of its requests n8n, which idles at 300 to 400 MB, is always busy.
    Sources: https://keda.sh/docs/latest/scalers/redis-lists/,
    https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
    """

    def __init__(self, name: str, context: Context, args: AutomationScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        for role, replicas in args.roles.items():
            if role is Role.WORKER:
                self._workers(replicas)
            else:
                self._by_use(role, replicas)
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))

    def _by_use(self, role: Role, replicas: Replicas) -> None:
        args = self._args
        HorizontalPodAutoscaler(
            f"{self._component}-{role.value}",
            metadata=self._meta(role.deployment),
            spec=HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=CrossVersionObjectReferenceArgs(api_version="apps/v1", kind="Deployment", name=role.deployment),
                min_replicas=replicas.least,
                max_replicas=replicas.most,
                metrics=[_use("cpu", args.cpu), _use("memory", args.memory)],
                behavior=HorizontalPodAutoscalerBehaviorArgs(
                    scale_up=HPAScalingRulesArgs(
                        stabilization_window_seconds=0, policies=[HPAScalingPolicyArgs(type="Percent", value=100, period_seconds=30)]
                    ),
                    scale_down=HPAScalingRulesArgs(
                        stabilization_window_seconds=CALM_SECONDS, policies=[HPAScalingPolicyArgs(type="Pods", value=1, period_seconds=60)]
                    ),
                ),
            ),
            opts=self.child(),
        )

    def _workers(self, replicas: Replicas) -> None:
        args, worker = self._args, Role.WORKER.deployment
        login = CustomResource(
            f"{self._component}-queue-login",
            api_version=_KEDA,
            kind="TriggerAuthentication",
            metadata=self._meta(f"{worker}-queue"),
            spec={"secretTargetRef": [{"parameter": "password", "name": SecretKey.QUEUE.secret, "key": SecretKey.QUEUE.value}]},
            opts=self.child(),
        )
        CustomResource(
            f"{self._component}-worker",
            api_version=_KEDA,
            kind="ScaledObject",
            metadata=self._meta(worker),
            spec={
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": worker},
                "minReplicaCount": replicas.least,
                "maxReplicaCount": replicas.most,
                "pollingInterval": 15,
                "cooldownPeriod": CALM_SECONDS,
                "advanced": {
                    "horizontalPodAutoscalerConfig": {
                        "name": worker,
                        "behavior": {
                            "scaleDown": {
                                "stabilizationWindowSeconds": CALM_SECONDS,
                                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
                            }
                        },
                    }
                },
                "triggers": [
                    {
                        "type": "redis",
                        "metadata": {
                            "address": pulumi.Output.concat(args.queue.host, ":", str(args.queue.port)),
                            "listName": QUEUE_LIST,
                            "listLength": str(args.concurrency),
                            "enableTLS": "true",
                        },
                        "authenticationRef": {"name": f"{worker}-queue"},
                    },
                    _trigger("cpu", args.cpu),
                    _trigger("memory", args.memory),
                ],
            },
            opts=self.child(depends_on=[login]),
        )


def _use(resource: str, amount: str) -> MetricSpecArgs:
    return MetricSpecArgs(
        type="ContainerResource",
        container_resource=ContainerResourceMetricSourceArgs(
            name=resource, container=CONTAINER, target=MetricTargetArgs(type="AverageValue", average_value=amount)
        ),
    )


def _trigger(resource: str, amount: str) -> dict[str, object]:
    return {"type": resource, "metricType": "AverageValue", "metadata": {"value": amount, "containerName": CONTAINER}}
