"""Issues certificates in the cluster, and renews them before they end."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values, zone_values
from components.platform.release import Chart, Release, ReleaseArgs

SERVICE_ACCOUNT = "cert-manager"
WEBHOOK_PORT = 10250
METRICS_PORT = 9402
CONTROLLER = {"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller"}
WEBHOOK = {"app.kubernetes.io/name": "webhook", "app.kubernetes.io/component": "webhook"}
_INJECTOR = {"app.kubernetes.io/name": "cainjector", "app.kubernetes.io/component": "cainjector"}
_SIZE = Size(cpu="50m", memory="256Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True, slots=True)
class CertManagerImages:
    """Its four programs, all of one version."""

    controller: str
    webhook: str
    injector: str
    startup_check: str
    solver: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CertManagerArgs:
    """Which chart and images, and whom it asks for names."""

    chart: Chart
    images: CertManagerImages
    namespace: pulumi.Input[str]
    name_server: str
    """The cluster's own DNS, as address:port: the only one that pods may ask."""
    priority_class: str


class CertManager(Component, token="platform:CertManager"):
    """cert-manager, which renews each certificate when a third of its life is left (SEC-5).

    By its makers' chart: which settings the add-on of EKS takes is told by AWS alone, and it has to ask the cluster's own DNS.
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: CertManagerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        values = cert_manager_values(args)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=values),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def cert_manager_values(args: CertManagerArgs) -> Values:
    """Return the chart's values: two replicas of each program, and leases in its own namespace.

    Source: https://github.com/cert-manager/cert-manager/tree/v1.21.1/deploy/charts/cert-manager
    """
    budget = {"enabled": True, "minAvailable": 1}
    common = {
        "securityContext": pod_values(),
        "containerSecurityContext": container_values(),
        "resources": _SIZE.values(),
    }
    return {
        "global": {"leaderElection": {"namespace": args.namespace}, "priorityClassName": args.priority_class},
        # What stands on the definitions outlives a release that is undone.
        "crds": {"enabled": True, "keep": True},
        "replicaCount": 2,
        "image": image_values(args.images.controller),
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "dns01RecursiveNameserversOnly": True,
        "dns01RecursiveNameservers": args.name_server,
        "podDisruptionBudget": budget,
        "topologySpreadConstraints": zone_values(CONTROLLER),
        "webhook": {
            "replicaCount": 2,
            "image": image_values(args.images.webhook),
            "securePort": WEBHOOK_PORT,
            "podDisruptionBudget": budget,
            "topologySpreadConstraints": zone_values(WEBHOOK),
            **common,
        },
        "cainjector": {
            "replicaCount": 2,
            "image": image_values(args.images.injector),
            "podDisruptionBudget": budget,
            "topologySpreadConstraints": zone_values(_INJECTOR),
            **common,
        },
        "startupapicheck": {"image": image_values(args.images.startup_check), **common},
        "acmesolver": {"image": image_values(args.images.solver)},
        **common,
    }
