"""What runs in a region's cluster: each part is built by a module of its own, from the same site."""

import pulumi

from components._base import Context
from components.platform.kube import ClusterApi, ClusterApiArgs
from config.load import Settings
from stacks.automation import build_automation
from stacks.automation_mesh import build_automation_mesh
from stacks.cluster_services import build_cluster_services
from stacks.foundation import Foundation
from stacks.handoff import RegionExports
from stacks.log_search import build_log_search
from stacks.mesh import build_mesh
from stacks.monitoring import build_monitoring, watch_queue
from stacks.pooling import build_pooling
from stacks.scraping import build_scraping
from stacks.site import ClusterSite
from stacks.storage import build_storage
from stacks.system_traffic import build_system_traffic
from stacks.tenants import build_tenants, login_names
from stacks.vault import build_vault
from stacks.watchers import build_watchers

__all__ = ["ClusterSite", "build_platform", "cluster_site"]


def build_platform(
    settings: Settings, context: Context, foundation: Foundation, region: RegionExports, zone_id: pulumi.Input[str]
) -> ClusterSite:
    """Build what runs in the cluster, what all stand on first; `zone_id` is the hub's zone."""
    site = cluster_site(settings, context, foundation, region, zone_id)
    build_system_traffic(site)
    services = build_cluster_services(site)
    storage = build_storage(site)
    monitoring = build_monitoring(site, services, storage) if site.plan.monitoring.enabled else None
    first: list[pulumi.Resource] = []
    if site.plan.mesh.enabled:
        # First of all that is in it: pods that start before it have no proxy.
        first = [build_mesh(site, services.certificates)]
    pooling = build_pooling(site, services, login_names(site))
    tenants = build_tenants(site, pooling.host)
    if site.plan.vault.enabled:
        build_vault(site, services, storage, tenants)
    if site.plan.logs.enabled:
        build_log_search(site, services, storage)
    if site.plan.mesh.enabled and site.plan.automation.enabled:
        build_automation_mesh(site, pooling.host)
    queue = build_automation(site, services, pooling, *first)
    if monitoring is not None:
        build_scraping(site, monitoring)
        build_watchers(site, services)
        if queue is not None:
            watch_queue(site, services, monitoring, queue)
    return site


def cluster_site(
    settings: Settings, context: Context, foundation: Foundation, region: RegionExports, zone_id: pulumi.Input[str]
) -> ClusterSite:
    """Return the region's cluster as the modules that fill it see it; nothing runs in it yet."""
    api = ClusterApi(
        "cluster-api",
        context,
        ClusterApiArgs(
            cluster_name=region.cluster_name,
            endpoint=region.cluster_endpoint,
            certificate_authority=region.cluster_certificate_authority,
        ),
    )
    return ClusterSite(settings=settings, context=context, foundation=foundation, region=region, api=api, zone_id=zone_id)
