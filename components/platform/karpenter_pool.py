"""Nodes of one kind that are started one by one as pods need them."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from config.vocabulary import DataClass, TagKey

_POOL_LABEL = "node-pool"
"""As on nodes of the managed groups, so that pods need not know who started their node."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KarpenterPoolArgs:
    """Which nodes, how many at most, and what they are made of.

    Raises ValueError when there is no type to choose from, or nothing may be started.
    """

    pool: str
    cluster_name: str
    instance_types: tuple[str, ...]
    spot: bool
    """Whether Spot is tried first; on demand is always possible."""
    cpus: int
    """vCPUs of all of the pool's nodes together, at most."""
    profile_name: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str]
    dedicated: bool = False
    volume_gib: int = 80

    def __post_init__(self) -> None:
        if not self.instance_types or self.cpus < 1:
            raise ValueError(
                f"pool {self.pool} needs instance types and at least one vCPU (got {len(self.instance_types)} types, {self.cpus} vCPUs)"
            )


class KarpenterPool(Component, token="platform:KarpenterPool"):
    """A NodePool and its EC2NodeClass: like nodes of the managed groups, with metadata out of reach for pods (CMP-3, CMP-4, SEC-11).

    A new image replaces nodes a few at a time, so that patches reach them by themselves.
    Sources: https://karpenter.sh/docs/concepts/nodepools/, https://karpenter.sh/docs/concepts/nodeclasses/
    """

    def __init__(self, name: str, context: Context, args: KarpenterPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        meta = ObjectMetaArgs(name=args.pool, labels=labels(context, name))
        kind = CustomResource(
            f"{name}-class",
            api_version="karpenter.k8s.aws/v1",
            kind="EC2NodeClass",
            metadata=meta,
            spec=self._class(),
            opts=self.child(),
        )
        CustomResource(
            f"{name}-pool",
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata=meta,
            spec=self._pool(),
            opts=self.child(depends_on=[kind]),
        )
        self.publish()

    def _class(self) -> dict[str, object]:
        args, context = self._args, self.context
        volume = {
            "volumeType": "gp3",
            "volumeSize": f"{args.volume_gib}Gi",
            "encrypted": True,
            "kmsKeyID": args.volume_key_arn,
            "deleteOnTermination": True,
        }
        private = {
            "kubernetes.io/role/internal-elb": "1",
            TagKey.ENVIRONMENT.value: context.environment.value,
            TagKey.REGION.value: context.region.value,
        }
        return {
            "amiSelectorTerms": [{"alias": "al2023@latest"}],
            "instanceProfile": args.profile_name,
            "subnetSelectorTerms": [{"tags": private}],
            "securityGroupSelectorTerms": [{"id": args.security_group_id}],
            "associatePublicIPAddress": False,
            "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
            "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": volume}],
            "tags": self.tags(DataClass.OPERATIONAL, name=f"{args.pool}-node"),
        }

    def _pool(self) -> dict[str, object]:
        args = self._args
        capacity = ["spot", "on-demand"] if args.spot else ["on-demand"]
        node: dict[str, object] = {
            "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": args.pool},
            "requirements": [
                {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]},
                {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(args.instance_types)},
                {"key": "karpenter.sh/capacity-type", "operator": "In", "values": capacity},
            ],
            # No node is older than a month, and none waits for ever for a pod that will not go.
            "expireAfter": "720h",
            "terminationGracePeriod": "1h",
        }
        if args.dedicated:
            node["taints"] = [{"key": _POOL_LABEL, "value": args.pool, "effect": "NoSchedule"}]
        return {
            "template": {"metadata": {"labels": {_POOL_LABEL: args.pool}}, "spec": node},
            "limits": {"cpu": str(args.cpus)},
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": "10m",
                "budgets": [{"nodes": "10%"}],
            },
        }
