"""A region's Kubernetes cluster, ready for workloads (CMP-1 to CMP-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components._base import Component, Context
from components.cluster.access import Access, AccessArgs
from components.cluster.addon_catalogue import ADDON_NAMES, NODE_ADDONS, WORKLOAD_ADDONS, AddonSpec
from components.cluster.addons import Addons, AddonsArgs
from components.cluster.control_plane import ControlPlane, ControlPlaneArgs
from components.cluster.node_pool import NodePool, NodePoolArgs, PoolArgs
from components.cluster.node_role import NodeRole
from components.cluster.node_security_group import NodeSecurityGroup, NodeSecurityGroupArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterArgs:
    """What differs between the clusters of regions.

    Raises ValueError for pools that cannot work together, for versions of unknown add-ons, and for whatever the parts
    of the cluster refuse.
    """

    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    subnet_ids: pulumi.Input[list[str]]
    """Private subnets, for the control plane's network interfaces and the nodes."""
    data_cidr: str
    """Where data stores are."""
    internet_ports: tuple[int, ...]
    """TCP ports that pods may reach outside; the same that the network lets through."""
    data_ports: tuple[int, ...]
    """TCP ports of data stores; the same that the network lets through."""
    secrets_key_arn: pulumi.Input[str]
    """KMS key of the class `credentials`."""
    volume_key_arn: pulumi.Input[str]
    """KMS key of the class `operational`."""
    log_key_arn: pulumi.Input[str]
    """KMS key of the class `logs`."""
    pools: tuple[PoolArgs, ...]
    admins: Mapping[str, pulumi.Input[str]]
    """Roles that administer the cluster, by a short name."""
    readers: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Roles that see everything but secrets, by a short name."""
    version: str = "1.35"
    public_access_cidrs: tuple[str, ...] = ()
    """Who may reach the Kubernetes API from the internet; empty for nobody."""
    api_clients: Mapping[str, str] = field(default_factory=dict)
    """CIDRs that may reach the private Kubernetes API besides nodes, by a short name."""
    addon_versions: Mapping[str, str] = field(default_factory=dict)
    service_cidr: str = "172.20.0.0/16"
    log_retention_days: int = 365
    deletion_protection: bool = True

    def __post_init__(self) -> None:
        names = [pool.name for pool in self.pools]
        if len(set(names)) != len(names):
            raise ValueError(f"pools must have different names (got {', '.join(names)})")
        if all(pool.dedicated for pool in self.pools):
            raise ValueError("pools must have one that is not dedicated: DNS and other add-ons need somewhere to run")
        unknown = [addon for addon in self.addon_versions if addon not in ADDON_NAMES]
        if unknown:
            raise ValueError(f"addon_versions knows {', '.join(ADDON_NAMES)} (got {', '.join(unknown)})")
        # Parts check what they are given; here already, so that nothing is registered before.
        _control_plane("", self)
        _access("", self)
        _firewall("", "", self)


class Cluster(Component, token="cluster:Cluster"):
    """Control plane, nodes on demand and on Spot, add-ons, and those who may enter."""

    cluster_name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    control_plane_security_group_id: pulumi.Output[str]
    node_security_group_id: pulumi.Output[str]
    """What load balancers let in and data stores let through."""
    node_role_arn: pulumi.Output[str]
    node_group_names: pulumi.Output[list[str]]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        physical = context.physical(name, limit=100)
        self._arn = context.arn("eks", f"cluster/{physical}")
        plane = ControlPlane(f"{name}-control-plane", context, _control_plane(physical, args), opts=self.child())
        Access(f"{name}-access", context, _access(plane.cluster_name, args), opts=self.child())
        firewall = NodeSecurityGroup(
            f"{name}-node-firewall", context, _firewall(physical, plane.security_group_id, args), opts=self.child()
        )
        role = NodeRole(f"{name}-nodes", context, opts=self.child())
        first = self._addons(f"{name}-node-addons", NODE_ADDONS, plane)
        pools = [
            NodePool(
                f"{name}-{pool.name}",
                context,
                NodePoolArgs(
                    pool=pool,
                    cluster_name=plane.cluster_name,
                    version=args.version,
                    subnet_ids=args.subnet_ids,
                    node_role_arn=role.arn,
                    security_group_id=firewall.security_group_id,
                    volume_key_arn=args.volume_key_arn,
                    after=[role, firewall, first],
                ),
                opts=self.child(),
            )
            for pool in args.pools
        ]
        self._addons(f"{name}-addons", WORKLOAD_ADDONS, plane, after=pools)
        self.cluster_name = plane.cluster_name
        self.arn = plane.arn
        self.endpoint = plane.endpoint
        self.certificate_authority = plane.certificate_authority
        self.control_plane_security_group_id = plane.security_group_id
        self.node_security_group_id = firewall.security_group_id
        self.node_role_arn = role.arn
        self.node_group_names = _flat([pool.node_group_names for pool in pools])
        self.log_group_name = plane.log_group_name
        self.publish()

    def _addons(self, name: str, addons: tuple[AddonSpec, ...], plane: ControlPlane, after: Sequence[pulumi.Resource] = ()) -> Addons:
        return Addons(
            name,
            self.context,
            AddonsArgs(
                addons=addons,
                cluster_name=plane.cluster_name,
                cluster_arn=self._arn,
                volume_key_arn=self._args.volume_key_arn,
                versions=self._args.addon_versions,
                after=after,
            ),
            opts=self.child(),
        )


def _control_plane(physical: str, args: ClusterArgs) -> ControlPlaneArgs:
    return ControlPlaneArgs(
        cluster_name=physical,
        subnet_ids=args.subnet_ids,
        vpc_cidr=args.vpc_cidr,
        secrets_key_arn=args.secrets_key_arn,
        log_key_arn=args.log_key_arn,
        version=args.version,
        public_access_cidrs=args.public_access_cidrs,
        service_cidr=args.service_cidr,
        log_retention_days=args.log_retention_days,
        deletion_protection=args.deletion_protection,
    )


def _access(cluster_name: pulumi.Input[str], args: ClusterArgs) -> AccessArgs:
    return AccessArgs(cluster_name=cluster_name, admins=args.admins, readers=args.readers)


def _firewall(cluster_name: str, control_plane_group_id: pulumi.Input[str], args: ClusterArgs) -> NodeSecurityGroupArgs:
    return NodeSecurityGroupArgs(
        vpc_id=args.vpc_id,
        cluster_name=cluster_name,
        control_plane_group_id=control_plane_group_id,
        data_cidr=args.data_cidr,
        internet_ports=args.internet_ports,
        data_ports=args.data_ports,
        api_clients=args.api_clients,
    )


def _flat(names: Sequence[pulumi.Output[list[str]]]) -> pulumi.Output[list[str]]:
    return pulumi.Output.all(*names).apply(lambda lists: [name for each in lists for name in each])
