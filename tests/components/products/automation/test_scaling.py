from dataclasses import replace
from typing import Any

import pytest

from components.products.automation.automation import Replicas
from components.products.automation.environment import QueueAccess
from components.products.automation.facts import Role
from components.products.automation.scaling import AutomationScaling, AutomationScalingArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record
from tests.kit.schemas import custom_problems, schema_problems

ARGS = AutomationScalingArgs(
    namespace="automation",
    queue=QueueAccess(host="master.queue.internal"),
    roles={Role.WEBHOOK: Replicas(least=3, most=9), Role.WORKER: Replicas(least=3, most=12)},
    concurrency=10,
)


def _graph(args: AutomationScalingArgs = ARGS) -> Graph:
    return record(lambda: AutomationScaling("scaling", a_context(), args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _scaled(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.named("scaling-worker").inputs["spec"]
    return found


def test_kubernetes_and_keda_take_what_is_asked_of_them(graph: Graph) -> None:
    assert not schema_problems(graph.named("scaling-webhook").inputs, "1.35")
    for name in ("scaling-worker", "scaling-queue-login"):
        assert not custom_problems(graph.named(name).inputs)


def test_webhook_processors_scale_on_cpu_and_memory_of_n8n_itself(graph: Graph) -> None:
    spec = graph.named("scaling-webhook").inputs["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 9)
    metrics = {each["containerResource"]["name"]: each["containerResource"] for each in spec["metrics"]}
    assert metrics.keys() == {"cpu", "memory"}
    assert {each["container"] for each in metrics.values()} == {"n8n"}


def test_an_idle_process_is_below_what_calls_for_another() -> None:
    # Measured: a main idles at 415 MB, a webhook processor at 277 MB.
    assert ARGS.memory.endswith("Mi") and int(ARGS.memory.removesuffix("Mi")) > 2 * 415
    assert int(ARGS.memory.removesuffix("Mi")) < 2048


def test_workers_scale_on_what_waits_in_the_queue_and_on_cpu_and_memory(graph: Graph) -> None:
    spec = _scaled(graph)
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (3, 12)
    assert [each["type"] for each in spec["triggers"]] == ["redis", "cpu", "memory"]
    queue = spec["triggers"][0]
    assert queue["metadata"] == {
        "address": "master.queue.internal:6379",
        "listName": "bull:jobs:wait",
        "listLength": "10",
        "enableTLS": "true",
    }
    assert queue["authenticationRef"]["name"] == graph.named("scaling-queue-login").inputs["metadata"]["name"]


def test_keda_logs_in_with_the_password_that_n8n_has(graph: Graph) -> None:
    (login,) = graph.named("scaling-queue-login").inputs["spec"]["secretTargetRef"]
    assert login == {"parameter": "password", "name": "n8n", "key": "queue-password"}


def test_one_worker_at_a_time_is_taken_away_and_not_at_once(graph: Graph) -> None:
    down = _scaled(graph)["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
    assert down["stabilizationWindowSeconds"] == 300
    assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 60}]


def test_several_mains_scale_too(graph: Graph) -> None:
    assert not [each for each in graph.resources if each.name == "scaling-main"]
    more = _graph(replace(ARGS, roles={**ARGS.roles, Role.MAIN: Replicas(least=2, most=4)}))
    assert more.named("scaling-main").inputs["spec"]["scaleTargetRef"]["name"] == "n8n-main"


def test_scaling_nothing_is_refused_aloud() -> None:
    with pytest.raises(ValueError, match="at least one"):
        replace(ARGS, roles={})
