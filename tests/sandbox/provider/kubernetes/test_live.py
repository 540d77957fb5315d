"""Target 2: the same plugin on a real API server, with controllers, a scheduler and nodes that kwok plays."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.empty_pb2 import Empty

from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home
from sandbox.protos import provider_pb2, status_pb2
from sandbox.provider.values import from_struct
from tests.kit.cloud import EmulatedCloud
from tests.kit.control_plane import Cluster, programs, project_folder
from tests.kit.kubernetes_plugin import Engine, Refused, cluster, plugin
from tests.sandbox.provider.kubernetes.manifests import config_map, container, deployment, namespace, pod_spec, restricted

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("kubernetes-live")]
NONE = provider_pb2.DiffResponse.DIFF_NONE
REQUESTS = {"requests": {"cpu": "3", "memory": "128Mi"}, "limits": {"cpu": "3", "memory": "256Mi"}}


@dataclass
class Bench:
    """A configured plugin, and the cluster as kubectl sees it."""

    engine: Engine
    cluster: Cluster


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, emulated_cloud: EmulatedCloud) -> Iterator[Bench]:
    built = programs()
    plane = ControlPlane(Home(project_folder(tmp_path_factory.mktemp("live"), "test")), "test")
    bring_up(plane, built, None, lambda _text: None)
    try:
        with plugin(emulated_cloud, SANDBOX_FOLDER=str(plane.home.root)) as asked:
            emulated_cloud.reset()
            asked.configure(cluster(emulated_cloud))
            asked.create(restricted(), name="space")
            yield Bench(asked, Cluster(plane, built))
    finally:
        plane.stop()


def failure(caught: pytest.ExceptionInfo[Any]) -> Any:
    """What the engine is told of an object that is there and not ready."""
    trailing = dict(caught.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    found = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(found)
    return found


def test_a_deployment_is_applied_rolled_out_changed_and_ended(bench: Bench) -> None:
    made = bench.engine.create(deployment("whole"), name="whole")
    assert (made.outputs["__heldBy"], made.outputs["__support"]) == ("cluster", "held")
    assert made.outputs["status"]["availableReplicas"] == 2
    live = bench.cluster.get("deployment", "whole", "--namespace=shop", "--show-managed-fields=true")
    managers = {entry["manager"] for entry in live["metadata"]["managedFields"]}
    assert made.outputs["__fieldManager"] in managers
    assert bench.engine.diff(made, deployment("whole")).changes == NONE

    read = bench.engine.read(made)
    assert read is not None
    assert read.inputs == made.inputs
    after = bench.engine.update(made, deployment("whole", replicas=3))
    assert after.outputs["status"]["availableReplicas"] == 3
    bench.engine.delete(after)
    assert bench.cluster.try_kubectl("get", "deployment", "whole", "--namespace=shop").returncode != 0
    # Deleted in the foreground: its pods went first.
    assert bench.cluster.get("pods", "--namespace=shop", "--selector=app=whole")["items"] == []


def test_a_stateful_set_gets_its_claims_and_can_be_changed(bench: Bench) -> None:
    claim: dict[str, Any] = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    item = deployment("kept", spec=pod_spec(container(volumeMounts=[{"name": "data", "mountPath": "/data"}])))
    item["kind"] = "StatefulSet"
    item["spec"] |= {"serviceName": "kept", "volumeClaimTemplates": [claim | {"spec": claim["spec"] | {"storageClassName": "gp2"}}]}
    made = bench.engine.create(item, name="kept")
    assert made.outputs["status"]["readyReplicas"] == 2
    after = bench.engine.update(made, item | {"spec": item["spec"] | {"replicas": 3}})
    assert after.outputs["status"]["readyReplicas"] == 3
    read = bench.engine.read(after)
    assert read is not None
    assert read.inputs == after.inputs
    bench.engine.delete(after)


def test_quantities_that_the_server_spells_otherwise_are_no_drift(bench: Bench) -> None:
    spelled = container(resources={"requests": {"cpu": "1000m", "memory": "1024Mi"}, "limits": {"cpu": "2000m", "memory": "2048Mi"}})
    made = bench.engine.create(deployment("spelled", spec=pod_spec(spelled)), name="spelled")
    read = bench.engine.read(made)
    assert read is not None
    assert read.inputs == made.inputs
    bench.engine.delete(made)


def test_a_field_that_somebody_else_owns_is_a_conflict_that_is_told(bench: Bench) -> None:
    made = bench.engine.create(deployment("owned"), name="owned")
    bench.cluster.kubectl("scale", "deployment", "owned", "--namespace=shop", "--replicas=4")
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.update(made, deployment("owned", replicas=3))
    assert ".spec.replicas" in caught.value.details()
    assert "kubectl" in caught.value.details()
    # Told to ignore replicas, a change of something else leaves them to whoever scales.
    other = deployment("owned", spec=pod_spec(container(image="registry.example/web:2")))
    left = bench.engine.update(made, other, ignored=["spec.replicas"])
    assert left.outputs["spec"]["replicas"] == 4
    forced = deployment("owned", replicas=3)
    forced["metadata"]["annotations"] = {"pulumi.com/patchForce": "true"}
    assert bench.engine.update(made, forced).outputs["spec"]["replicas"] == 3
    bench.engine.delete(made)


def test_drift_is_read_from_the_cluster(bench: Bench) -> None:
    made = bench.engine.create(config_map("drift", colour="blue"), name="drift")
    bench.cluster.kubectl("patch", "configmap", "drift", "--namespace=shop", "--type=merge", '--patch={"data":{"colour":"red"}}')
    read = bench.engine.read(made)
    assert read is not None
    assert read.inputs["data"] == {"colour": "red"}
    bench.engine.delete(made)


def test_an_object_that_never_becomes_ready_is_kept_in_the_state_with_the_reason(bench: Bench) -> None:
    too_large = deployment("large", spec=pod_spec(container(resources={"requests": {"cpu": "900"}})))
    too_large["metadata"]["annotations"] = {"pulumi.com/timeoutSeconds": "2"}
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.create(too_large, name="large")
    found = failure(caught)
    assert found.id == "shop/large"
    assert "0 are available" in found.reasons[0]
    assert from_struct(found.properties)["metadata"]["uid"]
    bench.cluster.kubectl("delete", "deployment", "large", "--namespace=shop")


def test_pods_that_a_quota_refuses_fail_the_rollout_with_the_quotas_own_words(bench: Bench) -> None:
    bench.engine.create(restricted("small"), name="small")
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": "small"},
        "spec": {"hard": {"requests.cpu": "4"}},
    }
    made = bench.engine.create(quota, name="quota")
    assert made.outputs["status"]["hard"] == {"requests.cpu": "4"}
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.create(deployment("two", "small", spec=pod_spec(container(resources=REQUESTS))), name="two")
    assert "exceeded quota" in failure(caught).reasons[0]


def test_a_privileged_pod_is_refused_before_it_is_applied(bench: Bench) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.create(deployment("root", spec=pod_spec(container(securityContext={"privileged": True}))), name="root")
    assert "restricted" in caught.value.details()
    assert bench.cluster.try_kubectl("get", "deployment", "root", "--namespace=shop").returncode != 0


def test_a_job_is_waited_for_until_it_is_done(bench: Bench) -> None:
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "once", "namespace": "shop"},
        "spec": {"template": {"spec": pod_spec(container(ports=[]), restartPolicy="Never")}},
    }
    made = bench.engine.create(job, name="once")
    assert made.outputs["status"]["succeeded"] == 1
    other = {**job, "spec": {"template": {"spec": pod_spec(container(ports=[], image="registry.example/web:2"), restartPolicy="Never")}}}
    changed = bench.engine.diff(made, other)
    assert changed.deleteBeforeReplace
    bench.engine.delete(made)


def test_a_custom_resource_waits_for_its_definition_and_is_checked_against_it(bench: Bench) -> None:
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Thing", "plural": "things"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {
                        "openAPIV3Schema": {
                            "type": "object",
                            "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 1}}}},
                        }
                    },
                }
            ],
        },
    }
    made = bench.engine.create(definition, name="definition")
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "one", "namespace": "shop"}, "spec": {"size": 0}}
    with pytest.raises(Refused) as caught:
        bench.engine.create(thing, name="thing")
    assert "spec.size" in caught.value.failures
    created = bench.engine.create({**thing, "spec": {"size": 2}}, name="thing")
    assert bench.cluster.get("things", "one", "--namespace=shop")["spec"] == {"size": 2}
    bench.engine.delete(created)
    bench.engine.delete(made)


def test_an_object_that_is_there_already_is_not_taken_over(bench: Bench) -> None:
    bench.cluster.apply(config_map("theirs"))
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.create(config_map("theirs"), name="theirs")
    assert "exists already" in caught.value.details()


def test_a_creation_that_the_engine_lost_is_taken_up(bench: Bench) -> None:
    lost = bench.engine.create(config_map("lost"), name="lost", seen=False)
    found = bench.engine.create(config_map("lost"), name="lost")
    assert found.outputs["metadata"]["uid"] == lost.outputs["metadata"]["uid"]


def test_a_wait_ends_when_the_engine_cancels(bench: Bench, emulated_cloud: EmulatedCloud) -> None:
    plane = bench.cluster.plane
    waiting = deployment("waiting", spec=pod_spec(container(resources={"requests": {"cpu": "900"}})))
    with plugin(emulated_cloud, SANDBOX_FOLDER=str(plane.home.root)) as asked:
        asked.configure(cluster(emulated_cloud, "another"))
        threading.Timer(2, lambda: asked.stub.Cancel(Empty())).start()
        began = time.monotonic()
        with pytest.raises(grpc.RpcError) as caught:
            asked.create(waiting, name="waiting")
    assert "the wait for it was ended" in failure(caught).reasons[0]
    assert time.monotonic() - began < 30


def test_a_dead_api_server_is_told_with_what_starts_it_again(bench: Bench, emulated_cloud: EmulatedCloud) -> None:
    made = bench.engine.create(config_map("survivor"), name="survivor")
    plane = bench.cluster.plane
    server = psutil.Process(plane.alive["kube-apiserver"].pid)
    server.kill()
    server.wait(10)
    with pytest.raises(grpc.RpcError) as caught:
        bench.engine.update(made, config_map("survivor", colour="green"))
    assert "does not answer" in caught.value.details()
    assert "`make up`" in caught.value.details()
    plane.start(bench.cluster.programs)
    after = bench.engine.update(made, config_map("survivor", colour="green"))
    assert after.outputs["data"] == {"colour": "green"}
    assert bench.engine.create(namespace("later"), name="later").outputs["status"]["phase"] == "Active"
