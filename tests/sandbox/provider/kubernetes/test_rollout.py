"""When an object is ready, judged by what its controller writes into it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.errors import HandlerError
from sandbox.provider.kubernetes.rollout import Standing, seconds, standing
from tests.sandbox.provider.kubernetes.manifests import Manifest

RIGHT = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2}


def thing(api: str, kind: str, status: Manifest, **content: Any) -> Manifest:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": "x", "generation": 2},
        "spec": {"replicas": 2},
        "status": status,
        **content,
    }


def condition(name: str, value: str, **more: str) -> Manifest:
    return {"conditions": [{"type": name, "status": value, **more}]}


def of(item: Manifest, others: dict[str, Manifest] | None = None) -> Standing:
    return standing(item, item, lambda _api, _kind, name: (others or {}).get(name))


@pytest.mark.parametrize(
    ("status", "ready"),
    [
        (RIGHT, True),
        (RIGHT | {"observedGeneration": 1}, False),
        (RIGHT | {"availableReplicas": 1}, False),
        (RIGHT | {"updatedReplicas": 1}, False),
        (RIGHT | {"replicas": 3}, False),
        ({}, False),
    ],
)
def test_a_deployment_is_ready_when_all_its_pods_are_new_and_available(status: Manifest, ready: bool) -> None:
    assert of(thing("apps/v1", "Deployment", status)).ready is ready


def test_a_deployment_that_makes_no_progress_has_failed_and_one_that_is_refused_is_stuck() -> None:
    late = RIGHT | {"availableReplicas": 0} | condition("Progressing", "False", reason="ProgressDeadlineExceeded", message="too late")
    found = of(thing("apps/v1", "Deployment", late))
    assert (found.failed, found.why) == (True, "ProgressDeadlineExceeded: too late")
    refused = RIGHT | {"availableReplicas": 0} | condition("ReplicaFailure", "True", message="exceeded quota")
    found = of(thing("apps/v1", "Deployment", refused))
    assert (found.stuck, found.failed, found.why) == (True, False, "exceeded quota")


def test_a_stateful_set_and_a_daemon_set_are_ready_when_all_pods_are() -> None:
    assert of(thing("apps/v1", "StatefulSet", RIGHT)).ready
    assert not of(thing("apps/v1", "StatefulSet", RIGHT | {"readyReplicas": 1})).ready
    assert not of(thing("apps/v1", "StatefulSet", RIGHT | {"updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"})).ready
    here = {"observedGeneration": 2, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberReady": 3}
    assert of(thing("apps/v1", "DaemonSet", here)).ready
    assert not of(thing("apps/v1", "DaemonSet", here | {"numberReady": 2})).ready


def test_a_job_is_ready_when_it_is_complete() -> None:
    assert of(thing("batch/v1", "Job", condition("Complete", "True"))).ready
    assert not of(thing("batch/v1", "Job", {"active": 1})).ready
    assert of(thing("batch/v1", "Job", condition("Failed", "True", reason="BackoffLimitExceeded"))).failed


def test_a_claim_waits_for_a_volume_unless_its_class_waits_for_a_pod() -> None:
    claim = thing("v1", "PersistentVolumeClaim", {"phase": "Pending"}, spec={"storageClassName": "gp3"})
    assert not of(claim, {"gp3": {"volumeBindingMode": "Immediate"}}).ready
    assert of(claim, {"gp3": {"volumeBindingMode": "WaitForFirstConsumer"}}).ready
    assert "there is no StorageClass gp3" in of(claim).why
    assert of(thing("v1", "PersistentVolumeClaim", {"phase": "Bound"})).ready


def test_a_definition_is_ready_when_it_is_established_and_a_quota_when_it_is_counted() -> None:
    assert of(thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", condition("Established", "True"))).ready
    assert of(thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", condition("NamesAccepted", "False", message="taken"))).failed
    assert of(thing("v1", "ResourceQuota", {"hard": {"pods": "1"}}, spec={"hard": {"pods": "1"}})).ready
    assert not of(thing("v1", "ResourceQuota", {}, spec={"hard": {"pods": "1"}})).ready


def test_what_is_reached_through_a_load_balancer_waits_for_its_address() -> None:
    given = {"loadBalancer": {"ingress": [{"hostname": "a.example"}]}}
    for item in (thing("v1", "Service", {}, spec={"type": "LoadBalancer"}), thing("networking.k8s.io/v1", "Ingress", {})):
        assert not of(item).ready
        assert of({**item, "status": given}).ready


def test_what_no_controller_makes_ready_is_ready() -> None:
    for kind in ("ConfigMap", "Service", "Secret"):
        assert of(thing("v1", kind, {})).ready


@pytest.mark.parametrize(
    ("annotation", "ready"),
    [
        ("condition=Ready", True),
        ("condition=Ready=False", False),
        ("jsonpath={.status.phase}=Running", True),
        ("jsonpath={.status.phase}", True),
        ("jsonpath={.status.conditions[0].type}=Ready", True),
        ("jsonpath={.status.none}", False),
        ('["condition=Ready", "jsonpath={.status.phase}=Done"]', False),
    ],
)
def test_an_annotation_can_say_what_to_wait_for(annotation: str, ready: bool) -> None:
    item = thing("example.com/v1", "Thing", {"phase": "Running", **condition("Ready", "True")})
    item["metadata"]["annotations"] = {"pulumi.com/waitFor": annotation}
    assert of(item).ready is ready


@pytest.mark.parametrize("annotation", ["Ready", "jsonpath={.a[*]}", "jsonpath={}"])
def test_an_annotation_that_cannot_be_read_is_refused(annotation: str) -> None:
    item = thing("example.com/v1", "Thing", {})
    item["metadata"]["annotations"] = {"pulumi.com/waitFor": annotation}
    with pytest.raises(HandlerError, match=r"pulumi\.com/waitFor"):
        of(item)


def test_waiting_can_be_skipped_and_its_length_told() -> None:
    item = thing("apps/v1", "Deployment", {})
    item["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true", "pulumi.com/timeoutSeconds": "7"}
    assert of(item).ready
    assert (seconds(item, 0), seconds(item, 3)) == (7, 3)
    assert (seconds(thing("apps/v1", "Deployment", {}), 0), seconds(thing("v1", "PersistentVolumeClaim", {}), 0)) == (600, 300)
