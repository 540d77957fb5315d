"""Datadog's agents: of each node, and of the cluster."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.platform.chart_values import Size, Values, container_values, pod_values, zone_values
from components.platform.flow import INTERNET, Addresses, Flow, FlowArgs, Pods
from components.platform.release import Chart, Release, ReleaseArgs

RELEASE = "datadog"
AGENT = {"app": RELEASE}
CLUSTER_AGENT = {"app": f"{RELEASE}-cluster-agent"}
CLUSTER_AGENT_PORT, KUBELET_PORT = 5005, 10250
KEY = "api-key"
"""Key of the secret, as the chart wants it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogAgentsArgs:
    """Which chart and images, where to, and with what key."""

    chart: Chart
    agent_image: str
    cluster_agent_image: str
    namespace: str
    """Where pods may read their node."""
    site: str
    """Of the account, such as `datadoghq.eu`."""
    secret: str
    """Kubernetes secret with `KEY`."""
    cluster_name: str
    environment: str
    priority_class: str
    kubernetes_api: Addresses
    nodes: Addresses


class DatadogAgents(Component, token="platform:DatadogAgents"):
    """Datadog's view of nodes, containers and the cluster's objects; neither logs nor traces, which stay in the region (OBS-5, D1).

    The agent of a node reads its processes and containers, which `restricted` does not allow: it stands in the namespace that is the
    named exception. Nothing of it can be changed from outside: remote configuration is off.
    Source: https://github.com/DataDog/helm-charts/tree/datadog-3.240.0/charts/datadog
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: DatadogAgentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        agent, cluster = Pods(namespace=args.namespace, match=AGENT), Pods(namespace=args.namespace, match=CLUSTER_AGENT)
        flows = {
            "agent-to-datadog": FlowArgs(source=agent, destination=INTERNET, ports=(443,)),
            "cluster-to-datadog": FlowArgs(source=cluster, destination=INTERNET, ports=(443,)),
            "agent-to-kubernetes": FlowArgs(source=agent, destination=args.kubernetes_api, ports=(443,)),
            "cluster-to-kubernetes": FlowArgs(source=cluster, destination=args.kubernetes_api, ports=(443,)),
            "agent-to-kubelet": FlowArgs(source=agent, destination=args.nodes, ports=(KUBELET_PORT,)),
            "agent-to-cluster": FlowArgs(source=agent, destination=cluster, ports=(CLUSTER_AGENT_PORT,)),
        }
        made = [Flow(f"{name}-{short}", context, flow, opts=self.child()) for short, flow in flows.items()]
        release = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, values=datadog_values(args), release=RELEASE),
            opts=self.child(depends_on=made),
        )
        self.release = release.release
        self.publish()


def datadog_values(args: DatadogAgentsArgs) -> Values:
    """Return the chart's values."""
    off: Values = {"enabled": False}
    return {
        "datadog": {
            "apiKeyExistingSecret": args.secret,
            "site": args.site,
            "clusterName": args.cluster_name,
            "tags": [f"env:{args.environment}"],
            "logs": off,
            "apm": {"socketEnabled": False, "portEnabled": False},
            "processAgent": {"enabled": True, "processCollection": False, "processDiscovery": False, "containerCollection": True},
            # Names of secrets and configuration are nobody's business outside.
            "kubeStateMetricsCore": {"enabled": True, "collectSecretMetrics": False, "collectConfigMaps": False},
            "orchestratorExplorer": off,
            "operator": off,
            "discovery": off,
            "remoteConfiguration": off,
            # EKS signs kubelets' certificates by an authority that pods do not have.
            "kubelet": {"tlsVerify": False},
        },
        "agents": {
            "image": _image(args.agent_image),
            "tolerations": [{"operator": "Exists"}],
            "priorityClassName": "system-node-critical",
            "containers": {
                "agent": {"resources": Size(cpu="100m", memory="384Mi", cpu_limit="500m").values()},
                "initContainers": {"resources": Size(cpu="50m", memory="128Mi", cpu_limit="200m").values()},
            },
        },
        "clusterAgent": {
            "enabled": True,
            "image": _image(args.cluster_agent_image),
            "replicas": 2,
            "createPodDisruptionBudget": True,
            "admissionController": off,
            "metricsProvider": off,
            "priorityClassName": args.priority_class,
            "securityContext": pod_values(101),
            "containers": {"clusterAgent": {"securityContext": container_values()}},
            "resources": Size(cpu="100m", memory="256Mi", cpu_limit="500m").values(),
            "topologySpreadConstraints": zone_values(CLUSTER_AGENT),
        },
    }


def _image(reference: str) -> Values:
    """The chart reads a version out of the tag, and refuses what is none: the digest stands apart from it."""
    name, _, digest = reference.partition("@")
    repository, _, tag = name.rpartition(":")
    return {"repository": repository, "tag": tag, "digest": digest, "doNotCheckTag": True}
