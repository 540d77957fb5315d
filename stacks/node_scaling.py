"""Who adds nodes to a cluster when pods find no place (CMP-3, CMP-4)."""

from components.cluster.node_pool import PoolArgs
from components.cluster.node_provisioning import NodeProvisioning, NodeProvisioningArgs
from components.platform.cluster_autoscaler import SERVICE_ACCOUNT as AUTOSCALER
from components.platform.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs, autoscaler_policy
from components.platform.flow import Pods
from components.platform.karpenter import SERVICE_ACCOUNT as KARPENTER
from components.platform.karpenter import Karpenter, KarpenterArgs, karpenter_policy
from components.platform.karpenter_pool import KarpenterPool, KarpenterPoolArgs
from components.platform.priority_classes import PLATFORM, PriorityClasses
from config.errors import ConfigError, Problem
from config.estate import stack_file
from config.load import Settings
from config.quotas import vcpus
from stacks.pools import node_pools
from stacks.site import ClusterSite

_NAMESPACE = "node-scaling"


def build_node_scaling(site: ClusterSite, priorities: PriorityClasses) -> None:
    """Build the scaler that the plan names, or none."""
    by = site.plan.node_scaling.by
    if by == "none":
        return
    pods = Pods(namespace=site.namespace(_NAMESPACE).namespace)
    site.to_kubernetes(_NAMESPACE, pods)
    site.to_aws(_NAMESPACE, pods)
    if by == "karpenter":
        _karpenter(site, priorities)
    else:
        _cluster_autoscaler(site, priorities)


def _cluster_autoscaler(site: ClusterSite, priorities: PriorityClasses) -> None:
    policy = autoscaler_policy(site.context, site.cluster_name)
    identity = site.identity(f"{_NAMESPACE}-identity", namespace=_NAMESPACE, service_account=AUTOSCALER, policy=policy)
    ClusterAutoscaler(
        _NAMESPACE,
        site.context,
        ClusterAutoscalerArgs(
            chart=site.chart("cluster-autoscaler-chart"),
            image=site.image("cluster-autoscaler"),
            namespace=site.namespace(_NAMESPACE).namespace,
            cluster_name=site.cluster_name,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities, identity),
    )


def _karpenter(site: ClusterSite, priorities: PriorityClasses) -> None:
    role = site.context.physical("cluster-nodes", limit=64)
    provisioning = NodeProvisioning("node-provisioning", site.context, NodeProvisioningArgs(node_role_name=role))
    key = site.foundation.keys.operational_arn
    policy = karpenter_policy(
        site.context,
        site.cluster_name,
        node_role_arn=site.context.arn("iam", f"role/{role}", region=""),
        queue_arn=provisioning.queue_arn,
        volume_key_arn=key,
    )
    identity = site.identity(f"{_NAMESPACE}-identity", namespace=_NAMESPACE, service_account=KARPENTER, policy=policy)
    scaler = Karpenter(
        "karpenter",
        site.context,
        KarpenterArgs(
            chart=site.chart("karpenter-chart"),
            image=site.image("karpenter"),
            namespace=site.namespace(_NAMESPACE).namespace,
            cluster_name=site.cluster_name,
            queue_name=provisioning.queue_name,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities, identity),
    )
    for pool in node_pools(site.settings):
        cpus = most_cpus(site.settings, pool)
        if cpus > 0:
            KarpenterPool(
                f"karpenter-{pool.name}",
                site.context,
                KarpenterPoolArgs(
                    pool=pool.name,
                    cluster_name=site.cluster_name,
                    instance_types=pool.spot_choice() if pool.spot_percent else (pool.instance_type,),
                    spot=pool.spot_percent > 0,
                    cpus=cpus,
                    profile_name=provisioning.profile_name,
                    security_group_id=site.region.node_security_group_id,
                    volume_key_arn=key,
                    dedicated=pool.dedicated,
                    volume_gib=pool.volume_gib,
                ),
                opts=site.opts(scaler),
            )


def most_cpus(settings: Settings, pool: PoolArgs) -> int:
    """Return the vCPUs that single nodes may add to a pool: what its managed groups leave between their min and max (CMP-4).

    Raises ConfigError for a type whose vCPUs are not known, since such a pool would have no limit.
    """
    each = vcpus(pool.instance_type)
    if each is None:
        key, allowed = f"morefocus:cluster.{pool.name}.instance_type", "a type whose vCPUs its name tells, such as m6i.xlarge"
        remedy = "choose such a type, or write morefocus:platform.node_scaling: {by: cluster-autoscaler}"
        raise ConfigError([Problem(stack_file(settings.stack), key, pool.instance_type, allowed, remedy)])
    return each * (pool.size.maximum - max(pool.size.minimum, pool.working_size.minimum))
