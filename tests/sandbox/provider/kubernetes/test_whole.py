"""All objects of a cluster judged at once: each kind of judge is asked."""

from __future__ import annotations

from sandbox.provider.kubernetes.whole import problems, undefined
from tests.sandbox.provider.kubernetes.manifests import container, deployment, namespace, pod_spec, restricted


def test_objects_that_fit_together_have_no_problems() -> None:
    assert list(problems([restricted(), deployment()], "1.35")) == []


def test_every_judge_is_asked() -> None:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": "shop"},
        "spec": {"hard": {"requests.cpu": "50m"}},
    }
    privileged = container(
        securityContext={"privileged": True}, imagePullPolicy="Sometimes", volumeMounts=[{"name": "x", "mountPath": "/x"}]
    )
    found = "\n".join(problems([restricted(), quota, deployment(spec=pod_spec(privileged, serviceAccountName="nobody"))], "1.35"))
    for words in (
        "imagePullPolicy",
        "there is no volume 'x'",
        "enforces restricted",
        "one pod takes requests.cpu",
        "no ServiceAccount nobody",
    ):
        assert words in found


def test_an_object_in_a_namespace_that_nobody_declares_is_found_and_those_of_every_cluster_are_there() -> None:
    assert list(problems([deployment()], "1.35")) == ["Deployment shop/web: there is no namespace shop"]
    assert list(problems([deployment(in_namespace="kube-system"), namespace("other")], "1.35")) == []


def test_kinds_that_nobody_defines_are_told() -> None:
    thing = {"apiVersion": "nobody.example/v1", "kind": "Thing", "metadata": {"name": "x", "namespace": "default"}}
    assert undefined([thing, deployment()], "1.35") == {"nobody.example/v1 Thing"}
