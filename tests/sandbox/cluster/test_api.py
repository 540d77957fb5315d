"""The API refuses what EKS refuses, and plays what a cluster does: pods, volumes, load balancers."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from sandbox.cluster import build
from tests.kit.control_plane import RESTRICTED, Cluster, namespace, pod, workload

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]


def deny(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "default-deny", "namespace": name},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }


def quota(name: str, **hard: str) -> dict[str, Any]:
    spec = {"hard": {key.replace("_", "."): value for key, value in hard.items()}}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota", "namespace": name}, "spec": spec}


def test_the_server_is_the_pinned_kubernetes(cluster: Cluster) -> None:
    told = json.loads(cluster.kubectl("version", "--output=json"))
    assert told["serverVersion"]["gitVersion"] == f"v{build.version()}" == told["clientVersion"]["gitVersion"]


def test_a_privileged_pod_is_refused_in_a_restricted_namespace_and_taken_elsewhere(cluster: Cluster) -> None:
    cluster.apply(namespace("restricted", RESTRICTED), namespace("unlabelled"))
    told = cluster.refusal(pod("bad", "restricted", privileged=True))
    assert 'violates PodSecurity "restricted:latest": privileged' in told
    cluster.apply(pod("bad", "unlabelled", privileged=True), pod("good", "restricted"))


def test_a_pod_over_the_quota_is_refused_by_name_of_what_is_exceeded(cluster: Cluster) -> None:
    cluster.apply(namespace("small", RESTRICTED), quota("small", requests_cpu="500m", limits_memory="1Gi"))
    cluster.wait("jsonpath={.status.hard.requests\\.cpu}=500m", "resourcequota/quota", "--namespace=small")
    cluster.apply(pod("fits", "small", cpu="400m"))
    told = cluster.refusal(pod("too-big", "small", cpu="200m"))
    assert "exceeded quota: quota, requested: requests.cpu=200m, used: requests.cpu=400m, limited: requests.cpu=500m" in told


def test_default_deny_can_be_read_back_from_every_namespace_that_has_it(cluster: Cluster) -> None:
    names = ["denied-a", "denied-b"]
    cluster.apply(*(namespace(name) for name in names), *(deny(name) for name in names))
    found = cluster.get("networkpolicy", "--all-namespaces")["items"]
    denied = {item["metadata"]["namespace"] for item in found if item["spec"] == deny("")["spec"]}
    assert denied >= set(names)


def test_an_unknown_field_and_an_impossible_network_are_refused_with_their_path(cluster: Cluster) -> None:
    cluster.apply(namespace("strict"))
    wrong = deny("strict")
    wrong["spec"]["ingres"] = []
    assert ".spec.ingres" in cluster.refusal(wrong)
    wrong = deny("strict")
    wrong["spec"]["egress"] = [{"to": [{"ipBlock": {"cidr": "10.0.0.0/99"}}]}]
    assert "spec.egress[0].to[0].ipBlock.cidr" in cluster.refusal(wrong)


def test_strangers_learn_whether_it_is_well_and_nothing_else(cluster: Cluster) -> None:
    keys = cluster.plane.layout.keys
    context = ssl.create_default_context(cafile=str(keys.certificate("authority")))

    def ask(path: str) -> int:
        try:
            with urllib.request.urlopen(f"{cluster.plane.server}{path}", context=context, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert ask("/readyz") == 200
    assert ask("/version") == ask("/api") == 401


def test_a_deployment_becomes_available_with_its_pods_over_the_zones(cluster: Cluster) -> None:
    spread = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
    item = workload("Deployment", "web", "web", 3)
    item["spec"]["template"]["spec"]["topologySpreadConstraints"] = [{**spread, "labelSelector": {"matchLabels": {"app": "web"}}}]
    cluster.apply(namespace("web", RESTRICTED), item)
    cluster.wait("condition=Available", "deployment/web", "--namespace=web")
    nodes = {item["spec"]["nodeName"] for item in cluster.get("pod", "--namespace=web", "--selector=app=web")["items"]}
    zones = {cluster.get("node", name)["metadata"]["labels"]["topology.kubernetes.io/zone"] for name in nodes}
    assert zones == {"eu-west-1a", "eu-west-1b", "eu-west-1c"}


def test_a_deployment_of_forbidden_pods_is_taken_and_never_available(cluster: Cluster) -> None:
    item = workload("Deployment", "forbidden", "forbidden", 1)
    item["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    cluster.apply(namespace("forbidden", RESTRICTED), item)
    cluster.wait("condition=ReplicaFailure", "deployment/forbidden", "--namespace=forbidden")
    assert cluster.get("deployment/forbidden", "--namespace=forbidden")["status"].get("availableReplicas") is None


def test_what_no_node_can_hold_stays_pending(cluster: Cluster) -> None:
    cluster.apply(namespace("huge"), pod("huge", "huge", cpu="64"))
    cluster.wait("condition=PodScheduled=false", "pod/huge", "--namespace=huge")
    message = cluster.get("pod/huge", "--namespace=huge")["status"]["conditions"][0]["message"]
    assert "3 Insufficient cpu" in message


@pytest.mark.parametrize(("driver", "binding"), [("ebs.csi.aws.com", "WaitForFirstConsumer"), ("efs.csi.aws.com", "Immediate")])
def test_claims_are_bound_whatever_the_driver_and_pods_with_them_become_ready(cluster: Cluster, driver: str, binding: str) -> None:
    name = driver.partition(".")[0]
    kind = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}}
    claim = {"accessModes": ["ReadWriteOnce"], "storageClassName": name, "resources": {"requests": {"storage": "1Gi"}}}
    claims = [{"metadata": {"name": "data"}, "spec": claim}]
    stateful = workload("StatefulSet", name, name, 2, serviceName=name, volumeClaimTemplates=claims)
    cluster.apply(namespace(name, RESTRICTED), {**kind, "provisioner": driver, "volumeBindingMode": binding}, stateful)
    cluster.wait("jsonpath={.status.readyReplicas}=2", f"statefulset/{name}", f"--namespace={name}")
    found = cluster.get("persistentvolume")["items"]
    assert sum(item["spec"]["csi"]["driver"] == driver and item["status"]["phase"] == "Bound" for item in found) == 2


def test_whoever_waits_for_a_load_balancer_gets_an_address(cluster: Cluster) -> None:
    ports = [{"port": 80, "name": "web"}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "edge", "namespace": "edge"}}
    backend = {"service": {"name": "edge", "port": {"name": "web"}}}
    ingress = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "edge", "namespace": "edge"}}
    cluster.apply(
        namespace("edge"),
        {**service, "spec": {"type": "LoadBalancer", "ports": ports, "selector": {"app": "edge"}}},
        {**ingress, "spec": {"defaultBackend": backend}},
    )
    for what in ("service/edge", "ingress/edge"):
        cluster.wait("jsonpath={.status.loadBalancer.ingress[0].hostname}", what, "--namespace=edge")


def test_there_is_no_default_storage_class_as_on_eks(cluster: Cluster) -> None:
    found = {item["metadata"]["name"]: item["metadata"].get("annotations") or {} for item in cluster.get("storageclass")["items"]}
    assert "gp2" in found
    assert not any("storageclass.kubernetes.io/is-default-class" in annotations for annotations in found.values())
