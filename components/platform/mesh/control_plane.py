"""The mesh's control plane, and the plugin on each node that sends pods' traffic through their proxies."""

from dataclasses import dataclass, field

import pulumi

from components._base import Component, Context
from components.platform.mesh.authority import MeshAuthority, MeshAuthorityArgs
from components.platform.mesh.values import DISCOVERY, MeshImages, ProxyShare, base_values, discovery_values, plugin_values
from components.platform.release import Chart, Release, ReleaseArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshCharts:
    """One version of the three charts.

    Raises ValueError when they differ: its makers test them together only.
    """

    base: Chart
    plugin: Chart
    discovery: Chart

    def __post_init__(self) -> None:
        versions = (self.base.version, self.plugin.version, self.discovery.version)
        if len(set(versions)) != 1:
            raise ValueError(f"base, plugin and discovery must be of one version (got {', '.join(versions)})")


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshControlPlaneArgs:
    """What is installed, and where.

    Raises ValueError for fewer than two replicas: without a control plane no pod of the mesh starts.
    """

    namespace: pulumi.Input[str]
    plugin_namespace: pulumi.Input[str]
    """Where pods may write to their node's disk."""
    charts: MeshCharts
    images: MeshImages
    proxy: ProxyShare = field(default_factory=ProxyShare)
    authority_days: int = 90
    replicas: int = 2
    most_replicas: int = 5

    def __post_init__(self) -> None:
        if not 2 <= self.replicas <= self.most_replicas:
            raise ValueError(f"replicas must be 2 to most_replicas {self.most_replicas} (got {self.replicas})")


class MeshControlPlane(Component, token="platform:MeshControlPlane"):
    """Istio with a proxy in each pod (ADR 19), whose pods need no rights on the network (SEC-5).

    Source: https://istio.io/latest/docs/setup/additional-setup/cni/,
    https://istio.io/latest/docs/setup/install/helm/
    """

    release: pulumi.Output[str]
    """Name of the control plane's release, known once pods of the mesh can start."""

    def __init__(self, name: str, context: Context, args: MeshControlPlaneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        base = Release(
            f"{name}-base",
            context,
            ReleaseArgs(
                chart=args.charts.base,
                namespace=args.namespace,
                release="istio-base",
                values=base_values("istio-system"),
            ),
            opts=self.child(),
        )
        authority = MeshAuthority(
            f"{name}-authority",
            context,
            MeshAuthorityArgs(namespace=args.namespace, authority_days=args.authority_days),
            opts=self.child(),
        )
        plugin = Release(
            f"{name}-plugin",
            context,
            ReleaseArgs(
                chart=args.charts.plugin,
                namespace=args.plugin_namespace,
                release="istio-cni",
                values=plugin_values(args.images),
            ),
            opts=self.child(depends_on=[base]),
        )
        discovery = Release(
            f"{name}-discovery",
            context,
            ReleaseArgs(
                chart=args.charts.discovery,
                namespace=args.namespace,
                release=DISCOVERY,
                values=discovery_values(args.images, args.proxy, replicas=args.replicas, most=args.most_replicas),
            ),
            # Before its authority is there it would make one of its own, which nobody renews.
            opts=self.child(depends_on=[base, authority, plugin]),
        )
        self.release = discovery.release
        self.publish()
