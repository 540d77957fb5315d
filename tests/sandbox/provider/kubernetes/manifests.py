"""Objects for the tests, complete and allowed everywhere; tests bend them."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]


def namespace(name: str = "shop", **labels: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def restricted(name: str = "shop") -> Manifest:
    return namespace(name, **{"pod-security.kubernetes.io/enforce": "restricted"})


def container(**more: Any) -> Manifest:
    return {
        "name": "web",
        "image": "registry.example/web:1.2.3",
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "200m", "memory": "256Mi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        **more,
    }


def pod_spec(*containers: Manifest, **more: Any) -> Manifest:
    return {
        "containers": list(containers) or [container()],
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        **more,
    }


def deployment(name: str = "web", in_namespace: str = "shop", *, replicas: int = 2, spec: Manifest | None = None) -> Manifest:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": in_namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": spec or pod_spec()},
        },
    }


def config_map(name: str = "settings", in_namespace: str = "shop", **data: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": in_namespace}, "data": data}
