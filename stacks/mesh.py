"""The mesh of a region's cluster: its control plane, what holds for all of it, and the namespaces that are in it (SEC-5, SEC-10)."""

import pulumi

from components.platform.flow import Pods
from components.platform.mesh.baseline import MeshBaseline, MeshBaselineArgs
from components.platform.mesh.control_plane import MeshCharts, MeshControlPlane, MeshControlPlaneArgs
from components.platform.mesh.egress import MeshEgress, MeshEgressArgs
from components.platform.mesh.service_policy import ServicePolicy, ServicePolicyArgs
from components.platform.mesh.values import DISCOVERY_PORT, NAME_LABEL, WEBHOOK_PORT, MeshImages
from stacks.site import ClusterSite

NAMESPACE = "istio-system"
PLUGIN_NAMESPACE = "mesh-nodes"
_PLUGIN = {"k8s-app": "istio-cni-node"}


def build_mesh(site: ClusterSite, *after: pulumi.Resource) -> MeshControlPlane:
    """Build the mesh; `after` are those that must be there first: cert-manager, which signs its authority.

    Namespaces of the mesh that are asked for afterwards wait for it.
    """
    namespace, nodes = site.namespace(NAMESPACE).namespace, site.namespace(PLUGIN_NAMESPACE).namespace
    plan = site.plan.mesh
    discovery = Pods(namespace=namespace, match=NAME_LABEL)
    ways = [
        site.from_kubernetes("mesh", discovery, [WEBHOOK_PORT]),
        site.to_kubernetes("mesh", discovery),
        site.to_kubernetes("mesh-plugin", Pods(namespace=nodes, match=_PLUGIN)),
    ]
    plane = MeshControlPlane(
        "mesh",
        site.context,
        MeshControlPlaneArgs(
            namespace=namespace,
            plugin_namespace=nodes,
            charts=MeshCharts(base=site.chart("istio-base"), plugin=site.chart("istio-cni"), discovery=site.chart("istiod")),
            images=MeshImages(discovery=site.image("istio-pilot"), proxy=site.image("istio-proxy"), plugin=site.image("istio-install-cni")),
            authority_days=plan.authority_days,
            replicas=plan.replicas,
            most_replicas=plan.most_replicas,
        ),
        opts=site.opts(*ways, *after),
    )
    MeshBaseline("mesh-baseline", site.context, MeshBaselineArgs(root_namespace=namespace), opts=site.opts(plane))
    site.mesh_stands(plane)
    return plane


def join_mesh(site: ClusterSite, name: str, *, anything: str | None = None, shared: tuple[str, ...] = ()) -> None:
    """Let a namespace's proxies reach the control plane; `anything` is why its pods may reach what nobody named.

    `shared` are namespaces whose services its proxies know, beside its own.
    """
    namespace = site.namespace(name)
    source, discovery = Pods(namespace=namespace.namespace), Pods(namespace=site.namespace(NAMESPACE).namespace, match=NAME_LABEL)
    site.flow(f"{name}-to-mesh", source, discovery, [DISCOVERY_PORT])
    if anything is not None:
        args = MeshEgressArgs(namespace=name, destinations={}, anything=anything, shared_namespaces=shared)
        MeshEgress(f"{name}-egress", site.context, args, opts=site.opts(namespace))


def protect_service(site: ClusterSite, name: str, args: ServicePolicyArgs, *after: pulumi.Resource) -> ServicePolicy | None:
    """Say who may call a service and when they stop trying; None where the stack has no mesh, and network policies alone decide."""
    if not site.plan.mesh.enabled:
        return None
    return ServicePolicy(name, site.context, args, opts=site.opts(*after))
