"""A region's tenants: those whose market it serves, each with what is its own (TEN-1, TEN-2, NET-8, D7)."""

from collections.abc import Mapping

import pulumi

from components.platform.pooling.pooler import PODS
from components.products.tenant.firewall import TenantFirewall, TenantFirewallArgs
from components.products.tenant.permissions import secret_folder
from components.products.tenant.placement import TenantPlacement, TenantPlacementArgs
from components.products.tenant.tenant import Tenant, TenantArgs, TenantDatabase
from config.tenants import Tenant as TenantFacts
from stacks.pooling import NAMESPACE as POOLING
from stacks.pooling import database_name, shard_of
from stacks.site import ClusterSite

__all__ = ["build_tenants", "login_names"]


def login_names(site: ClusterSite) -> Mapping[str, str]:
    """Return the name of each tenant's database secret, known before it is made."""
    return {tenant.name: f"{secret_folder(site.context, tenant.name)}database" for tenant in site.settings.tenants}


def build_tenants(site: ClusterSite, pooler_host: pulumi.Input[str]) -> tuple[Tenant, ...]:
    """Build every tenant of the stack, and the rule about their nodes where one has its own."""
    if any(tenant.has_own_nodes for tenant in site.settings.tenants):
        TenantPlacement("tenant-placement", site.context, TenantPlacementArgs(), opts=site.opts())
    return tuple(_tenant(site, tenant, pooler_host) for tenant in site.settings.tenants)


def _tenant(site: ClusterSite, facts: TenantFacts, pooler_host: pulumi.Input[str]) -> Tenant:
    keys = site.foundation.keys
    made = Tenant(
        facts.namespace,
        site.context,
        TenantArgs(
            tenant=facts.name,
            tier=facts.tier,
            quota=facts.quota.hard(),
            cluster_name=site.region.cluster_name,
            cluster_arn=site.cluster_arn,
            database=TenantDatabase(
                host=pooler_host,
                name=database_name(shard_of(site, facts), facts.tier),
                schema=facts.schema_name,
                pooler_namespace=POOLING,
                pooler_pods=PODS,
            ),
            key_arn=keys.personal_arn,
            credentials_key_arn=keys.credentials_arn,
            log_bucket=site.foundation.logs.name,
            node_pool=facts.namespace if facts.has_own_nodes else None,
            protect=site.settings.plan.protect,
        ),
        opts=site.opts(),
    )
    if facts.has_own_nodes:
        TenantFirewall(
            f"{facts.namespace}-firewall",
            site.context,
            TenantFirewallArgs(
                tenant=facts.name,
                namespace=made.namespace,
                vpc_id=site.region.vpc_id,
                node_security_group_id=site.region.node_security_group_id,
            ),
            opts=site.opts(),
        )
    return made
