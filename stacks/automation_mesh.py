"""n8n in the mesh: who may call its processes without a certificate, and when it stops calling the database (SEC-5, SEC-10)."""

import pulumi

from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.mesh.dependency import MeshDependency, MeshDependencyArgs
from components.platform.mesh.service_policy import Outside, ServicePolicyArgs
from components.products.automation.facts import Role
from stacks.mesh import join_mesh, protect_service
from stacks.pooling import NAMESPACE as POOLING
from stacks.site import ClusterSite

NAMESPACE = "automation"
_SPARE = 2
"""Connections beyond those of n8n's own pool: one that is being closed may still count."""


def build_automation_mesh(site: ClusterSite, pooler_host: pulumi.Input[str]) -> None:
    """Build it; `pooler_host` is what n8n reaches its database by."""
    join_mesh(
        site,
        NAMESPACE,
        anything="workflows call whatever their authors name: network policies keep them to public addresses and a few ports",
        shared=(POOLING,),
    )
    namespace = site.namespace(NAMESPACE)
    network = site.settings.plan.network
    subnets = SubnetPlan(str(network.cidr), network.zones)
    public, private = subnets.block(SubnetTier.PUBLIC), subnets.block(SubnetTier.PRIVATE)
    balancer = Outside(
        cidrs=(public,), ports=(Role.WEBHOOK.port,), why="the load balancer speaks TLS of its own and has no certificate here"
    )
    for role in Role:
        # Processes of n8n speak to each other by the queue alone.
        reader = Outside(
            cidrs=(private,), ports=(role.port,), why="Prometheus stands outside the mesh; network policies let in nobody else"
        )
        policy = ServicePolicyArgs(
            namespace=NAMESPACE,
            service=role.deployment,
            match=role.match,
            ports=(role.port,),
            outside=(balancer, reader) if role is Role.WEBHOOK else (reader,),
        )
        protect_service(site, f"automation-{role.value}-policy", policy, namespace)
    MeshDependency(
        "automation-database",
        site.context,
        MeshDependencyArgs(
            namespace=NAMESPACE,
            host=pooler_host,
            connections=site.plan.automation.pool_size + _SPARE,
            replicas=site.plan.pooling.replicas,
        ),
        opts=site.opts(namespace),
    )
