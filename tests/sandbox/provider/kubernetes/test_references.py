"""References to nothing are found when all objects are there, and real ones are left alone."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.kubernetes.references import dangling
from tests.sandbox.provider.kubernetes.manifests import Manifest, config_map, container, deployment, pod_spec


def thing(kind: str, name: str, api: str = "v1", **content: Any) -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, **content}


def service(port: object = "http", **selector: str) -> Manifest:
    return thing(
        "Service", "web", spec={"selector": selector or {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": port}]}
    )


def found(*objects: Manifest) -> list[tuple[str, str]]:
    return [(item.object, item.path) for item in dangling(objects)]


WITH_SETTINGS = pod_spec(container(envFrom=[{"configMapRef": {"name": "settings"}}]))
FROM_SECRET = pod_spec(container(env=[{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "key", "key": "key"}}}]))
PREFIX = "spec.template.spec"


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (WITH_SETTINGS, f"{PREFIX}.containers[0].envFrom[0].configMapRef.name"),
        (FROM_SECRET, f"{PREFIX}.containers[0].env[0].valueFrom.secretKeyRef.name"),
        (pod_spec(serviceAccountName="web"), f"{PREFIX}.serviceAccountName"),
        (pod_spec(volumes=[{"name": "x", "secret": {"secretName": "key"}}]), f"{PREFIX}.volumes[0].secret.secretName"),
        (
            pod_spec(volumes=[{"name": "x", "persistentVolumeClaim": {"claimName": "x"}}]),
            f"{PREFIX}.volumes[0].persistentVolumeClaim.claimName",
        ),
        (
            pod_spec(volumes=[{"name": "x", "projected": {"sources": [{"configMap": {"name": "settings"}}]}}]),
            f"{PREFIX}.volumes[0].projected.sources[0].configMap.name",
        ),
    ],
)
def test_a_pod_that_needs_what_nobody_makes_is_found(spec: Manifest, path: str) -> None:
    assert found(deployment(spec=spec)) == [("Deployment shop/web", path)]


@pytest.mark.parametrize(
    "maker",
    [
        thing("Secret", "key"),
        thing("ExternalSecret", "key", "external-secrets.io/v1", spec={}),
        thing("ExternalSecret", "other", "external-secrets.io/v1", spec={"target": {"name": "key"}}),
        thing("Certificate", "other", "cert-manager.io/v1", spec={"secretName": "key"}),
        {"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": {"name": "chart", "namespace": "shop"}},
    ],
    ids=lambda maker: f"{maker['kind']}-{maker['metadata']['name']}",
)
def test_what_an_object_an_operator_or_a_chart_makes_is_there(maker: Manifest) -> None:
    assert found(deployment(spec=FROM_SECRET), maker) == []


def test_a_config_map_of_another_namespace_is_none_of_this_pods() -> None:
    assert len(found(deployment(spec=WITH_SETTINGS), config_map("settings", "elsewhere"))) == 1
    assert found(deployment(spec=WITH_SETTINGS), config_map("settings")) == []


def test_an_optional_reference_may_point_at_nothing() -> None:
    spec = pod_spec(container(envFrom=[{"configMapRef": {"name": "settings", "optional": True}}]))
    assert found(deployment(spec=spec)) == []


def test_a_service_must_select_pods_and_name_a_port_of_theirs() -> None:
    assert found(deployment(), service()) == []
    assert found(deployment(), service(8080)) == []
    assert found(deployment(), service("metrics")) == [("Service shop/web", "spec.ports[0].targetPort")]
    assert found(deployment(), service(app="shop")) == [("Service shop/web", "spec.selector")]


def test_pods_that_an_operator_makes_are_not_missed() -> None:
    prometheus = thing("Prometheus", "all", "monitoring.coreos.com/v1", spec={})
    assert found(prometheus, service(app="prometheus")) == []


def test_what_protects_scales_binds_or_routes_must_have_something_to() -> None:
    budget = thing("PodDisruptionBudget", "web", "policy/v1", spec={"selector": {"matchLabels": {"app": "shop"}}})
    scaler = thing("HorizontalPodAutoscaler", "web", "autoscaling/v2", spec={"scaleTargetRef": {"kind": "Deployment", "name": "shop"}})
    role = {"kind": "Role", "name": "reader", "apiGroup": "rbac.authorization.k8s.io"}
    binding = thing(
        "RoleBinding", "web", "rbac.authorization.k8s.io/v1", roleRef=role, subjects=[{"kind": "ServiceAccount", "name": "web"}]
    )
    backend = {"service": {"name": "web", "port": {"name": "https"}}}
    ingress = thing("Ingress", "web", "networking.k8s.io/v1", spec={"rules": [{"http": {"paths": [{"backend": backend}]}}]})
    assert set(found(deployment(), service(), budget, scaler, binding, ingress)) == {
        ("PodDisruptionBudget shop/web", "spec.selector"),
        ("HorizontalPodAutoscaler shop/web", "spec.scaleTargetRef"),
        ("RoleBinding shop/web", "roleRef.name"),
        ("RoleBinding shop/web", "subjects[0]"),
        ("Ingress shop/web", "spec.rules[0].http.paths[0].backend.service.port"),
    }


def test_replicas_that_together_take_more_than_the_quota_are_found() -> None:
    quota = thing("ResourceQuota", "quota", spec={"hard": {"requests.cpu": "300m", "pods": "10"}})
    (problem,) = dangling([deployment(replicas=4), quota])
    assert str(problem) == "ResourceQuota shop/quota: spec.hard: requests.cpu: 0.4 are asked for, 0.3 are allowed"
    assert dangling([deployment(replicas=3), quota]) == []
