"""Namespaces that are open, or unbounded."""

import pytest

from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
LIMITS, QUOTA = "kubernetes:core/v1:LimitRange", "kubernetes:core/v1:ResourceQuota"


def deny(draft: Draft, namespace: str) -> Changed:
    wanted = {"namespace": namespace, "name": "default-deny"}
    return next(policy for policy in draft.all(POLICY) if wanted.items() <= policy.properties["metadata"].items())


def label(draft: Draft, level: str) -> Changed:
    namespace = draft.one(NAMESPACE, "automation-namespace")
    namespace.properties["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = level
    return namespace


def reasoned(draft: Draft) -> None:
    label(draft, "baseline").set("metadata.annotations", {"morefocus.com/pod-security-exception": "needs a port below 1024"})


CAUGHT = [
    Mutation("nothing is said of which ways are denied", lambda draft: deny(draft, "automation").drop("spec.policyTypes")),
    Mutation("nothing is denied", lambda draft: deny(draft, "automation").replace(type="test:index:Gone")),
    Mutation("what goes out is not denied", lambda draft: deny(draft, "automation").set("spec.policyTypes", ["Ingress"])),
    Mutation("some pods are left out", lambda draft: deny(draft, "automation").set("spec.podSelector", {"matchLabels": {"app": "n8n"}})),
    Mutation("the denial allows something", lambda draft: deny(draft, "automation").set("spec.ingress", [{}])),
    Mutation("pods have no limits", lambda draft: draft.remove(LIMITS, "automation-limits")),
    Mutation("pods may do anything", lambda draft: label(draft, "privileged")),
    Mutation("a tenant has no quota", lambda draft: draft.remove(QUOTA, "tenant-morefocus-europe-quota")),
    Mutation("another namespace has nothing", lambda draft: draft.add(NAMESPACE, "another", {"metadata": {"name": "another"}})),
]
SPARED = [
    Mutation("the denial says that it allows nothing", lambda draft: deny(draft, "automation").set("spec.ingress", [])),
    Mutation(
        "a policy beside it allows something",
        lambda draft: draft.add(
            POLICY, "more", {"metadata": {"namespace": "automation"}, "spec": {"policyTypes": ["Ingress"], "ingress": [{}]}}
        ),
    ),
    Mutation("a lower level says why", reasoned),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-02", mutation)
