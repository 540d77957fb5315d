"""Every object that the shipped stacks declare, judged as the clusters would judge it, all at once."""

from typing import Any

import pytest

from config.load import load
from sandbox.paths import definitions
from sandbox.provider.kubernetes import whole
from sandbox.provider.kubernetes.objects import RELEASE
from tests.kit.composed import shipped_graph

STACKS = ("us-east-1", "staging")


def objects(stack: str) -> list[dict[str, Any]]:
    found = []
    for resource in shipped_graph(stack).resources:
        if resource.type == RELEASE:
            place = {"name": resource.inputs["name"], "namespace": resource.inputs["namespace"]}
            found.append({"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": place})
        elif resource.type.startswith("kubernetes:"):
            found.append({**resource.inputs, "metadata": {"name": resource.name, **resource.inputs.get("metadata", {})}})
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_a_cluster_of_its_version_takes_every_object(stack: str) -> None:
    assert list(whole.problems(objects(stack), load(stack).plan.cluster.version)) == []


@pytest.mark.skipif(not definitions().is_dir(), reason=f"NOT RUN: there are no operators' definitions in {definitions()}")
@pytest.mark.parametrize("stack", STACKS)
def test_every_custom_resource_is_judged_by_its_definition(stack: str) -> None:
    assert whole.undefined(objects(stack), load(stack).plan.cluster.version) == set()


@pytest.mark.parametrize("stack", STACKS)
def test_there_are_objects_to_judge(stack: str) -> None:
    kinds = {item["kind"] for item in objects(stack)}
    assert {"Namespace", "NetworkPolicy", "Deployment", "ServiceAccount"} <= kinds
