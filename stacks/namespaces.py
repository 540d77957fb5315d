"""Every namespace of the platform: what pods there may do, and why where it is more than usual (SEC-7).

A tenant's namespaces are made with the tenant.
"""

from components.platform.namespace import NamespaceArgs

_OWN_DEFAULTS = {"cpu": "100m", "memory": "128Mi"}
_OWN_LIMITS = {"cpu": "500m", "memory": "256Mi"}
"""What a container gets that its chart forgot: little, so that the omission is seen."""


def _restricted(namespace: str, *, mesh: bool = False) -> NamespaceArgs:
    return NamespaceArgs(namespace=namespace, mesh=mesh, default_requests=_OWN_DEFAULTS, default_limits=_OWN_LIMITS)


def _privileged(namespace: str, why: str) -> NamespaceArgs:
    return NamespaceArgs(
        namespace=namespace, security="privileged", exception=why, default_requests=_OWN_DEFAULTS, default_limits=_OWN_LIMITS
    )


NAMESPACES: tuple[NamespaceArgs, ...] = (
    _restricted("automation", mesh=True),
    _restricted("cert-manager"),
    _restricted("external-dns"),
    _restricted("external-secrets"),
    _restricted("istio-system"),
    _restricted("keda"),
    _restricted("load-balancing"),
    _restricted("logging"),
    _privileged("log-shippers", "Filebeat reads the log files of all pods from its node's disk"),
    _restricted("monitoring"),
    _privileged("node-agents", "exporters and agents read processes, disks and network counters of the node they stand on"),
    _privileged("mesh-nodes", "the mesh's network plugin writes its configuration to its node's disk, so that no pod needs NET_ADMIN"),
    _restricted("node-scaling"),
    _restricted("pgbouncer"),
    _restricted("vault"),
)
