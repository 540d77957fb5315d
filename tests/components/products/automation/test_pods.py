from dataclasses import replace
from typing import Any

import pytest

from components.products.automation.facts import DATA, PACKAGES, Role
from tests.components.products.automation.test_automation import ARGS, PODS, TOLD, _graph


@pytest.fixture(scope="module")
def pods() -> dict[Role, dict[str, Any]]:
    graph = _graph(replace(ARGS, pods=replace(PODS, priority_classes={Role.WORKER: "working"})))
    return {role: graph.named(f"automation-{role}").inputs["spec"]["template"]["spec"] for role in Role}


def _all_containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["containers"], *pod.get("initContainers", [])]


@pytest.mark.parametrize("role", list(Role))
def test_pods_are_restricted_and_write_to_volumes_of_their_own_alone(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    pod = pods[role]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in _all_containers(pod):
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"]["drop"] == ["ALL"]
        mounted = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert "/tmp" in mounted


@pytest.mark.parametrize("role", list(Role))
def test_every_volume_is_mounted_and_every_mount_is_a_volume(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    pod = pods[role]
    mounts = {mount["name"] for container in _all_containers(pod) for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}


def test_the_folder_below_which_packages_are_mounted_belongs_to_n8n(pods: dict[Role, dict[str, Any]]) -> None:
    paths = {mount["mountPath"]: mount["name"] for mount in pods[Role.MAIN]["containers"][0]["volumeMounts"]}
    assert PACKAGES.startswith(f"{DATA}/")
    assert paths[DATA] == "data"
    assert paths[PACKAGES] == "packages"


def test_mains_alone_install_packages(pods: dict[Role, dict[str, Any]]) -> None:
    writable = {}
    for role, pod in pods.items():
        (mount,) = [each for each in pod["containers"][0]["volumeMounts"] if each["name"] == "packages"]
        writable[role] = not mount.get("readOnly")
    assert writable == {Role.MAIN: True, Role.WEBHOOK: False, Role.WORKER: False}


@pytest.mark.parametrize("role", list(Role))
def test_requests_and_limits_are_those_of_the_source(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    assert pods[role]["containers"][0]["resources"] == {
        "requests": {"cpu": "250m", "memory": "512Mi"},
        "limits": {"cpu": "1000m", "memory": "2Gi"},
    }


def test_commands_are_those_of_queue_mode(pods: dict[Role, dict[str, Any]]) -> None:
    assert {role: pod["containers"][0]["args"] for role, pod in pods.items()} == {
        Role.MAIN: ["start"],
        Role.WEBHOOK: ["webhook"],
        Role.WORKER: ["worker", "--concurrency=10"],
    }


def test_task_runners_stand_by_workers_alone_and_end_after_them(pods: dict[Role, dict[str, Any]]) -> None:
    assert not pods[Role.MAIN].get("initContainers") and not pods[Role.WEBHOOK].get("initContainers")
    (runners,) = pods[Role.WORKER]["initContainers"]
    assert runners["restartPolicy"] == "Always"
    assert runners["image"] == PODS.runner_image
    token = next(each for each in runners["env"] if each["name"] == "N8N_RUNNERS_AUTH_TOKEN")
    assert token["valueFrom"]["secretKeyRef"] == {"name": "n8n", "key": "runners-token"}
    # The runners' code sees neither the encryption key nor a password.
    assert [each["name"] for each in runners["env"] if "valueFrom" in each] == ["N8N_RUNNERS_AUTH_TOKEN"]


@pytest.mark.parametrize("role", list(Role))
def test_a_pod_has_longer_to_end_than_n8n_takes(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    pod = pods[role]
    (told,) = [int(each["value"]) for each in pod["containers"][0]["env"] if each["name"] == "N8N_GRACEFUL_SHUTDOWN_TIMEOUT"]
    waits = pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    assert pod["terminationGracePeriodSeconds"] > told + waits
    assert told == TOLD.shutdown_seconds[role]


def test_webhook_processors_serve_on_until_the_load_balancer_sends_no_more(pods: dict[Role, dict[str, Any]]) -> None:
    assert pods[Role.WEBHOOK]["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"] == 20


@pytest.mark.parametrize("role", list(Role))
def test_probes_ask_n8ns_own_health_on_the_port_it_listens_on(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    container = pods[role]["containers"][0]
    probes = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: probe["path"] for kind, probe in probes.items()} == {
        "startup": "/healthz",
        "liveness": "/healthz",
        "readiness": "/healthz/readiness",
    }
    assert {probe["port"] for probe in probes.values()} == {role.port}
    assert {probe["scheme"] for probe in probes.values()} == {"HTTPS" if role is Role.WEBHOOK else "HTTP"}


def test_workers_would_rather_stand_on_spot_and_the_others_not(pods: dict[Role, dict[str, Any]]) -> None:
    def wanted(role: Role) -> set[str]:
        terms = pods[role]["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
        return {value for term in terms for each in term["preference"]["matchExpressions"] for value in each["values"]}

    assert wanted(Role.WORKER) == {"SPOT", "spot"}
    assert wanted(Role.MAIN) == wanted(Role.WEBHOOK) == {"ON_DEMAND", "on-demand"}


@pytest.mark.parametrize("role", list(Role))
def test_replicas_are_spread_over_zones(pods: dict[Role, dict[str, Any]], role: Role) -> None:
    (spread,) = pods[role]["topologySpreadConstraints"]
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread["labelSelector"]["matchLabels"] == dict(role.match)


def test_a_role_has_the_priority_it_is_given(pods: dict[Role, dict[str, Any]]) -> None:
    assert pods[Role.WORKER]["priorityClassName"] == "working"
    assert "priorityClassName" not in pods[Role.MAIN]
