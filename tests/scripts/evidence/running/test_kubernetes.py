"""Objects are read from an API server: what it has replaces what the state says, and what it has not is gone."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from policies.graph import Graph
from policies.values import look
from scripts.evidence.drift import cluster_of
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.kubernetes import Cluster
from scripts.evidence.running.layer import running
from tests.kit.kubernetes_plugin import kubeconfig
from tests.kit.policies import resource

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
KINDS = {
    "/api/v1": [
        {"kind": "Namespace", "name": "namespaces", "namespaced": False},
        {"kind": "Namespace", "name": "namespaces/status", "namespaced": False},
    ],
    "/apis/apps/v1": [{"kind": "Deployment", "name": "deployments", "namespaced": True}],
    "/apis/networking.k8s.io/v1": [{"kind": "NetworkPolicy", "name": "networkpolicies", "namespaced": True}],
}


@pytest.fixture
def objects() -> dict[str, Any]:
    """What the server has, by path; a number is an error."""
    return {path: {"resources": kinds} for path, kinds in KINDS.items()}


@pytest.fixture
def cluster(objects: dict[str, Any], tmp_path: Path) -> Iterator[Cluster]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = objects.get(self.path, 404)
            self.send_response(found if isinstance(found, int) else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({} if isinstance(found, int) else found).encode())

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=lambda: server.serve_forever(0.02), daemon=True).start()
    path = tmp_path / "kubeconfig"
    path.write_text(kubeconfig(f"http://127.0.0.1:{server.server_port}"))
    yield cluster_of(path)
    server.shutdown()
    server.server_close()


def no_cloud(service: str, region: str) -> Any:
    raise AssertionError(f"{service} is not asked for objects of a cluster")


def test_what_the_server_has_replaces_what_the_state_says(objects: dict[str, Any], cluster: Cluster) -> None:
    objects["/apis/apps/v1/namespaces/shop/deployments/web"] = {
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "labels": {"by": "hand"}, "uid": "u"},
        "spec": {"replicas": 1, "template": {"spec": {"hostNetwork": True}}},
        "status": {"replicas": 1},
    }
    objects["/api/v1/namespaces/shop"] = {"metadata": {"name": "shop"}}
    state = Graph(
        [
            resource(DEPLOYMENT, "web", metadata={"name": "web", "namespace": "shop"}, spec={"replicas": 3}),
            resource(NAMESPACE, "shop", metadata={"name": "shop", "labels": {"kept": "no"}}),
        ]
    )
    graph, coverage = running(state, Cloud(no_cloud), cluster)
    (web,) = graph.of(DEPLOYMENT)
    assert web.look("spec") == {"replicas": 1, "template": {"spec": {"hostNetwork": True}}}
    assert web.look("metadata") == {"name": "web", "namespace": "shop", "labels": {"by": "hand"}}
    assert graph.of(NAMESPACE)[0].look("metadata") == {"name": "shop"}, "a label that was taken off is off"
    assert coverage.resources == (2, 2)
    assert look(web.properties, "status.replicas") not in (1,)


def test_what_the_server_has_not_is_gone(cluster: Cluster) -> None:
    state = Graph([resource(POLICY, "deny", metadata={"name": "deny", "namespace": "shop"})])
    graph, coverage = running(state, Cloud(no_cloud), cluster)
    assert not graph.resources and coverage.gone == (state.resources[0].urn,)


def test_what_cannot_be_asked_for_is_told_and_stands_as_the_state_has_it(objects: dict[str, Any], cluster: Cluster) -> None:
    objects["/apis/apps/v1/namespaces/default/deployments/closed"] = 403
    state = Graph(
        [
            resource(DEPLOYMENT, "closed", metadata={"name": "closed"}),
            resource("kubernetes:core/v1:Secret", "secret", metadata={"name": "secret"}),
            resource("kubernetes:keda.sh/v1alpha1:ScaledObject", "scaled", metadata={"name": "scaled"}),
            resource(DEPLOYMENT, "unnamed", metadata={}),
        ]
    )
    graph, coverage = running(state, Cloud(no_cloud), cluster)
    assert graph.resources == state.resources and coverage.resources == (0, 4)
    assert coverage.without == {"kubernetes:core/v1:Secret": 1}, "what secrets hold is never asked for"
    assert [why.partition(": ")[2] for _, why in sorted(coverage.unread.items())] == [
        "the API server answers 403",
        "the state does not know its metadata.name",
        "the cluster knows no such kind",
    ]


def test_without_a_cluster_objects_stand_as_the_state_has_them() -> None:
    state = Graph([resource(DEPLOYMENT, "web", metadata={"name": "web"})])
    graph, coverage = running(state, Cloud(no_cloud))
    assert graph.resources == state.resources and coverage.without == {DEPLOYMENT: 1}


def test_a_file_that_is_no_kubeconfig_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nothing").write_text("{}")
    with pytest.raises(ValueError, match="is no kubeconfig"):
        cluster_of(tmp_path / "nothing")
