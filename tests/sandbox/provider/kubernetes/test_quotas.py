"""What a pod takes of its namespace's limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.provider.kubernetes.quotas import over, pod_amounts, problems
from tests.sandbox.provider.kubernetes.manifests import Manifest, container, deployment, pod_spec


def quota(**hard: str) -> Manifest:
    named = {name.replace("_", "."): value for name, value in hard.items()}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota", "namespace": "shop"}, "spec": {"hard": named}}


def limits(**range_: Any) -> Manifest:
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "limits"}, "spec": {"limits": [{"type": "Container", **range_}]}}


def of(item: Manifest, ranges: list[Manifest], quotas: list[Manifest]) -> list[tuple[str, str]]:
    return [(problem.path.removeprefix("spec.template.spec."), problem.message) for problem in problems(item, ranges, quotas)]


NOTHING = deployment(spec=pod_spec(container(resources={})))


def test_a_pod_within_its_limits_is_taken() -> None:
    assert of(deployment(), [limits(max={"cpu": "1"})], [quota(requests_cpu="1", limits_memory="1Gi", pods="3")]) == []


def test_a_pod_larger_than_the_whole_quota_can_never_start() -> None:
    (problem,) = of(deployment(), [], [quota(limits_memory="200Mi")])
    assert problem == ("containers", "one pod takes limits.memory 268435456, the quota quota allows 209715200 in all")


def test_where_a_quota_counts_every_container_must_say() -> None:
    assert [path for path, _ in of(NOTHING, [], [quota(requests_cpu="1")])] == ["containers[0].resources.requests.cpu"]
    assert of(NOTHING, [limits(defaultRequest={"cpu": "100m"})], [quota(requests_cpu="1")]) == []
    # A default limit is a default request as well.
    assert of(NOTHING, [limits(default={"cpu": "100m"}, defaultRequest={"cpu": "100m"})], [quota(requests_cpu="1", limits_cpu="1")]) == []


def test_a_container_beyond_the_range_is_named() -> None:
    assert [path for path, _ in of(deployment(), [limits(max={"cpu": "100m"})], [])] == ["containers[0].resources.limits.cpu"]
    assert [path for path, _ in of(deployment(), [limits(min={"memory": "1Gi"})], [])] == ["containers[0].resources.requests.memory"]


def test_init_containers_run_before_the_others_and_sidecars_beside_them() -> None:
    large = {"requests": {"cpu": "1"}}
    template = {"spec": pod_spec(initContainers=[container(name="init", resources=large)])}
    assert pod_amounts(template, [])["requests.cpu"] == Decimal(1)
    beside = {"spec": pod_spec(initContainers=[container(name="init", resources=large, restartPolicy="Always")])}
    assert pod_amounts(beside, [])["requests.cpu"] == Decimal("1.1")


def test_all_replicas_together_are_held_against_the_quota() -> None:
    assert list(over(quota(requests_cpu="500m", pods="4"), [deployment(replicas=5)], [])) == ["pods: 5 are asked for, 4 are allowed"]
    assert list(over(quota(cpu="400m"), [deployment(replicas=5)], [])) == ["requests.cpu: 0.5 are asked for, 0.4 are allowed"]
