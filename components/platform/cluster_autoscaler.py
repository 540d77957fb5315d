"""Adds nodes when pods find no place, and takes away those that stand idle."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values, zone_values
from components.platform.release import Chart, Release, ReleaseArgs

SERVICE_ACCOUNT = "cluster-autoscaler"
METRICS_PORT = 8085
_PODS = {"app.kubernetes.io/instance": SERVICE_ACCOUNT}
_OF_NO_DIFFERENCE = (
    "capacity",
    "eks.amazonaws.com/capacityType",
    "node.kubernetes.io/instance-type",
    "beta.kubernetes.io/instance-type",
)
"""Labels by which Spot and on-demand groups of one pool differ, and are alike all the same."""
_SIZE = Size(cpu="100m", memory="600Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterAutoscalerArgs:
    """Which chart and image, and whose node groups."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    cluster_name: str
    priority_class: str


class ClusterAutoscaler(Component, token="platform:ClusterAutoscaler"):
    """Cluster Autoscaler over the managed node groups, between the least and the most that each pool may have (CMP-3, CMP-4).

    EKS itself tags the groups it is to find. Source: https://docs.aws.amazon.com/eks/latest/userguide/autoscaling.html
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        values = autoscaler_values(context, args)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=values),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def autoscaler_values(context: Context, args: ClusterAutoscalerArgs) -> Values:
    """Return the chart's values: of two replicas one acts.

    Source: https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/charts/cluster-autoscaler
    """
    return {
        "replicaCount": 2,
        "image": image_values(args.image),
        "fullnameOverride": SERVICE_ACCOUNT,
        "cloudProvider": "aws",
        "awsRegion": context.region.value,
        "autoDiscovery": {"clusterName": args.cluster_name},
        "rbac": {"create": True, "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT}},
        "extraArgs": {
            "logtostderr": True,
            "stderrthreshold": "info",
            "v": 2,
            "expander": "least-waste",
            # Groups of one pool grow evenly, so that Spot keeps its share of a pool that is half its size (CMP-3).
            "balance-similar-node-groups": True,
            **{f"balancing-ignore-label_{order}": label for order, label in enumerate(_OF_NO_DIFFERENCE, 1)},
            "skip-nodes-with-local-storage": False,
            "skip-nodes-with-system-pods": False,
            "scale-down-unneeded-time": "10m",
            "scale-down-utilization-threshold": 0.5,
            "max-graceful-termination-sec": 900,
        },
        "securityContext": pod_values(),
        "containerSecurityContext": container_values(),
        "resources": _SIZE.values(),
        "priorityClassName": args.priority_class,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "topologySpreadConstraints": zone_values(_PODS),
    }


def autoscaler_policy(context: Context, cluster_name: str) -> Document:
    """Return what it may do: look, and change the size of this cluster's groups; describing knows no resources.

    Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    """
    return document(
        allow(
            *("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances"),
            *("autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags"),
            *("ec2:DescribeImages", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions"),
            "ec2:GetInstanceTypesFromInstanceRequirements",
            on=["*"],
            sid="Look",
        ),
        allow("eks:DescribeNodegroup", on=[context.arn("eks", f"nodegroup/{cluster_name}/*")], sid="SeeGroupsThatAreEmpty"),
        allow(
            *("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"),
            on=[context.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")],
            when={"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name}": "owned"}},
            sid="ResizeOwnGroups",
        ),
    )
