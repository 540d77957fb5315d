"""K8S-09: n8n has its key from Secrets Manager, forgets executions, is reached by the guarded door alone, and calls nobody unasked."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look, texts
from policies.verdict import Ruling
from policies.workloads import PODS, containers, namespace_of, within, workloads

EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORES = ("kubernetes:external-secrets.io/v1:ClusterSecretStore", "kubernetes:external-secrets.io/v1:SecretStore")
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
TARGETS, BALANCER = "aws:lb/targetGroup:TargetGroup", "aws:lb/loadBalancer:LoadBalancer"
LISTENER, RULE = "aws:lb/listener:Listener", "aws:lb/listenerRule:ListenerRule"
GUARD = "aws:wafv2/webAclAssociation:WebAclAssociation"
_N8N = re.compile(r"(^|/)n8n(:|@|$)")
"""The image of n8n itself, wherever it is copied to."""
_KEY = "N8N_ENCRYPTION_KEY"
_HOURS = 720
"""A month: an execution holds what was sent to it, which may be about a person."""
_SILENT = ("N8N_DIAGNOSTICS_ENABLED", "N8N_VERSION_NOTIFICATIONS_ENABLED")
"""What sends figures and versions to n8n's makers.

Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/basic-configuration/use-environment-variables
"""
_METADATA = "169.254.0.0/16"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each workload that runs n8n, what its namespace may reach, the secrets that come in there, and the door that leads to it.

    What n8n's defaults do is not asked: a variable that is left out means another thing in another version.
    """
    namespaces = set()
    for workload, path in workloads(graph):
        for container in containers(workload.look(path)):
            if _N8N.search(str(look(container, "image"))):
                namespaces.add(namespace_of(workload))
                yield ruled(workload, *_told(graph, workload, container, f"{path}.containers.env"))
                break
    fronts = _fronts(graph)
    for namespace in sorted(map(str, namespaces)):
        for policy in within(graph, POLICY, namespace):
            if "Egress" in texts(policy.look("spec.policyTypes")):
                yield ruled(policy, Need("spec.egress", _is_named(policy), f"ports, and peers; networks without {_METADATA}"))
        for secret in within(graph, EXTERNAL, namespace):
            yield ruled(
                secret, Need("spec.secretStoreRef", _from_secrets_manager(graph, secret), "a store of this stack over Secrets Manager")
            )
        for binding in within(graph, BINDING, namespace):
            yield ruled(binding, Need("spec.targetGroupARN", _is_guarded(graph, binding, fronts), "targets of a balancer with a web ACL"))


def _told(graph: Graph, workload: Resource, container: Any, path: str) -> Iterator[Need]:
    yield Need(f"{path}.{_KEY}", _key(graph, workload, container), "a key of a secret that an ExternalSecret brings in")
    yield _variable(container, path, "EXECUTIONS_DATA_PRUNE", lambda value: value == "true", "true")
    yield _variable(container, path, "EXECUTIONS_DATA_MAX_AGE", lambda value: 0 < int(value) <= _HOURS, f"1 to {_HOURS} hours")
    for name in _SILENT:
        yield _variable(container, path, name, lambda value: value == "false", "false")


def _variable(container: Any, path: str, name: str, test: Any, allowed: str) -> Need:
    entry = _entry(container, name)
    return Need(f"{path}.{name}", None if entry is UNKNOWN else asks(entry, "value", test, absent=False), allowed)


def _entry(container: Any, name: str) -> Any:
    """Return a variable of a container, ABSENT, or UNKNOWN where one without a known name could be it."""
    entries = each(container, "env")
    found = [entry for entry in entries if look(entry, "name") == name]
    return found[0] if found else UNKNOWN if any(look(entry, "name") is UNKNOWN for entry in entries) else ABSENT


def _key(graph: Graph, workload: Resource, container: Any) -> Answer:
    name = look(_entry(container, _KEY), "valueFrom.secretKeyRef.name")
    if name is UNKNOWN:
        return None
    brought = [_target(secret) for secret in within(graph, EXTERNAL, namespace_of(workload))]
    return any_of([None if target is UNKNOWN else target == name for target in brought])


def _target(secret: Resource) -> Any:
    """Return the name of the secret that is made: that of the ExternalSecret unless it says another."""
    named = secret.look("spec.target.name")
    return secret.look("metadata.name") if named is ABSENT else named


def _from_secrets_manager(graph: Graph, secret: Resource) -> Answer:
    stores = graph.target(secret, "spec.secretStoreRef.name", *STORES)
    found = [
        asks(store.properties, "spec.provider.aws.service", lambda of: of == "SecretsManager", absent=False) for store in stores.resources
    ]
    return any_of([*found, False if stores.certain else None])


def _is_named(policy: Resource) -> Answer:
    return all_of([_rule_is_named(rule) for rule in each(policy.properties, "spec.egress")])


def _rule_is_named(rule: Any) -> Answer:
    peers = each(rule, "to")
    blocks = [look(peer, "ipBlock") for peer in peers]
    open_ = [asks(block, "cidr", lambda cidr: not cidr.endswith("/0"), absent=True) for block in blocks]
    spared = [asks(block, "except", lambda nets: _METADATA in nets, absent=False) for block in blocks]
    closed = [any_of(pair) for pair in zip(open_, spared, strict=True)]
    return all_of([None if rule is UNKNOWN else bool(peers) and bool(each(rule, "ports")), *closed])


def _fronts(graph: Graph) -> Mapping[str, list[Resource]]:
    """Return the balancers that lead to each target group, by its urn."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for type_, field, owner in ((RULE, "actions", "listenerArn"), (LISTENER, "defaultActions", "")):
        for one in graph.of(type_):
            listeners = graph.target(one, owner, LISTENER).resources if owner else (one,)
            balancers = [each_ for listener in listeners for each_ in graph.target(listener, "loadBalancerArn", BALANCER).resources]
            for index in range(len(each(one.properties, field))):
                for group in graph.target(one, f"{field}.{index}.targetGroupArn", TARGETS).resources:
                    found[group.urn] += balancers
    return found


def _is_guarded(graph: Graph, binding: Resource, fronts: Mapping[str, list[Resource]]) -> Answer:
    groups = graph.target(binding, "spec.targetGroupARN", TARGETS)
    if not groups.resources:
        return False if groups.certain else None
    balancers = [balancer for group in groups.resources for balancer in fronts.get(group.urn, ())]
    return all_of([bool(graph.attached(balancer, GUARD, "resourceArn").resources) for balancer in balancers])


CONTROL = Control(
    id="K8S-09",
    title="n8n has its key from Secrets Manager, forgets executions, is reached behind a web ACL, and calls nobody unasked",
    severity=Severity.HIGH,
    why="Workflows hold the credentials and the data of every customer: the key opens all, and an open way out carries it off.",
    fix="make n8n by products.Automation with AutomationCredentials and WebhookEntry, EXECUTIONS_DATA_MAX_AGE and diagnostics off",
    clauses=clauses(gdpr="5(1)(e)* 32*", lgpd="15 16 46", soc2="CC6.6* C1.2*", iso27001="8.10* 8.12*"),
    governs=(*PODS, POLICY, EXTERNAL, BINDING, *STORES),
    check=check,
)
