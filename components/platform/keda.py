"""Scales pods by what waits for them, and not only by how hard they work."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.platform.chart_values import Size, Values, container_values, pod_values, registry_values, zone_values
from components.platform.release import Chart, Release, ReleaseArgs

OPERATOR = {"app": "keda-operator"}
METRICS_SERVER = {"app": "keda-operator-metrics-apiserver"}
WEBHOOKS = {"app": "keda-admission-webhooks"}
WEBHOOK_PORT, API_PORT, OPERATOR_PORT, METRICS_PORT = 9443, 6443, 9666, 8080
_SIZE = Size(cpu="100m", memory="256Mi", cpu_limit="1")


@dataclass(frozen=True, kw_only=True, slots=True)
class KedaArgs:
    """Which chart and images."""

    chart: Chart
    operator_image: str
    metrics_image: str
    webhooks_image: str
    namespace: pulumi.Input[str]
    cluster_name: str
    priority_class: str


class Keda(Component, token="platform:Keda"):
    """KEDA, which renews the certificates between its programs by itself (CMP-4, SEC-5)."""

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: KedaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        values = keda_values(args)
        made = Release(
            name, context, ReleaseArgs(chart=args.chart, namespace=args.namespace, release="keda", values=values), opts=self.child()
        )
        self.release = made.release
        self.publish()


def keda_values(args: KedaArgs) -> Values:
    """Return the chart's values: two replicas of each program, and only kinds of Kubernetes' own to scale.

    Source: https://github.com/kedacore/charts/tree/v2.20.2/keda
    """
    parts = ("operator", "metricServer", "webhooks")
    return {
        "clusterName": args.cluster_name,
        "image": {
            "keda": registry_values(args.operator_image),
            "metricsApiServer": registry_values(args.metrics_image),
            "webhooks": registry_values(args.webhooks_image),
            "pullPolicy": "IfNotPresent",
        },
        "crds": {"install": True},
        "operator": {"replicaCount": 2},
        "metricsServer": {"replicaCount": 2},
        # A ScaledObject that nobody could check would be found out only when it does not scale.
        "webhooks": {"replicaCount": 2, "failurePolicy": "Fail"},
        "rbac": {"create": True, "enabledCustomScaledRefKinds": False},
        "priorityClassName": args.priority_class,
        "podSecurityContext": {part: pod_values(1000) for part in parts},
        "securityContext": {part: container_values() for part in parts},
        "resources": {part: _SIZE.values() for part in parts},
        "podDisruptionBudget": {part: {"minAvailable": 1} for part in parts},
        "topologySpreadConstraints": {
            "operator": zone_values(OPERATOR),
            "metricsServer": zone_values(METRICS_SERVER),
            "webhooks": zone_values(WEBHOOKS),
        },
        "prometheus": {
            "operator": {"enabled": True, "port": METRICS_PORT},
            "metricServer": {"enabled": True, "port": METRICS_PORT},
            "webhooks": {"enabled": True, "port": METRICS_PORT},
        },
    }
