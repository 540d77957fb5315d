"""Containers without a size, or that nobody could tell are dead."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

DEPLOYMENT, CRON = "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob"
SEARCH, BEAT = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch", "kubernetes:beat.k8s.elastic.co/v1beta1:Beat"
KIBANA = "kubernetes:kibana.k8s.elastic.co/v1:Kibana"
POD = "spec.template.spec"
FIRST = f"{POD}.containers.0"
IN_CRON = "spec.jobTemplate.spec.template.spec.containers.0"
SIZED = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}


def served(draft: Draft) -> Changed:
    return draft.one(DEPLOYMENT, "api-probes-deployment")


def without(path: str) -> Any:
    return lambda draft: served(draft).drop(f"{FIRST}.{path}")


def another_beat(draft: Draft, **container: Any) -> None:
    draft.add(BEAT, "more", {"spec": {"deployment": {"podTemplate": {"spec": {"containers": [container]}}}}})


def unprobed(kind: str) -> Any:
    """Return the addition of a workload of a kind that has sizes and no probes."""
    spec = {"template": {"spec": {"containers": [{"resources": SIZED}]}}}
    return lambda draft: draft.add(f"kubernetes:apps/v1:{kind}", "more", {"spec": spec})


CAUGHT = [
    *(
        Mutation(f"a container says no {path}", without(path))
        for path in (
            *(f"resources.{size}" for size in ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")),
            *("startupProbe", "livenessProbe", "readinessProbe"),
        )
    ),
    Mutation(
        "a second container says nothing", lambda draft: served(draft).properties["spec"]["template"]["spec"]["containers"].append({})
    ),
    Mutation("what begins first has no size", lambda draft: served(draft).set(f"{POD}.initContainers", [{"name": "first"}])),
    Mutation("a job has no size", lambda draft: draft.one(CRON).drop(f"{IN_CRON}.resources")),
    Mutation("there is no container", lambda draft: served(draft).set(f"{POD}.containers", [])),
    Mutation(
        "one kind of node for searching has no size",
        lambda draft: draft.one(SEARCH).drop("spec.nodeSets.1.podTemplate.spec.containers.0.resources.limits"),
    ),
    Mutation("an operator decides on a size", lambda draft: draft.one(KIBANA).drop("spec.podTemplate")),
    Mutation(
        "a shipper on every node has no size", lambda draft: draft.one(BEAT).drop("spec.daemonSet.podTemplate.spec.containers.0.resources")
    ),
    Mutation("a shipper that is deployed has no size", another_beat),
    *(Mutation(f"a {kind} has no probes", unprobed(kind)) for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")),
]
SPARED = [
    Mutation("what begins first has a size and no probe", lambda draft: served(draft).set(f"{POD}.initContainers", [{"resources": SIZED}])),
    Mutation("a job has no probe", lambda draft: draft.one(CRON).set(f"{IN_CRON}.resources", SIZED)),
    Mutation("a shipper that is deployed has a size", lambda draft: another_beat(draft, resources=SIZED)),
]
OPEN = [
    Mutation("sizes are not known yet", lambda draft: served(draft).set(f"{FIRST}.resources", UNKNOWN)),
    Mutation("a pod is not known yet", lambda draft: served(draft).set(POD, UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-06", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-06", mutation)
