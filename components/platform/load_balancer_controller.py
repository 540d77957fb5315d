"""Keeps the targets of load balancers the same as the pods behind them."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values, zone_values
from components.platform.labels import labels
from components.platform.release import Chart, Release, ReleaseArgs
from config.vocabulary import TagKey

SERVICE_ACCOUNT = "aws-load-balancer-controller"
WEBHOOK_PORT = 9443
METRICS_PORT = 8080
_SIZE = Size(cpu="100m", memory="256Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerControllerArgs:
    """Which chart and image, and whose load balancers."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    cluster_name: str
    vpc_id: pulumi.Input[str]
    priority_class: str


class LoadBalancerController(Component, token="platform:LoadBalancerController"):
    """The AWS Load Balancer Controller, for the estate's own load balancers alone (NET-6, D9).

    Load balancers, listeners, firewalls and rules are made where the rest of the estate is; here pods come and go as targets
    (`TargetGroupBinding`). So a service or an ingress in the cluster can open no second door to the internet.
    Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: LoadBalancerControllerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=controller_values(context, args)),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def controller_values(context: Context, args: LoadBalancerControllerArgs) -> Values:
    """Return the chart's values: two replicas, a webhook whose certificate cert-manager renews, and no ingress.

    Source: https://github.com/kubernetes-sigs/aws-load-balancer-controller/tree/v3.5.0/helm/aws-load-balancer-controller
    """
    return {
        "replicaCount": 2,
        "image": image_values(args.image),
        "clusterName": args.cluster_name,
        "region": context.region.value,
        "vpcId": args.vpc_id,
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "enableCertManager": True,
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        # Services of the type LoadBalancer are left alone.
        "enableServiceMutatorWebhook": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "enableBackendSecurityGroup": False,
        "defaultTargetType": "ip",
        "podSecurityContext": pod_values(),
        "securityContext": container_values(),
        "resources": _SIZE.values(),
        "priorityClassName": args.priority_class,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "topologySpreadConstraints": zone_values({"app.kubernetes.io/name": SERVICE_ACCOUNT}),
        "additionalLabels": labels_of(context),
    }


def labels_of(context: Context) -> dict[str, str]:
    """Return the labels that a chart does not set itself."""
    kept = ("morefocus.com/owner", "morefocus.com/environment")
    return {key: value for key, value in labels(context, SERVICE_ACCOUNT).items() if key in kept}


def controller_policy(context: Context) -> Document:
    """Return what the controller may do: look, and bring pods in and out of the target groups of this stack.

    Describing knows no resources. Source:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    """
    own = {
        f"aws:ResourceTag/{TagKey.ENVIRONMENT.value}": context.environment.value,
        f"aws:ResourceTag/{TagKey.REGION.value}": context.region.value,
    }
    return document(
        allow(
            *("ec2:DescribeAvailabilityZones", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"),
            *("ec2:DescribeSubnets", "ec2:DescribeVpcs"),
            *("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"),
            on=["*"],
            sid="Look",
        ),
        allow(
            *("elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"),
            on=[context.arn("elasticloadbalancing", "targetgroup/*/*")],
            when={"StringEquals": own},
            sid="BringPodsInAndOut",
        ),
    )
