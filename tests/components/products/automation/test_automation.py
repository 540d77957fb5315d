from dataclasses import replace
from typing import Any

import pytest

from components.products.automation.automation import Automation, AutomationArgs, Replicas
from components.products.automation.environment import DatabaseAccess, EnvironmentArgs, ObjectStore, QueueAccess
from components.products.automation.facts import Role
from components.products.automation.pods import PodArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, Recorded, record
from tests.kit.schemas import schema_problems

DIGEST = "@sha256:" + "0" * 64
TOLD = EnvironmentArgs(
    database=DatabaseAccess(host="pgbouncer.example.internal"),
    queue=QueueAccess(host="queue.example.internal"),
    webhook_url="https://hooks.example.com/",
    owner_email="automation@example.com",
)
PODS = PodArgs(
    image=f"docker.io/n8nio/n8n:2.40.5{DIGEST}",
    runner_image=f"docker.io/n8nio/runners:2.40.5{DIGEST}",
    service_account="n8n",
    packages_claim="n8n-packages",
)
ARGS = AutomationArgs(namespace="automation", pods=PODS, told=TOLD)
LICENSED = replace(
    ARGS,
    profile="enterprise",
    mains=Replicas(least=2, most=4),
    told=replace(TOLD, licensed=True, mains=4, objects=ObjectStore(bucket="binary", region="us-east-1")),
)


def _graph(args: AutomationArgs = ARGS) -> Graph:
    return record(lambda: Automation("automation", a_context(), args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _deployment(graph: Graph, role: Role) -> dict[str, Any]:
    return graph.one("kubernetes:apps/v1:Deployment", f"automation-{role}").inputs


def _container(graph: Graph, role: Role) -> dict[str, Any]:
    (found,) = _deployment(graph, role)["spec"]["template"]["spec"]["containers"]
    return dict(found)


def _environment(graph: Graph, role: Role) -> dict[str, Any]:
    return {each["name"]: each.get("value") or each["valueFrom"]["secretKeyRef"] for each in _container(graph, role)["env"]}


def _objects(graph: Graph) -> list[Recorded]:
    return [each for each in graph.resources if each.type.startswith("kubernetes:")]


@pytest.mark.parametrize("args", [ARGS, LICENSED, replace(ARGS, standby=True)], ids=["community", "enterprise", "standby"])
def test_everything_that_is_made_is_what_kubernetes_knows(args: AutomationArgs) -> None:
    objects = _objects(_graph(args))
    assert len(objects) == 10
    for each in objects:
        assert not schema_problems(each.inputs, "1.35")


def test_a_lone_main_ends_before_the_next_one_begins(graph: Graph) -> None:
    main = _deployment(graph, Role.MAIN)["spec"]
    assert main["replicas"] == 1
    assert main["strategy"] == {"type": "Recreate"}
    assert "schedule" in _deployment(graph, Role.MAIN)["metadata"]["annotations"]["morefocus.com/single-replica"]


def test_several_mains_are_replaced_one_after_another_and_elect_a_leader() -> None:
    graph = _graph(LICENSED)
    main = _deployment(graph, Role.MAIN)["spec"]
    assert "replicas" not in main
    assert main["strategy"]["type"] == "RollingUpdate"
    assert "annotations" not in _deployment(graph, Role.MAIN)["metadata"]
    assert _environment(graph, Role.MAIN)["N8N_MULTI_MAIN_SETUP_ENABLED"] == "true"
    assert _environment(graph, Role.MAIN)["N8N_LICENSE_ACTIVATION_KEY"] == {"name": "n8n", "key": "licence-key"}


@pytest.mark.parametrize("role", [Role.WEBHOOK, Role.WORKER])
def test_how_many_there_are_is_left_to_who_scales_them(graph: Graph, role: Role) -> None:
    spec = _deployment(graph, role)["spec"]
    assert "replicas" not in spec
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_a_copy_that_stands_by_runs_nothing() -> None:
    graph = _graph(replace(ARGS, standby=True))
    for role in Role:
        deployment = _deployment(graph, role)
        assert deployment["spec"]["replicas"] == 0
        # An autoscaler wrote this field before: the fence takes it from it.
        assert deployment["metadata"]["annotations"]["pulumi.com/patchForce"] == "true"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_waits_for_the_pods_of_a_service(role: Role) -> None:
    service = _graph(replace(ARGS, standby=True)).one("kubernetes:core/v1:Service", f"automation-{role}-service").inputs
    assert service["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


def test_processes_that_need_the_schema_wait_for_the_main_that_migrates_it(graph: Graph) -> None:
    main = graph.named("automation-main").urn
    for role in (Role.WEBHOOK, Role.WORKER):
        assert main in graph.named(f"automation-{role}").depends_on


@pytest.mark.parametrize("role", list(Role))
def test_a_service_and_a_budget_find_the_pods_of_their_role(graph: Graph, role: Role) -> None:
    labels = _deployment(graph, role)["spec"]["template"]["metadata"]["labels"]
    service = graph.one("kubernetes:core/v1:Service", f"automation-{role}-service").inputs["spec"]
    budget = graph.one("kubernetes:policy/v1:PodDisruptionBudget", f"automation-{role}-budget").inputs["spec"]
    assert service["selector"].items() <= labels.items()
    assert budget["selector"]["matchLabels"] == service["selector"] == _deployment(graph, role)["spec"]["selector"]["matchLabels"]
    (port,) = service["ports"]
    assert port["targetPort"] in {each["containerPort"] for each in _container(graph, role)["ports"]}
    assert budget["maxUnavailable"] == 1


def test_mains_without_a_licence_are_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match=r"would fire every schedule.*licence, or one main"):
        replace(ARGS, mains=Replicas(least=2, most=2), told=replace(TOLD, mains=2))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"profile": "enterprise"}, "profile enterprise needs a licence"),
        ({"told": replace(TOLD, objects=ObjectStore(bucket="b", region="us-east-1"))}, "S3 needs profile enterprise"),
        ({"told": replace(TOLD, mains=2)}, "told.mains must be mains.most, 1"),
        ({"pods": replace(PODS, image="docker.io/n8nio/n8n:latest")}, "image must have an exact version.*never migrates its schema down"),
        ({"pods": replace(PODS, image=f"docker.io/n8nio/n8n:2.40{DIGEST}")}, "image must have an exact version"),
        ({"pods": replace(PODS, runner_image=f"docker.io/n8nio/runners:2.40.4{DIGEST}")}, "own version 2.40.5 .got 2.40.4"),
        (
            {"pods": replace(PODS, image=f"docker.io/n8nio/n8n:3.0.1{DIGEST}", runner_image=f"docker.io/n8nio/runners:3.0.1{DIGEST}")},
            "3.x with allow_next_major",
        ),
    ],
)
def test_what_would_not_run_or_not_run_twice_alike_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ARGS, **changes)


def test_the_next_major_version_is_taken_when_it_is_asked_for() -> None:
    newer = replace(PODS, image=f"docker.io/n8nio/n8n:3.0.1{DIGEST}", runner_image=f"docker.io/n8nio/runners:3.0.1{DIGEST}")
    assert replace(ARGS, pods=newer, allow_next_major=True).pods.image.startswith("docker.io/n8nio/n8n:3.0.1@")


def test_replicas_are_in_order() -> None:
    with pytest.raises(ValueError, match=r"1 <= least <= most .got least 3, most 2"):
        Replicas(least=3, most=2)
