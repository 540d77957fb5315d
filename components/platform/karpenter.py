"""Starts the node that fits the pods which find no place, and ends nodes that others can stand in for."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context, Statement, allow, document
from components._base.policy_document import Document
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values
from components.platform.release import Chart, Release, ReleaseArgs

SERVICE_ACCOUNT = "karpenter"
METRICS_PORT = 8080
_SIZE = Size(cpu="500m", memory="1Gi", cpu_limit="1")


@dataclass(frozen=True, kw_only=True, slots=True)
class KarpenterArgs:
    """Which chart and image, and for which cluster."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    cluster_name: str
    queue_name: pulumi.Input[str]
    """Where AWS tells which nodes are about to go."""
    priority_class: str


class Karpenter(Component, token="platform:Karpenter"):
    """Karpenter, which stands on nodes of the managed groups and never on its own (CMP-3, CMP-4).

    Source: https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: KarpenterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=karpenter_values(args)),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def karpenter_values(args: KarpenterArgs) -> Values:
    """Return the chart's values; that its two replicas stand on different nodes and zones is the chart's own default.

    Source: https://github.com/aws/karpenter-provider-aws/tree/v1.14.1/charts/karpenter
    """
    image = image_values(args.image)
    tag, _, digest = str(image["tag"]).partition("@")
    return {
        "replicas": 2,
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "controller": {
            # The chart has a digest of its own, which would stay.
            "image": {"repository": image["repository"], "tag": tag, "digest": digest},
            "resources": _SIZE.values(),
            "securityContext": container_values(),
        },
        "podSecurityContext": pod_values(),
        "podDisruptionBudget": {"name": SERVICE_ACCOUNT, "maxUnavailable": 1},
        "priorityClassName": args.priority_class,
        "settings": {"clusterName": args.cluster_name, "interruptionQueue": args.queue_name},
    }


def karpenter_policy(
    context: Context, cluster_name: str, *, node_role_arn: str, queue_arn: pulumi.Input[str], volume_key_arn: pulumi.Input[str]
) -> Document:
    """Return what it may do: start nodes that bear this cluster's tag, end those alone, pass one role, and encrypt their volumes.

    After the makers' own policy, without what concerns instance profiles. Source:
    https://karpenter.sh/docs/reference/cloudformation/
    """
    own = f"kubernetes.io/cluster/{cluster_name}"
    pool = {"aws:RequestTag/karpenter.sh/nodepool": "*"}
    asked = {f"aws:RequestTag/{own}": "owned", "aws:RequestTag/eks:eks-cluster-name": cluster_name}
    owned = {"StringEquals": {f"aws:ResourceTag/{own}": "owned"}, "StringLike": {"aws:ResourceTag/karpenter.sh/nodepool": "*"}}
    images = [f"arn:aws:ec2:{context.region.value}::{kind}/*" for kind in ("image", "snapshot")]
    placed = [context.arn("ec2", f"{kind}/*") for kind in ("security-group", "subnet")]
    kinds = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
    made = [context.arn("ec2", f"{kind}/*") for kind in kinds]
    start = ("ec2:RunInstances", "ec2:CreateFleet")
    created = {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}
    return document(
        allow(*start, on=[*images, *placed], sid="StartFromAndIn"),
        allow(*start, on=[context.arn("ec2", "launch-template/*")], when=owned, sid="StartByOwnTemplates"),
        allow(*start, "ec2:CreateLaunchTemplate", on=made, when={"StringEquals": asked, "StringLike": pool}, sid="StartWithTags"),
        allow("ec2:CreateTags", on=made, when={"StringEquals": {**asked, **created}, "StringLike": pool}, sid="TagWhatIsStarted"),
        allow(
            "ec2:CreateTags",
            on=[context.arn("ec2", "instance/*")],
            when={
                **owned,
                "ForAllValues:StringEquals": {"aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]},
                "Null": {"aws:TagKeys": "false"},
            },
            sid="NameOwnNodes",
        ),
        allow(
            *("ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"),
            on=[context.arn("ec2", "instance/*"), context.arn("ec2", "launch-template/*")],
            when=owned,
            sid="EndOwnNodes",
        ),
        allow("iam:PassRole", on=[node_role_arn], when={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, sid="PassNodeRole"),
        *_volumes(context, volume_key_arn),
        allow("eks:DescribeCluster", on=[context.arn("eks", f"cluster/{cluster_name}")], sid="FindTheCluster"),
        allow("sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage", on=[queue_arn], sid="HearOfInterruptions"),
        allow("ssm:GetParameter", on=[f"arn:aws:ssm:{context.region.value}::parameter/aws/service/*"], sid="FindImages"),
        allow(
            *(f"ec2:Describe{what}" for what in ("CapacityReservations", "Images", "Instances", "InstanceStatus", "InstanceTypeOfferings")),
            *(f"ec2:Describe{what}" for what in ("InstanceTypes", "LaunchTemplates", "PlacementGroups", "SecurityGroups")),
            *(f"ec2:Describe{what}" for what in ("SpotPriceHistory", "Subnets")),
            on=["*"],
            when={"StringEquals": {"aws:RequestedRegion": context.region.value}},
            sid="Look",
        ),
        # Neither knows resources; prices are asked of another region.
        allow("pricing:GetProducts", "iam:GetInstanceProfile", "iam:ListInstanceProfiles", on=["*"], sid="LookUpPrices"),
    )


def _volumes(context: Context, key_arn: pulumi.Input[str]) -> tuple[Statement, Statement]:
    """Let EC2 make encrypted volumes for who starts the nodes; of managed groups that is AWS's own role.

    Source: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    """
    via = {"kms:ViaService": f"ec2.{context.region.value}.amazonaws.com"}
    return (
        allow(
            *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            on=[key_arn],
            when={"StringEquals": via},
            sid="EncryptVolumes",
        ),
        allow(
            "kms:CreateGrant",
            on=[key_arn],
            when={"StringEquals": via, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            sid="LetVolumesBeAttached",
        ),
    )
