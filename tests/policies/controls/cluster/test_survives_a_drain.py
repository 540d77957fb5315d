"""Workloads that go with their node, and budgets that keep a node from going."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

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


def selector(draft: Draft, **fields: Any) -> None:
    draft.one(BUDGET, GUARD).set("spec.selector", fields)


def by_expressions(draft: Draft) -> None:
    labels = draft.one(BUDGET, GUARD).properties["spec"]["selector"]["matchLabels"]
    selector(draft, matchLabels=labels, matchExpressions=[{"key": "canary", "operator": "Exists"}])


def one_label_more(draft: Draft) -> None:
    draft.one(BUDGET, GUARD).properties["spec"]["selector"]["matchLabels"]["app"] = "another"


def two_must_stay(draft: Draft, of: int) -> None:
    """Let a budget keep two of a set, and of another that has enough."""
    set_of(draft, of)
    budget(draft, minAvailable=2)


def nobody_runs(draft: Draft) -> None:
    draft.one(DEPLOYMENT, POOLER).set("spec.replicas", 0)
    budget(draft, minAvailable=1)


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
    Mutation("the budget selects one label more", one_label_more),
    Mutation("the budget selects by expressions as well", by_expressions),
    Mutation("the budget selects by expressions alone", lambda draft: selector(draft, matchExpressions=[])),
    Mutation("the budget selects nothing", lambda draft: draft.one(BUDGET, GUARD).drop("spec.selector")),
    Mutation("a queue scales down to nothing", lambda draft: draft.one(SCALED).drop("spec.minReplicaCount")),
    Mutation("one of two guarded ones cannot go", lambda draft: two_must_stay(draft, of=2)),
    Mutation("how pods are spread is not said", lambda draft: draft.one(DEPLOYMENT, POOLER).set(SPREAD, [{"maxSkew": 1}])),
]
SPARED = [
    Mutation("two must stay of each of three", lambda draft: two_must_stay(draft, of=3)),
    Mutation("two are there", lambda draft: draft.one(DEPLOYMENT, POOLER).set("spec.replicas", 2)),
    Mutation("the budget selects every pod", selector),
    Mutation("what a queue scales is a Deployment by itself", lambda draft: draft.one(SCALED).drop("spec.scaleTargetRef.kind")),
    Mutation("nobody runs and one must stay", nobody_runs),
    Mutation("two must stay of three", lambda draft: budget(draft, minAvailable=2)),
    Mutation("half must stay", lambda draft: budget(draft, minAvailable="50%")),
    Mutation("a region stands by", stand_by),
    Mutation("staging has one", of_staging),
    Mutation("a lone one says why", lambda draft: lone(draft, "two would count everything twice")),
]
OPEN = [
    Mutation("how many there are is not known yet", lambda draft: draft.one(DEPLOYMENT, POOLER).set("spec.replicas", UNKNOWN)),
    Mutation("how many may go is not known yet", lambda draft: budget(draft, maxUnavailable=UNKNOWN)),
    Mutation("whom the budget selects is not known yet", lambda draft: selector(draft, matchLabels=UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-07", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-07", mutation)
