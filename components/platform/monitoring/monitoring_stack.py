"""Prometheus, Alertmanager and Grafana in a cluster, and what they may reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.platform.flow import IDENTITY_AGENT, IDENTITY_PORT, INTERNET, Addresses, Flow, FlowArgs, Pods
from components.platform.monitoring.scrape import NAMESPACE, PROMETHEUS
from components.platform.monitoring.stack_values import (
    ALERTMANAGER,
    FULL_NAME,
    GRAFANA,
    KUBE_STATE_METRICS,
    OPERATOR,
    StackFacts,
    stack_values,
)
from components.platform.release import Chart, Release, ReleaseArgs

KUBELET_PORT, NODE_EXPORTER_PORT = 10250, 9100
RELEASE = FULL_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitoringStackArgs:
    """Charts, values, and the networks that its pods reach."""

    definitions: Chart
    """The operator's custom resource definitions."""
    chart: Chart
    facts: StackFacts
    kubernetes_api: Addresses
    """Where pods reach the Kubernetes API."""
    control_plane: Addresses
    """Where the Kubernetes API calls webhooks from."""
    nodes: Addresses
    """Where nodes stand."""
    smtp_port: int


class MonitoringStack(Component, token="platform:MonitoringStack"):
    """The Prometheus operator and what it runs: two Prometheus, three Alertmanagers, a Grafana that is not public, and exporters of nodes
    and of Kubernetes' objects (OBS-1, OBS-6).

    Its definitions are a release of their own, so that whoever describes what is to be watched waits for them and not for the programs.
    Source: https://github.com/prometheus-community/helm-charts, https://prometheus-operator.dev/docs/
    """

    definitions: pulumi.Output[str]
    """Release of the definitions; monitors and rules wait for it."""
    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: MonitoringStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self.kinds = Release(
            f"{name}-definitions",
            context,
            ReleaseArgs(chart=args.definitions, namespace=NAMESPACE, values={}, release=f"{RELEASE}-definitions"),
            opts=self.child(),
        )
        """What monitors and rules wait for."""
        flows = self._flows(name, args)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=NAMESPACE, values=stack_values(args.facts), release=RELEASE),
            opts=self.child(depends_on=[self.kinds, *flows]),
        )
        self.definitions = self.kinds.release
        self.release = made.release
        self.publish()

    def _flows(self, name: str, args: MonitoringStackArgs) -> list[Flow]:
        prometheus, alertmanager, grafana = _pods(PROMETHEUS), _pods(ALERTMANAGER), _pods(GRAFANA)
        operator, states = _pods(OPERATOR), _pods(KUBE_STATE_METRICS)
        api = {"prometheus": prometheus, "grafana": grafana, "operator": operator, "states": states}
        flows = {
            **{f"{short}-to-kubernetes": _flow(pods, args.kubernetes_api, 443) for short, pods in api.items()},
            "kubernetes-to-operator": _flow(args.control_plane, operator, KUBELET_PORT),
            "prometheus-to-nodes": _flow(prometheus, args.nodes, KUBELET_PORT, NODE_EXPORTER_PORT),
            "prometheus-to-states": _flow(prometheus, states, 8080),
            "prometheus-to-operator": _flow(prometheus, operator, KUBELET_PORT),
            "prometheus-to-grafana": _flow(prometheus, grafana, 3000),
            "prometheus-to-prometheus": _flow(prometheus, prometheus, 8080, 9090),
            "prometheus-to-alertmanager": _flow(prometheus, alertmanager, 8080, 9093),
            "alertmanager-to-alertmanager": _flow(alertmanager, alertmanager, 9094),
            "alertmanager-gossip": _flow(alertmanager, alertmanager, 9094, protocol="UDP"),
            "alertmanager-to-identity": _flow(alertmanager, Addresses(cidrs=(IDENTITY_AGENT,)), IDENTITY_PORT),
            # Slack, the mail server, the alert topic and the outside service that waits for signs of life.
            "alertmanager-to-people": _flow(alertmanager, INTERNET, 443, args.smtp_port),
            "grafana-to-prometheus": _flow(grafana, prometheus, 9090),
            "grafana-to-alertmanager": _flow(grafana, alertmanager, 9093),
        }
        return [Flow(f"{name}-{short}", self.context, flow, opts=self.child()) for short, flow in flows.items()]


def _pods(match: Mapping[str, str]) -> Pods:
    return Pods(namespace=NAMESPACE, match=match)


def _flow(source: Pods | Addresses, destination: Pods | Addresses, *ports: int, protocol: str = "TCP") -> FlowArgs:
    return FlowArgs(source=source, destination=destination, ports=ports, protocol=protocol)
