"""The Pod Security Standards, control by control."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.kubernetes.pod_security import problems
from sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.kubernetes.manifests import container, pod_spec

SECURE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def refused(level: str, **spec: Any) -> set[str]:
    return {problem.path for problem in problems(level, {"spec": {**pod_spec(), **spec}})}


def of_container(level: str, **context: Any) -> set[str]:
    found = refused(level, containers=[container(securityContext={**SECURE, **context})])
    return {path.removeprefix("spec.containers[0].securityContext.") for path in found}


def test_a_pod_as_restricted_wants_it_is_taken_everywhere() -> None:
    assert refused("restricted") == refused("baseline") == refused("privileged") == set()


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"hostNetwork": True}, "spec.hostNetwork"),
        ({"hostPID": True}, "spec.hostPID"),
        ({"volumes": [{"name": "x", "hostPath": {"path": "/"}}]}, "spec.volumes[0].hostPath"),
        ({"containers": [container(ports=[{"containerPort": 80, "hostPort": 80}])]}, "spec.containers[0].ports[0].hostPort"),
        ({"securityContext": {**POD, "sysctls": [{"name": "kernel.msgmax"}]}}, "spec.securityContext.sysctls[0].name"),
        ({"securityContext": {**POD, "seccompProfile": {"type": "Unconfined"}}}, "spec.securityContext.seccompProfile.type"),
    ],
)
def test_what_baseline_rules_out_is_named_there_and_in_restricted(spec: dict[str, Any], path: str) -> None:
    assert refused("baseline", **spec) == {path}
    assert path in refused("restricted", **spec)
    assert refused("privileged", **spec) == set()


@pytest.mark.parametrize(
    ("context", "path"),
    [
        ({"privileged": True}, "privileged"),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}, "capabilities.add"),
        ({"procMount": "Unmasked"}, "procMount"),
        ({"seLinuxOptions": {"type": "spc_t"}}, "seLinuxOptions.type"),
    ],
)
def test_what_baseline_rules_out_of_containers_is_named(context: dict[str, Any], path: str) -> None:
    assert of_container("baseline", **context) == {path}


@pytest.mark.parametrize(
    ("context", "path"),
    [
        ({"allowPrivilegeEscalation": None}, "allowPrivilegeEscalation"),
        ({"capabilities": {"drop": ["NET_RAW"]}}, "capabilities.drop"),
        ({"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}, "capabilities.add"),
        ({"runAsUser": 0}, "runAsUser"),
        ({"runAsNonRoot": False}, "runAsNonRoot"),
    ],
)
def test_what_only_restricted_rules_out_is_named(context: dict[str, Any], path: str) -> None:
    assert of_container("restricted", **context) == {path}
    assert of_container("baseline", **context) == set()


def test_a_pod_that_says_nothing_breaks_each_control_of_restricted() -> None:
    assert refused("restricted", securityContext={}, containers=[container(securityContext={})]) == {
        "spec.containers[0].securityContext.allowPrivilegeEscalation",
        "spec.containers[0].securityContext.capabilities.drop",
        "spec.containers[0].securityContext.runAsNonRoot",
        "spec.containers[0].securityContext.seccompProfile.type",
    }


def test_init_containers_are_judged_as_the_others_and_volumes_by_their_kind() -> None:
    assert refused("restricted", initContainers=[container(name="init", securityContext={"privileged": True, **SECURE})]) == {
        "spec.initContainers[0].securityContext.privileged"
    }
    assert refused("restricted", volumes=[{"name": "x", "nfs": {}}]) == {"spec.volumes[0].nfs"}
    assert refused("restricted", volumes=[{"name": "x", "emptyDir": {}}]) == set()


def test_what_is_not_known_yet_is_not_judged() -> None:
    assert refused("restricted", securityContext=UNKNOWN) == set()
    assert of_container("restricted", runAsNonRoot=UNKNOWN, allowPrivilegeEscalation=UNKNOWN, capabilities={"drop": UNKNOWN}) == set()
