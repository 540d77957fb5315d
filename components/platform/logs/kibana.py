"""Where people look at logs, from inside the estate's networks."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components._base import Component, Context
from components.platform.chart_values import Size
from components.platform.labels import labels
from components.platform.logs.names import KIBANA_PODS, KIBANA_SECRET, NAME
from components.platform.logs.templates import pod_template, version_of

_SIZE = Size(cpu="250m", memory="1536Mi", cpu_limit="1")


@dataclass(frozen=True, kw_only=True, slots=True)
class LogViewArgs:
    """How many, of which version."""

    namespace: pulumi.Input[str]
    image: str
    priority_class: str
    replicas: int = 2


class LogView(Component, token="platform:LogView"):
    """Kibana without a way in from the internet: people come by VPN and a forwarded port (OBS-4, docs/guides/log-search.md)."""

    def __init__(self, name: str, context: Context, args: LogViewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        meta = ObjectMetaArgs(name=NAME, namespace=args.namespace, labels=labels(context, name))
        CustomResource(
            f"{name}-kibana",
            api_version="kibana.k8s.elastic.co/v1",
            kind="Kibana",
            metadata=meta,
            spec=kibana_spec(args),
            opts=self.child(),
        )
        PodDisruptionBudget(
            f"{name}-budget",
            metadata=ObjectMetaArgs(name="kibana", namespace=args.namespace, labels=labels(context, name)),
            spec=PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=LabelSelectorArgs(match_labels=dict(KIBANA_PODS))),
            opts=self.child(),
        )
        self.publish()


def kibana_spec(args: LogViewArgs) -> dict[str, Any]:
    """Return the spec of the Kibana resource."""
    return {
        "version": version_of(args.image),
        "image": args.image,
        "count": args.replicas,
        "elasticsearchRef": {"name": NAME},
        "http": {"service": {"spec": {"type": "ClusterIP"}}},
        "secureSettings": [{"secretName": KIBANA_SECRET}],
        "config": {
            "telemetry.optIn": False,
            "telemetry.allowChangingOptInStatus": False,
            # A forgotten browser is no way in for long.
            "xpack.security.session.idleTimeout": "1h",
            "xpack.security.session.lifespan": "12h",
        },
        "podTemplate": pod_template("kibana", _SIZE, KIBANA_PODS, priority_class=args.priority_class),
    }
