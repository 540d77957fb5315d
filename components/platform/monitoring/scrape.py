"""Pods whose metrics are read: Prometheus is told of them, and may reach them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.flow import Flow, FlowArgs, Pods
from components.platform.labels import labels

NAMESPACE = "monitoring"
SELECTED: Mapping[str, str] = {"morefocus.com/scrape": "true"}
"""Label of monitors and rules that Prometheus takes up. Charts' own monitors get it by their value for additional labels."""
PROMETHEUS: Mapping[str, str] = {"app.kubernetes.io/name": "prometheus"}
"""Labels that the operator gives Prometheus's pods.

Source: https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/pkg/prometheus/server/statefulset.go
"""
TENANT_LABEL = "morefocus.com/tenant"
_TENANT_SOURCE = "__meta_kubernetes_pod_label_morefocus_com_tenant"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScrapeArgs:
    """Which pods, and where they show their metrics.

    Raises ValueError when no label tells the pods.
    """

    namespace: str
    match: Mapping[str, str]
    """Labels of the pods."""
    port: int
    path: str = "/metrics"
    extra: Mapping[str, str] = field(default_factory=dict)
    """Labels that each of its series is to bear, such as `database` to `primary`."""
    interval: str = "30s"
    most_series: int = 20_000
    """Most series of one pod; with more the whole answer is dropped and told."""
    tls: bool = False
    """True: over TLS. The certificate is not checked against the pod's address, which no certificate names."""
    params: Mapping[str, str] = field(default_factory=dict)
    """What the address is asked with, such as `module`."""

    def __post_init__(self) -> None:
        if not self.match:
            raise ValueError(f"namespace {self.namespace}: name a label of the pods whose metrics are read (got none)")


class Scrape(Component, token="platform:Scrape"):
    """Metrics of some pods, read by Prometheus, with the tenant that the pods' label names on each series (OBS-1, TEN-1).

    Whoever runs something that shows metrics makes one of these: it makes the monitor, and the flow from Prometheus at both ends.
    Pods say whose they are by the label `morefocus.com/tenant`. Prometheus is no part of the mesh: a pod in it lets its metrics' port be
    read without mutual TLS.
    Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
    """

    def __init__(self, name: str, context: Context, args: ScrapeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        CustomResource(
            f"{name}-monitor",
            api_version="monitoring.coreos.com/v1",
            kind="PodMonitor",
            metadata=ObjectMetaArgs(name=name, namespace=args.namespace, labels={**labels(context, name), **SELECTED}),
            spec={
                "selector": {"matchLabels": dict(args.match)},
                "namespaceSelector": {"matchNames": [args.namespace]},
                "sampleLimit": args.most_series,
                "podMetricsEndpoints": [
                    {
                        "portNumber": args.port,
                        "path": args.path,
                        "interval": args.interval,
                        "scheme": "https" if args.tls else "http",
                        **({"tlsConfig": {"insecureSkipVerify": True}} if args.tls else {}),
                        "relabelings": relabelings(args.extra),
                        **({"params": {key: [value] for key, value in args.params.items()}} if args.params else {}),
                    }
                ],
            },
            opts=self.child(),
        )
        Flow(
            f"{name}-scrape",
            context,
            FlowArgs(
                source=Pods(namespace=NAMESPACE, match=PROMETHEUS),
                destination=Pods(namespace=args.namespace, match=args.match),
                ports=(args.port,),
            ),
            opts=self.child(),
        )
        self.publish()


def relabelings(extra: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return how labels of pods become labels of series: the tenant, and what is `extra`."""
    return [
        {"sourceLabels": [_TENANT_SOURCE], "regex": "(.+)", "targetLabel": "tenant", "action": "replace"},
        *({"targetLabel": label, "replacement": value, "action": "replace"} for label, value in extra.items()),
    ]
