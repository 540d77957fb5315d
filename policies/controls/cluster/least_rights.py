"""K8S-08: nobody may do anything in a cluster that no rule names, and nobody may give himself more."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import Answer, all_of, any_of, asks, each, holds_unknown, look, texts
from policies.verdict import Ruling

_API = "kubernetes:rbac.authorization.k8s.io/v1"
ROLES = (f"{_API}:Role", f"{_API}:ClusterRole")
STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"
BINDINGS = (f"{_API}:RoleBinding", f"{_API}:ClusterRoleBinding")
_GIVING = ("escalate", "bind", "impersonate")
_DOORS = ("nodes/proxy", "serviceaccounts/token", "pods/exec", "pods/attach", "pods/ephemeralcontainers")
"""What makes whoever may write it somebody else: the kubelet, another account, or a pod with more rights."""
_BUILT_IN = ("cluster-admin", "admin", "edit")
_EVERYBODY = ("system:masters", "system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each role by its rules, each binding by what it gives to whom, and each store of secrets by who may ask it.

    Source: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
    """
    for role in graph.of(*ROLES):
        yield ruled(role, *_needs(role))
    for binding in graph.of(*BINDINGS):
        subjects = [
            asks(subject, "name", lambda name: name not in _EVERYBODY, absent=False) for subject in each(binding.properties, "subjects")
        ]
        yield ruled(
            binding,
            need(binding, "roleRef.name", lambda name: name not in _BUILT_IN, "a role of one's own, with the rules that are needed"),
            Need("subjects.name", all_of(subjects), "named accounts and groups, never everybody"),
        )
    for store in graph.of(STORE):
        # Without them an account of any namespace reads every secret that the store's own role may.
        yield ruled(store, need(store, "spec.conditions", bool, "the namespaces that may use it"))


def _needs(role: Resource) -> Iterable[Need]:
    rules = each(role.properties, "rules")
    for field in ("verbs", "resources", "apiGroups"):
        yield Need(f"rules.{field}", all_of([_without(rule, field, "*") for rule in rules]), "names, never *")
    yield Need("rules.verbs", all_of([_without(rule, "verbs", *_GIVING) for rule in rules]), f"none of {', '.join(_GIVING)}")
    yield Need(
        "rules.resources",
        all_of([any_of([_without(rule, "resources", "secrets"), _names_each(rule)]) for rule in rules]),
        "secrets by resourceNames, and to get alone",
    )
    yield Need("rules.resources", all_of([_without(rule, "resources", *_DOORS) for rule in rules]), f"none of {', '.join(_DOORS)}")


def _without(rule: Any, field: str, *words: str) -> Answer:
    if holds_unknown(look(rule, field)):
        return None
    return not set(texts(look(rule, field))) & set(words)


def _names_each(rule: Any) -> Answer:
    """Tell whether a rule is about objects that it names, and to read one at a time: a list shows all of them."""
    named = asks(rule, "resourceNames", bool, absent=False)
    return all_of([named, _without(rule, "verbs", "list", "watch", "*")])


CONTROL = Control(
    id="K8S-08",
    title="Rights in a cluster are named: no wildcard, no built-in administrator, no list of secrets, no way to more",
    severity=Severity.HIGH,
    why="A token that lies in one pod is the rights of its account: with a wildcard it is the cluster.",
    fix="write rbac.v1.Role with the verbs and resources that the program calls, and secrets by resource_names with the verb get",
    clauses=clauses(gdpr="25*", lgpd="46", soc2="CC6.3*", iso27001="5.18* 8.2*", pci="7.2.1* 7.2.2*"),
    governs=(*ROLES, *BINDINGS, STORE),
    check=check,
)
