"""Workloads that go with their node, and budgets that keep a node from going."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

DEPLOYMENT, STATEFUL = "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
AUTOSCALER, SCALED = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:keda.sh/v1alpha1:ScaledObject"
KIBANA, LOGSTASH = "kubernetes:kibana.k8s.elastic.co/v1:Kibana", "kubernetes:logstash.k8s.elastic.co/v1alpha1:Logstash"
POOLER, GUARD = "pgbouncer-deployment", "pgbouncer-disruption"
SPREAD = "spec.template.spec.topologySpreadConstraints"
LONE = "morefocus.com/single-replica"


def budget(draft: Draft, **spec: Any) -> Changed:
    """Give the pooler's budget other figures."""
    guard = draft.one(BUDGET, GUARD)
    guard.properties["spec"] = {"selector": guard.properties["spec"]["selector"], **spec}
    return guard


def set_of(draft: Draft, replicas: Any) -> Changed:
    """Add a StatefulSet whose pods the pooler's budget selects."""
    pooler = draft.one(DEPLOYMENT, POOLER).properties
    metadata = {**pooler["metadata"], "name": "another"}
    return draft.add(STATEFUL, "another", {"metadata": metadata, "spec": {**pooler["spec"], "replicas": replicas}})


def stand_by(draft: Draft) -> None:
    draft.one(DEPLOYMENT, "automation-webhook").set("spec.replicas", 0)
    draft.remove(BUDGET, "automation-webhook-budget")


def of_staging(draft: Draft) -> None:
    one = set_of(draft, 1)
    one.properties["metadata"]["labels"] = {**one.properties["metadata"]["labels"], "morefocus.com/environment": "staging"}


def lone(draft: Draft, why: str) -> None:
    set_of(draft, 1).properties["metadata"]["annotations"] = {LONE: why}


def elsewhere(draft: Draft) -> None:
    draft.one(BUDGET, GUARD).set("metadata.namespace", "automation")


CAUGHT = [
    Mutation("a workload stands once", lambda draft: draft.one(DEPLOYMENT, POOLER).set("spec.replicas", 1)),
    Mutation("a workload leaves it to Kubernetes", lambda draft: draft.one(DEPLOYMENT, POOLER).drop("spec.replicas")),
    Mutation("a stateful one stands once", lambda draft: set_of(draft, 1)),
    Mutation("a reason is empty", lambda draft: lone(draft, "")),
    Mutation("an autoscaler goes down to one", lambda draft: draft.one(AUTOSCALER).set("spec.minReplicas", 1)),
    Mutation("an autoscaler says nothing", lambda draft: draft.one(AUTOSCALER).drop("spec.minReplicas")),
    Mutation("a queue scales down to one", lambda draft: draft.one(SCALED).set("spec.minReplicaCount", 1)),
    Mutation("the autoscaler is another's", lambda draft: draft.one(AUTOSCALER).set("spec.scaleTargetRef.name", "another")),
    Mutation("pods stand in one zone", lambda draft: draft.one(DEPLOYMENT, POOLER).drop(SPREAD)),
    Mutation(
        "pods are spread over nodes", lambda draft: draft.one(DEPLOYMENT, POOLER).set(f"{SPREAD}.0.topologyKey", "kubernetes.io/hostname")
    ),
    Mutation("no budget guards them", lambda draft: draft.remove(BUDGET, GUARD)),
    Mutation("the budget is in another namespace", elsewhere),
    Mutation("the budget selects others", lambda draft: draft.one(BUDGET, GUARD).set("spec.selector.matchLabels", {"app": "another"})),
    Mutation("no pod may go", lambda draft: budget(draft, maxUnavailable=0)),
    Mutation("no share of the pods may go", lambda draft: budget(draft, maxUnavailable="0%")),
    Mutation("all pods must stay", lambda draft: budget(draft, minAvailable="100%")),
    Mutation("as many must stay as there are", lambda draft: budget(draft, minAvailable=3)),
    Mutation("the budget says no figure", budget),
    Mutation("the view of logs stands once", lambda draft: draft.one(KIBANA).set("spec.count", 1)),
    Mutation(
        "the intake of logs stands in one zone", lambda draft: draft.one(LOGSTASH).drop("spec.podTemplate.spec.topologySpreadConstraints")
    ),
]
SPARED = [
    Mutation("two must stay of three", lambda draft: budget(draft, minAvailable=2)),
    Mutation("half must stay", lambda draft: budget(draft, minAvailable="50%")),
    Mutation("a region stands by", stand_by),
    Mutation("staging has one", of_staging),
    Mutation("a lone one says why", lambda draft: lone(draft, "two would count everything twice")),
    Mutation("how many there are is not known yet", lambda draft: draft.one(DEPLOYMENT, POOLER).set("spec.replicas", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-07", mutation)
