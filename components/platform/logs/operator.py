"""The operator that runs Elasticsearch, Kibana, Logstash and Filebeat."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values
from components.platform.logs.names import NAMESPACE, OPERATOR, SHIPPERS_NAMESPACE, WEBHOOK_PORT
from components.platform.release import Chart, Release, ReleaseArgs

_SIZE = Size(cpu="100m", memory="512Mi", cpu_limit="1")


@dataclass(frozen=True, kw_only=True, slots=True)
class LogOperatorArgs:
    """Which chart and image."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    priority_class: str


class LogOperator(Component, token="platform:LogOperator"):
    """Elastic Cloud on Kubernetes, at its free level, that sees two namespaces and no other (OBS-4).

    Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/install-using-helm-chart
    """

    release: pulumi.Output[str]
    """Its name, known once it knows its kinds."""

    def __init__(self, name: str, context: Context, args: LogOperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=OPERATOR, values=operator_values(args)),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def operator_values(args: LogOperatorArgs) -> Values:
    """Return the chart's values.

    Source: https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/deploy/eck-operator/values.yaml
    """
    return {
        "installCRDs": True,
        "managedNamespaces": [NAMESPACE, SHIPPERS_NAMESPACE],
        "image": image_values(args.image),
        "resources": _SIZE.values(),
        "priorityClassName": args.priority_class,
        # The image's own user.
        "podSecurityContext": pod_values(1001),
        "securityContext": container_values(),
        # What is wrong in a resource is told when it is written, and not in the operator's log.
        "webhook": {"enabled": True, "failurePolicy": "Fail", "port": WEBHOOK_PORT},
        # It would tell Elastic how many nodes there are.
        "telemetry": {"disabled": True},
        "config": {
            "setDefaultSecurityContext": "true",
            # Certificates are renewed well before they end, the authority's too.
            "caValidity": "8760h",
            "caRotateBefore": "720h",
            "certificatesValidity": "2160h",
            "certificatesRotateBefore": "720h",
            "exposedNodeLabels": ["topology.kubernetes.io/zone"],
        },
        "podDisruptionBudget": {"enabled": False},
    }
