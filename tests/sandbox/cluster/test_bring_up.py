"""What a control plane is given: definitions, told when there are none, and not given twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.cluster import bring_up
from sandbox.cluster.control_plane import ClusterError
from tests.kit.control_plane import Cluster, pod

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("control-plane")]

WIDGET = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, required: [size], properties: {size: {type: integer}}}
"""


CERTIFICATE = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: certificates.cert-manager.io, annotations: {api-approved.kubernetes.io: "https://example.com/test"}}
spec:
  group: cert-manager.io
  scope: Namespaced
  names: {kind: Certificate, plural: certificates}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
"""


def widget(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "one", "namespace": "default"}, "spec": spec}


def test_definitions_of_a_folder_are_applied_once_and_enforced(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "widget.yaml").write_text(WIDGET)
    (tmp_path / "README.md").write_text("not for the cluster")
    told: list[str] = []
    bring_up.bring_up(cluster.plane, cluster.programs, tmp_path, told.append)
    assert told == ["west: applying the definitions of widget"]
    assert "spec.size" in cluster.refusal(widget())
    assert ".spec.colour" in cluster.refusal(widget(size=1, colour="red"))
    cluster.apply(widget(size=1))
    told.clear()
    bring_up.bring_up(cluster.plane, cluster.programs, tmp_path, told.append)
    assert told == []


def test_a_certificate_asked_of_an_operator_that_does_not_run_is_issued_and_pods_are_played_as_before(
    cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "certificate.yaml").write_text(CERTIFICATE)
    bring_up.bring_up(cluster.plane, cluster.programs, tmp_path, lambda _text: None)
    asked = {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"name": "web", "namespace": "default"}}
    cluster.apply({**asked, "spec": {"secretName": "web-tls"}})
    cluster.wait("condition=Ready", "certificate/web", "--namespace=default")
    assert cluster.get("secret/web-tls", "--namespace=default")["type"] == "kubernetes.io/tls"
    cluster.apply(pod("after", "default"))
    cluster.wait("condition=Ready", "pod/after", "--namespace=default")


def test_what_plays_an_operator_is_begun_again_until_the_api_describes_its_kind(cluster: Cluster, tmp_path: Path) -> None:
    plane, programs = cluster.plane, cluster.programs
    cluster.kubectl("delete", "customresourcedefinition/certificates.cert-manager.io", "--ignore-not-found")
    plane.play(programs, ())
    printed = len(plane.log("kwok").read_text())
    with ThreadPoolExecutor() as aside:
        playing = aside.submit(plane.play, programs, ["certificates.cert-manager.io"])
        while "failed to get gvk" not in plane.log("kwok").read_text()[printed:]:
            time.sleep(0.05)
        assert not playing.done()
        cluster.apply(yaml.safe_load(CERTIFICATE))
        playing.result()
    assert not plane.missing


def test_a_definition_that_the_api_refuses_is_told_and_a_running_cluster_stays(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WIDGET.replace("widgets.example.com", "gadgets.example.com"))
    with pytest.raises(ClusterError, match=r"the cluster of west refused `kubectl apply(?s:.*)metadata\.name"):
        bring_up.bring_up(cluster.plane, cluster.programs, tmp_path, lambda _text: None)
    assert not cluster.plane.missing and cluster.plane.kubeconfig.exists()
