"""Pods that could take their node, or the cluster."""

from typing import Any

import pytest

from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

DEPLOYMENT, CRON = "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob"
DAEMONS = "kubernetes:apps/v1:DaemonSet"
POD = "spec.template.spec"
SECURITY = f"{POD}.containers.0.securityContext"


def pod(draft: Draft) -> Changed:
    return draft.one(DEPLOYMENT, "api-probes-deployment")


def itself(draft: Draft) -> None:
    pod(draft).drop(f"{POD}.securityContext.runAsNonRoot")
    pod(draft).set(f"{SECURITY}.runAsNonRoot", True)


def agent(namespace: str) -> dict[str, Any]:
    inside = {"hostPID": True, "automountServiceAccountToken": False, "containers": [{"securityContext": {"privileged": True}}]}
    return {"metadata": {"namespace": namespace}, "spec": {"template": {"spec": inside}}}


CAUGHT = [
    Mutation("nothing is said of a disk", lambda draft: pod(draft).drop(f"{SECURITY}.readOnlyRootFilesystem")),
    Mutation("a pod may be root", lambda draft: pod(draft).drop(f"{POD}.securityContext.runAsNonRoot")),
    Mutation("a container may be root where its pod may not", lambda draft: pod(draft).set(f"{SECURITY}.runAsNonRoot", False)),
    Mutation("a disk can be written", lambda draft: pod(draft).set(f"{SECURITY}.readOnlyRootFilesystem", False)),
    Mutation("privileges can be gained", lambda draft: pod(draft).drop(f"{SECURITY}.allowPrivilegeEscalation")),
    Mutation("a container is privileged", lambda draft: pod(draft).set(f"{SECURITY}.privileged", True)),
    Mutation("capabilities are kept", lambda draft: pod(draft).drop(f"{SECURITY}.capabilities")),
    Mutation("calls of the kernel are open", lambda draft: pod(draft).set(f"{POD}.securityContext.seccompProfile.type", "Unconfined")),
    Mutation("a pod is in its node's network", lambda draft: pod(draft).set(f"{POD}.hostNetwork", True)),
    Mutation("a token is mounted for nothing", lambda draft: pod(draft).set(f"{POD}.automountServiceAccountToken", True)),
    Mutation("a job may be root", lambda draft: draft.one(CRON).drop("spec.jobTemplate.spec.template.spec.securityContext")),
    Mutation("an agent is privileged where nobody said why", lambda draft: draft.add(DAEMONS, "agent", agent("monitoring"))),
]
SPARED = [
    Mutation("a container says itself that it is nobody", itself),
    Mutation("an agent is privileged where that is said", lambda draft: draft.add(DAEMONS, "agent", agent("node-agents"))),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-05", mutation)
