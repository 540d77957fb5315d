"""K8S-02: a namespace lets nothing in or out by itself, and bounds what its pods take and may do."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, texts
from policies.verdict import Ruling
from policies.workloads import ENFORCED, NAMESPACE, REASON, label, namespace_of, within

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
LIMITS = "kubernetes:core/v1:LimitRange"
QUOTA = "kubernetes:core/v1:ResourceQuota"
_TENANT = "morefocus.com/tenant"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each namespace. A tenant's needs a quota; the platform's own would only keep its operators from scaling."""
    for namespace in graph.of(NAMESPACE):
        name = namespace.look("metadata.name")
        needs = [
            Need(
                "",
                any_of([_denies(policy, namespace) for policy in within(graph, POLICY, name)]),
                "a NetworkPolicy that denies all both ways",
            ),
            Need("", any_of([_is_in(one, namespace) for one in within(graph, LIMITS, name)]), "a LimitRange"),
            Need("metadata.labels", _is_restricted(namespace), f"{ENFORCED}: restricted, or another with the annotation {REASON}"),
        ]
        if label(namespace, _TENANT) is not ABSENT:
            needs.append(Need("", any_of([_is_in(one, namespace) for one in within(graph, QUOTA, name)]), "a ResourceQuota"))
        yield ruled(namespace, *needs)


def _is_in(resource: Resource, namespace: Resource) -> Answer:
    return None if UNKNOWN in (namespace_of(resource), namespace.look("metadata.name")) else True


def _denies(policy: Resource, namespace: Resource) -> Answer:
    selector = policy.look("spec.podSelector")
    everyone: Answer = None if selector is UNKNOWN else selector in ({}, ABSENT)
    both = asks(policy.properties, "spec.policyTypes", lambda kinds: {"Ingress", "Egress"} <= set(texts(kinds)), absent=False)
    silent = [asks(policy.properties, f"spec.{way}", lambda rules: rules == [], absent=True) for way in ("ingress", "egress")]
    return all_of([_is_in(policy, namespace), everyone, both, *silent])


def _is_restricted(namespace: Resource) -> Answer:
    level = label(namespace, ENFORCED)
    if level is UNKNOWN:
        return None
    return level == "restricted" or (level in ("baseline", "privileged") and label(namespace, REASON, of="annotations") is not ABSENT)


CONTROL = Control(
    id="K8S-02",
    title="Every namespace denies traffic by default, limits its pods, and holds them to a pod security level",
    severity=Severity.HIGH,
    why="One pod that is taken over must not reach the others, their databases, or the node's memory.",
    fix="make namespaces by platform.Namespace, or add a NetworkPolicy without rules for Ingress and Egress, a LimitRange and the label",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6* A1.1*", iso27001="8.6* 8.22*", pci="1.3.1* 1.4.1*"),
    governs=(NAMESPACE, POLICY, LIMITS, QUOTA),
    check=check,
)
