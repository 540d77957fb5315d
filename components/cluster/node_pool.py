"""Nodes of one kind, some of them on Spot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.ec2._inputs import (
    LaunchTemplateBlockDeviceMappingArgs,
    LaunchTemplateBlockDeviceMappingEbsArgs,
    LaunchTemplateMetadataOptionsArgs,
    LaunchTemplateNetworkInterfaceArgs,
    LaunchTemplateTagSpecificationArgs,
)
from pulumi_aws.ec2.launch_template import LaunchTemplate
from pulumi_aws.eks._inputs import (
    NodeGroupLaunchTemplateArgs,
    NodeGroupNodeRepairConfigArgs,
    NodeGroupScalingConfigArgs,
    NodeGroupTaintArgs,
    NodeGroupUpdateConfigArgs,
)
from pulumi_aws.eks.node_group import NodeGroup

from components._base import Component, Context
from components.cluster.capacity import PoolSize, share
from components.cluster.instance_types import spot_types
from components.cluster.node_patching import NodePatching, NodePatchingArgs
from components.cluster.node_scaling import NodeScaling, NodeScalingArgs, Scaling
from config.vocabulary import DataClass

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_POOL_LABEL, _CAPACITY_LABEL = "node-pool", "capacity"


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolArgs:
    """What differs between pools of one cluster.

    Raises ValueError for a malformed name, a Spot share outside 0 to 100, a volume too small for the system and its
    images, and for a type that needs Spot equals and has none.
    """

    name: str
    instance_type: str
    size: PoolSize
    spot_percent: int = 30
    """Share of the nodes on Spot (CMP-3)."""
    spot_instance_types: tuple[str, ...] = ()
    """Types that Spot may choose from; empty for the known equals of `instance_type`."""
    dedicated: bool = False
    """Keep out all pods but those that tolerate the taint `node-pool=<name>`."""
    volume_gib: int = 80
    working_min: int | None = None
    """Fewest nodes in working hours; None for as many as at any hour."""
    scaling: Scaling = field(default_factory=Scaling)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"name of a pool must be lower-case words joined by hyphens (got {self.name!r})")
        if not 20 <= self.volume_gib <= 16384:
            raise ValueError(f"volume_gib of pool {self.name} must be 20 to 16384 (got {self.volume_gib})")
        if share(self.size, self.spot_percent).spot:
            self.spot_choice()
        if self.working_min is not None and not self.size.minimum <= self.working_min <= self.size.maximum:
            least, most = self.size.minimum, self.size.maximum
            raise ValueError(f"working_min of pool {self.name} must be {least} to {most} (got {self.working_min})")

    @property
    def working_size(self) -> PoolSize:
        """The pool's size in working hours."""
        least = self.size.minimum if self.working_min is None else self.working_min
        return PoolSize(minimum=least, desired=max(least, self.size.desired), maximum=self.size.maximum)

    def spot_choice(self) -> tuple[str, ...]:
        """Return the types Spot may choose from."""
        return self.spot_instance_types or spot_types(self.instance_type)


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePoolArgs:
    """A pool and the cluster it is of."""

    pool: PoolArgs
    cluster_name: pulumi.Input[str]
    version: str
    subnet_ids: pulumi.Input[list[str]]
    node_role_arn: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str]
    """KMS key of the class `operational`."""
    after: Sequence[pulumi.Resource] = ()
    """What nodes need before they can be ready."""


class NodePool(Component, token="cluster:NodePool"):
    """Managed node groups of one kind of node, on demand and on Spot, from one launch template (CMP-2, CMP-3, DAT-8).

    Metadata of nodes is out of reach for pods (IMDSv2, one hop); volumes are gp3 and encrypted; no node has a public
    address. A new launch template or version rolls through the nodes one by one.

    A pool is given bigger nodes by hand, by naming another `instance_type` (CMP-5): groups of the new type are made first, then EKS
    drains those of the old one. One pool at a time; both need the vCPU quotas for as long as both stand.
    """

    node_group_names: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._template = self._launch_template(name)
        shares = share(args.pool.size, args.pool.spot_percent)
        working = share(args.pool.working_size, args.pool.spot_percent)
        groups: dict[str, NodeGroup] = {}
        if shares.on_demand and working.on_demand:
            groups["on-demand"] = self._group(name, "on-demand", (args.pool.instance_type,), shares.on_demand)
            self._scaling(f"{name}-on-demand", groups["on-demand"], shares.on_demand, working.on_demand)
        if shares.spot and working.spot:
            groups["spot"] = self._group(name, "spot", args.pool.spot_choice(), shares.spot)
            self._scaling(f"{name}-spot", groups["spot"], shares.spot, working.spot)
        names = {capacity: group.node_group_name for capacity, group in groups.items()}
        if names:
            NodePatching(f"{name}-patching", context, NodePatchingArgs(cluster_name=args.cluster_name, groups=names), opts=self.child())
        self.node_group_names = pulumi.Output.all(*names.values())
        self.publish()

    def _group(self, name: str, capacity: str, types: tuple[str, ...], size: PoolSize) -> NodeGroup:
        pool = self._args.pool
        taint = NodeGroupTaintArgs(key=_POOL_LABEL, value=pool.name, effect="NO_SCHEDULE")
        return NodeGroup(
            f"{name}-{capacity}",
            cluster_name=self._args.cluster_name,
            version=self._args.version,
            node_role_arn=self._args.node_role_arn,
            subnet_ids=self._args.subnet_ids,
            ami_type="AL2023_x86_64_STANDARD",
            capacity_type=capacity.upper().replace("-", "_"),
            instance_types=list(types),
            scaling_config=NodeGroupScalingConfigArgs(min_size=size.minimum, desired_size=size.desired, max_size=size.maximum),
            update_config=NodeGroupUpdateConfigArgs(max_unavailable=1),
            node_repair_config=NodeGroupNodeRepairConfigArgs(enabled=True),
            labels={_POOL_LABEL: pool.name, _CAPACITY_LABEL: capacity},
            taints=[taint] if pool.dedicated else [],
            launch_template=NodeGroupLaunchTemplateArgs(id=self._template.id, version=self._template.latest_version.apply(str)),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-{capacity}"),
            # How many nodes there are is the autoscaler's to decide.
            opts=self.child(depends_on=list(self._args.after), ignore_changes=["scalingConfig.desiredSize"]),
        )

    def _scaling(self, name: str, group: NodeGroup, quiet: PoolSize, working: PoolSize) -> None:
        args = NodeScalingArgs(
            auto_scaling_group=group.resources[0].autoscaling_groups[0].name,
            quiet_min=quiet.minimum,
            # Shares are whole nodes: a group's part of more nodes may be the smaller one.
            working_min=max(quiet.minimum, working.minimum),
            scaling=self._args.pool.scaling,
        )
        if args.scheduled or args.scaling.predictive != "off":
            NodeScaling(f"{name}-scaling", self.context, args, opts=self.child())

    def _launch_template(self, name: str) -> LaunchTemplate:
        tags = self.tags(DataClass.OPERATIONAL, name=name)
        return LaunchTemplate(
            f"{name}-template",
            description=f"Nodes of the pool {self._args.pool.name}",
            update_default_version=True,
            metadata_options=LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                LaunchTemplateBlockDeviceMappingArgs(
                    device_name="/dev/xvda",
                    ebs=LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_type="gp3",
                        volume_size=self._args.pool.volume_gib,
                        encrypted="true",
                        kms_key_id=self._args.volume_key_arn,
                        delete_on_termination="true",
                    ),
                )
            ],
            network_interfaces=[
                LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=[self._args.security_group_id],
                )
            ],
            tag_specifications=[
                LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags) for kind in ("instance", "volume", "network-interface")
            ],
            tags=tags,
            opts=self.child(),
        )
