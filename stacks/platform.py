"""What runs in a region's cluster: each part is built by a module of its own, from the same site."""

from dataclasses import dataclass

import pulumi

from components._base import Context
from components.platform.kube import ClusterApi, ClusterApiArgs
from config.load import Settings
from config.platform import PlatformPlan
from stacks.foundation import Foundation
from stacks.handoff import RegionExports


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterSite:
    """One cluster, and all that a part of the platform is built from."""

    settings: Settings
    context: Context
    foundation: Foundation
    region: RegionExports
    api: ClusterApi

    @property
    def plan(self) -> PlatformPlan:
        """What this stack's cluster is to run."""
        return self.settings.plan.platform

    @property
    def cluster_arn(self) -> str:
        """The cluster's ARN, known at preview."""
        return self.context.arn("eks", f"cluster/{self.context.physical('cluster', limit=100)}")

    def opts(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Return the options of a component whose objects stand in this cluster, and wait for `after`."""
        return pulumi.ResourceOptions.merge(self.api.opts(), pulumi.ResourceOptions(depends_on=list(after)))


def build_platform(settings: Settings, context: Context, foundation: Foundation, region: RegionExports) -> None:
    """Build what runs in the cluster, what all stand on first."""
    api = ClusterApi(
        "cluster-api",
        context,
        ClusterApiArgs(
            cluster_name=region.cluster_name,
            endpoint=region.cluster_endpoint,
            certificate_authority=region.cluster_certificate_authority,
        ),
    )
    ClusterSite(settings=settings, context=context, foundation=foundation, region=region, api=api)
