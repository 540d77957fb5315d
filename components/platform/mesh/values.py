"""Values of the mesh's three charts, as its makers name them.

Source: https://github.com/istio/istio/tree/1.30.4/manifests/charts
"""

from dataclasses import dataclass
from typing import Any

from components.platform.workload import ZONE

DISCOVERY = "istiod"
NAME_LABEL = {"app": DISCOVERY}
"""Labels of the control plane's pods."""
DISCOVERY_PORT = 15012
"""Where proxies ask for configuration and certificates, over TLS."""
WEBHOOK_PORT = 15017
"""Where the Kubernetes API asks for proxies to be put into pods, and for the mesh's objects to be checked."""
METRICS_PORT = 15014
PROXY_METRICS_PORT = 15020
"""Where a proxy serves its metrics, merged with those of the container beside it; not behind mutual TLS."""
_CERTIFICATE_LIFE = "24h"
_SECCOMP = {"type": "RuntimeDefault"}


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshImages:
    """Images by `repository:tag@digest`."""

    discovery: str
    proxy: str
    plugin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyShare:
    """What each proxy is sure of and may use at most, as Kubernetes quantities: it counts against its namespace's quota."""

    cpu_request: str = "50m"
    memory_request: str = "96Mi"
    cpu_limit: str = "500m"
    memory_limit: str = "256Mi"


def base_values(namespace: str) -> dict[str, Any]:
    """Return the values of the chart with the mesh's definitions; an object that makes no sense is refused when it is written."""
    return {"global": {"istioNamespace": namespace}, "defaultRevision": "default", "base": {"enableCRDTemplates": True}}


def plugin_values(images: MeshImages) -> dict[str, Any]:
    """Return the values of the network plugin, which sends a pod's traffic to its proxy, so that the pod needs no right to do it."""
    return {
        "image": images.plugin,
        "seccompProfile": _SECCOMP,
        "resources": _resources("50m", "64Mi", "200m", "256Mi"),
        "ambient": {"enabled": False},
        # A pod that began before the plugin was there is begun again; deleting it would need more rights and gain nothing.
        "repair": {"enabled": True, "repairPods": True, "deletePods": False, "labelPods": False},
        "excludeNamespaces": ["kube-system"],
        "global": {"logAsJson": True},
    }


def discovery_values(images: MeshImages, share: ProxyShare, *, replicas: int, most: int) -> dict[str, Any]:
    """Return the values of the control plane, of `replicas` to `most` pods."""
    return {
        "image": images.discovery,
        "autoscaleEnabled": True,
        "autoscaleMin": replicas,
        "autoscaleMax": most,
        "resources": _resources("250m", "1Gi", "1", "2Gi"),
        "seccompProfile": _SECCOMP,
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": ZONE,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(NAME_LABEL)},
            }
        ],
        "pdb": {"minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
        "cni": {"enabled": True},
        "env": {
            # A proxy that starts before its pod's containers and ends after them: jobs end, and no first request is lost.
            "ENABLE_NATIVE_SIDECARS": "true",
            "MAX_WORKLOAD_CERT_TTL": _CERTIFICATE_LIFE,
            "DEFAULT_WORKLOAD_CERT_TTL": _CERTIFICATE_LIFE,
            # The authority that cert-manager renews is read anew, without a restart.
            "AUTO_RELOAD_PLUGIN_CERTS": "true",
        },
        "meshConfig": mesh_config(),
        "global": {
            "logAsJson": True,
            "defaultPodDisruptionBudget": {"enabled": True},
            "proxy": {
                "image": images.proxy,
                "seccompProfile": _SECCOMP,
                "privileged": False,
                "resources": _resources(share.cpu_request, share.memory_request, share.cpu_limit, share.memory_limit),
            },
            "proxy_init": {"image": images.proxy},
        },
    }


def mesh_config() -> dict[str, Any]:
    """Return what holds for all proxies: nothing outside the mesh is reached that nobody named, and TLS 1.3 between them.

    Source: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
    """
    return {
        "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"},
        "meshMTLS": {"minProtocolVersion": "TLSV1_3"},
        "enablePrometheusMerge": True,
        "accessLogFile": "/dev/stdout",
        "accessLogEncoding": "JSON",
        "trustDomain": "cluster.local",
        "defaultConfig": {"holdApplicationUntilProxyStarts": True},
    }


def _resources(cpu: str, memory: str, most_cpu: str, most_memory: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": most_cpu, "memory": most_memory}}
