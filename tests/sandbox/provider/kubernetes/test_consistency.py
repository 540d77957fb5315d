"""Objects whose fields are well formed and contradict each other."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.kubernetes.consistency import matches, problems
from sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.kubernetes.manifests import Manifest, container, deployment, pod_spec

PODS = "spec.template.spec"
HTTP = {"httpGet": {"path": "/", "port": "http"}}


def thing(api: str, kind: str, **spec: Any) -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, "spec": spec}


def policy(direction: str, peers: str, peer: Manifest) -> Manifest:
    return thing("networking.k8s.io/v1", "NetworkPolicy", **{direction: [{peers: [peer]}]})


def wrong(item: Manifest) -> set[str]:
    return {problem.path for problem in problems(item)}


def of_container(**more: Any) -> set[str]:
    return {path.removeprefix(f"{PODS}.containers[0].") for path in wrong(deployment(spec=pod_spec(container(**more))))}


def test_an_object_that_agrees_with_itself_has_no_problems() -> None:
    mounted = container(volumeMounts=[{"name": "x", "mountPath": "/x"}], readinessProbe=HTTP, livenessProbe={"exec": {"command": ["true"]}})
    assert wrong(deployment(spec=pod_spec(mounted, volumes=[{"name": "x", "emptyDir": {}}]))) == set()


def test_a_selector_must_match_the_labels_of_its_own_pods() -> None:
    item = deployment()
    item["spec"]["template"]["metadata"]["labels"] = {"app": "shop"}
    assert wrong(item) == {"spec.selector"}
    item["spec"]["template"]["metadata"]["labels"] = {"app": UNKNOWN}
    assert wrong(item) == set()
    item["spec"]["selector"] = {}
    assert wrong(item) == {"spec.selector"}


@pytest.mark.parametrize(
    ("expression", "labels", "expected"),
    [
        ({"key": "a", "operator": "In", "values": ["1", "2"]}, {"a": "2"}, True),
        ({"key": "a", "operator": "In", "values": ["1"]}, {}, False),
        ({"key": "a", "operator": "NotIn", "values": ["1"]}, {"a": "1"}, False),
        ({"key": "a", "operator": "NotIn", "values": ["1"]}, {}, True),
        ({"key": "a", "operator": "Exists"}, {"a": ""}, True),
        ({"key": "a", "operator": "DoesNotExist"}, {"a": "1"}, False),
    ],
)
def test_expressions_of_selectors_mean_what_they_mean_to_a_cluster(expression: Manifest, labels: dict[str, str], expected: bool) -> None:
    assert matches({"matchExpressions": [expression]}, labels) is expected
    assert matches({}, labels)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"volumeMounts": [{"name": "x", "mountPath": "/x"}]}, "volumeMounts[0].name"),
        ({"readinessProbe": {"httpGet": {"port": "metrics"}}}, "readinessProbe.httpGet.port"),
        ({"livenessProbe": {"periodSeconds": 5}}, "livenessProbe"),
        ({"startupProbe": {**HTTP, "exec": {"command": ["x"]}}}, "startupProbe"),
        ({"lifecycle": {"preStop": {}}}, "lifecycle.preStop"),
        ({"env": [{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "a"}}}]}, "env[0]"),
        ({"env": [{"name": "A", "valueFrom": {}}]}, "env[0].valueFrom"),
        ({"image": ""}, "image"),
        ({"resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "1000Mi"}}}, "resources.requests.memory"),
    ],
)
def test_a_container_that_contradicts_itself_is_named(more: dict[str, Any], path: str) -> None:
    assert of_container(**more) == {path}


def test_a_volume_claim_template_is_a_volume() -> None:
    item = deployment(spec=pod_spec(container(volumeMounts=[{"name": "data", "mountPath": "/data"}])))
    item["kind"] = "StatefulSet"
    assert wrong(item) == {f"{PODS}.containers[0].volumeMounts[0].name"}
    item["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}}]
    assert wrong(item) == set()


def test_containers_of_a_pod_have_different_names() -> None:
    assert wrong(deployment(spec=pod_spec(container(), initContainers=[container()]))) == {f"{PODS}.containers[0].name"}


@pytest.mark.parametrize(("kind", "policy", "taken"), [("Job", None, False), ("Job", "Always", False), ("Job", "Never", True)])
def test_a_job_must_say_when_its_pods_are_restarted(kind: str, policy: str | None, taken: bool) -> None:
    spec = pod_spec(**({"restartPolicy": policy} if policy else {}))
    assert (wrong(thing("batch/v1", kind, template={"spec": spec})) == set()) is taken


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (thing("v1", "Service", selector={"a": "b"}), "spec.ports"),
        (thing("v1", "Service", ports=[{"name": "a", "port": 1}, {"port": 2}]), "spec.ports[1].name"),
        (thing("autoscaling/v2", "HorizontalPodAutoscaler", minReplicas=3, maxReplicas=2), "spec.minReplicas"),
        (thing("policy/v1", "PodDisruptionBudget", minAvailable=1, maxUnavailable=1), "spec"),
        (thing("batch/v1", "CronJob", schedule="every day"), "spec.schedule"),
        (policy("ingress", "from", {"ipBlock": {"cidr": "10.0.0.0/99"}}), "spec.ingress[0].from[0].ipBlock.cidr"),
        (
            thing(
                "networking.k8s.io/v1", "NetworkPolicy", egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.1.0.0/24"]}}]}]
            ),
            "spec.egress[0].to[0].ipBlock.except[0]",
        ),
        (policy("egress", "to", {}), "spec.egress[0].to[0]"),
    ],
    ids=str,
)
def test_other_kinds_that_contradict_themselves_are_named(item: Manifest, path: str) -> None:
    assert wrong(item) == {path}
