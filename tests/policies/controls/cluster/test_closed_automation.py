"""n8n that keeps too much, tells others, or is reached by another door."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

DEPLOYMENT, CRON, JOB = "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob", "kubernetes:batch/v1:Job"
EXTERNAL, STORE = "kubernetes:external-secrets.io/v1:ExternalSecret", "kubernetes:external-secrets.io/v1:ClusterSecretStore"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
GUARD, BALANCER = "aws:wafv2/webAclAssociation:WebAclAssociation", "aws:lb/loadBalancer:LoadBalancer"
WORKER = "automation-worker"
KEY, AGE = "N8N_ENCRYPTION_KEY", "EXECUTIONS_DATA_MAX_AGE"


def env(draft: Draft) -> list[dict[str, Any]]:
    """Return the variables of a worker, ready to be changed."""
    pod = draft.one(DEPLOYMENT, WORKER).properties["spec"]["template"]["spec"]
    return next(container["env"] for container in pod["containers"] if container["name"] == "n8n")


def tell(name: str, value: Any = None) -> Callable[[Draft], None]:
    """Return a change that gives a variable another value, or takes it away."""

    def change(draft: Draft) -> None:
        variables = env(draft)
        assert any(each["name"] == name for each in variables), name
        variables[:] = [each for each in variables if each["name"] != name]
        if value is not None:
            variables.append({"name": name, "value": value})

    return change


def key_of(secret: Any) -> Callable[[Draft], None]:
    """Return a change that takes the key from another secret."""

    def change(draft: Draft) -> None:
        tell(KEY)(draft)
        env(draft).append({"name": KEY, "valueFrom": {"secretKeyRef": {"name": secret, "key": "encryption-key"}}})

    return change


def reach(draft: Draft, **rule: Any) -> Changed:
    """Let the pods of n8n's namespace reach something more."""
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]}
    return draft.add(POLICY, "more", {"metadata": {"name": "more", "namespace": "automation"}, "spec": spec})


def unguarded(draft: Draft) -> None:
    for guard in [one for one in draft.base.of(GUARD) if draft.base.target(one, "resourceArn", BALANCER).resources]:
        draft.remove(GUARD, guard.name)


def brought(draft: Draft) -> Changed:
    """Return the ExternalSecret of n8n's own keys."""
    return next(
        one
        for one in draft.all(EXTERNAL)
        if one.properties["metadata"] | {"name": "n8n", "namespace": "automation"} == one.properties["metadata"]
    )


def of_the_export(draft: Draft) -> None:
    job = draft.one(CRON, "automation-export-job").properties["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    for container in [*job.get("initContainers", []), *job["containers"]]:
        container["env"] = [each for each in container.get("env", []) if each["name"] != "EXECUTIONS_DATA_PRUNE"]


def once(draft: Draft) -> None:
    """Run n8n once, with all that its makers set."""
    pod = {"containers": [{"name": "n8n", "image": "docker.io/n8nio/n8n:2.40.5", "command": ["n8n", "import:workflow"]}]}
    namespace = draft.one(CRON, "automation-export-job").properties["metadata"]["namespace"]
    draft.add(JOB, "once", {"metadata": {"name": "once", "namespace": namespace}, "spec": {"template": {"spec": pod}}})


PORTS = [{"protocol": "TCP", "port": 443}]
WORLD = {"cidr": "0.0.0.0/0"}


def second_balancer(draft: Draft) -> None:
    """Let another balancer, without a web ACL, lead to the targets of webhooks."""
    target = draft.one(BINDING).properties["spec"]["targetGroupARN"]
    draft.add(BALANCER, "more", {"arn": "arn:of-a-balancer"})
    actions = [{"type": "forward", "targetGroupArn": target}]
    draft.add("aws:lb/listener:Listener", "more", {"loadBalancerArn": "arn:of-a-balancer", "defaultActions": actions})


def own_store(draft: Draft) -> None:
    spec = {"provider": {"aws": {"service": "SecretsManager"}}}
    draft.add(f"{EXTERNAL.rpartition(':')[0]}:SecretStore", "own", {"metadata": {"name": "own"}, "spec": spec})
    brought(draft).set("spec.secretStoreRef.name", "own")


def unnamed(draft: Draft) -> None:
    tell(AGE)(draft)
    env(draft).append({"name": UNKNOWN, "value": "1"})


CAUGHT = [
    Mutation("the key is written down", tell(KEY, "0123456789")),
    Mutation("n8n makes a key of its own", tell(KEY)),
    Mutation("the key is of a secret that nobody brings in", key_of("by-hand")),
    Mutation("executions are kept", tell("EXECUTIONS_DATA_PRUNE", "false")),
    Mutation("executions are kept for a time that is none", tell(AGE, "for ever")),
    Mutation("how long is left to n8n", tell(AGE)),
    Mutation("n8n tells its makers how it is used", tell("N8N_DIAGNOSTICS_ENABLED", "true")),
    Mutation("n8n asks its makers for versions", tell("N8N_VERSION_NOTIFICATIONS_ENABLED")),
    Mutation("a job of n8n's keeps executions", of_the_export),
    Mutation("n8n is run by hand, without a key", once),
    Mutation("pods may reach anything on a port", lambda draft: reach(draft, ports=PORTS)),
    Mutation("pods may reach every port of a network", lambda draft: reach(draft, to=[{"ipBlock": {"cidr": "203.0.113.0/24"}}])),
    Mutation("pods may reach their node's metadata", lambda draft: reach(draft, to=[{"ipBlock": WORLD}], ports=PORTS)),
    Mutation("a secret is of another place", lambda draft: brought(draft).set("spec.secretStoreRef.name", "somewhere")),
    Mutation("secrets are of another service", lambda draft: draft.one(STORE).set("spec.provider.aws.service", "ParameterStore")),
    Mutation("no web ACL stands before webhooks", unguarded),
    Mutation("webhooks are bound to somebody's targets", lambda draft: draft.one(BINDING).set("spec.targetGroupARN", "arn:of-somebody")),
    Mutation("executions are kept for more than a month", tell(AGE, "721")),
    Mutation("executions are kept for no time, which is for ever", tell(AGE, "0")),
    Mutation("secrets are of no service", lambda draft: draft.one(STORE).drop("spec.provider.aws")),
    Mutation("a second balancer leads to webhooks", second_balancer),
]
SPARED = [
    Mutation("executions are kept for an hour", tell(AGE, "1")),
    Mutation("secrets are of a store of the namespace", own_store),
    Mutation("executions are kept for a month", tell(AGE, "720")),
    Mutation(
        "pods may reach the internet without metadata",
        lambda draft: reach(draft, to=[{"ipBlock": {**WORLD, "except": ["169.254.0.0/16"]}}], ports=PORTS),
    ),
    Mutation("pods may reach others", lambda draft: reach(draft, to=[{"podSelector": {}}], ports=PORTS)),
    Mutation("a secret has its own name", lambda draft: brought(draft).drop("spec.target.name")),
]
OPEN = [
    Mutation("its key is of a secret that is not known yet", key_of(UNKNOWN)),
    Mutation("a variable is not known yet", unnamed),
    Mutation("what pods may reach is not known yet", lambda draft: reach(draft, to=[{"ipBlock": {"cidr": UNKNOWN}}], ports=[{}])),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-09", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-09", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-09", mutation)
