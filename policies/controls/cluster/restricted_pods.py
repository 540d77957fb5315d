"""K8S-05: a pod may do what its program needs, and nothing of its node's."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, is_no, is_yes, look, texts
from policies.verdict import Ruling
from policies.workloads import PODS, containers, namespace_of, privileged_namespaces, workloads

ACCOUNT = "kubernetes:core/v1:ServiceAccount"
BINDINGS = ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_PROFILES = ("RuntimeDefault", "Localhost")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each workload; in a namespace that says why its pods are privileged, only what no agent needs is asked."""
    privileged = privileged_namespaces(graph)
    for workload, path in workloads(graph):
        pod = workload.look(path)
        needs = [Need(f"{path}.automountServiceAccountToken", _token(graph, workload, pod), "false, unless a binding names the account")]
        if namespace_of(workload) not in privileged:
            needs += [Need(f"{path}.{where}", met, allowed) for where, met, allowed in _restricted(pod)]
        yield ruled(workload, *needs)


def _restricted(pod: Any) -> Iterable[tuple[str, Answer, str]]:
    inside = containers(pod)
    for switch in _HOST:
        yield switch, asks(pod, switch, is_no, absent=True), "false"
    each_ = "containers.securityContext"
    yield f"{each_}.runAsNonRoot", all_of([_either(pod, one, "runAsNonRoot", is_yes) for one in inside]), "true"
    yield (
        f"{each_}.seccompProfile",
        all_of([_either(pod, one, "seccompProfile.type", _PROFILES.__contains__) for one in inside]),
        "RuntimeDefault",
    )
    for switch, test, allowed, absent in (
        ("readOnlyRootFilesystem", is_yes, "true", False),
        ("allowPrivilegeEscalation", is_no, "false", False),
        ("privileged", is_no, "false", True),
        ("capabilities.drop", lambda names: "ALL" in texts(names), "ALL", False),
    ):
        yield f"{each_}.{switch}", all_of([asks(one, f"securityContext.{switch}", test, absent=absent) for one in inside]), allowed


def _either(pod: Any, container: Any, path: str, test: Any) -> Answer:
    """Ask the container, and the pod where it says nothing."""
    holder = pod if look(container, f"securityContext.{path}") is ABSENT else container
    return asks(holder, f"securityContext.{path}", test, absent=False)


def _token(graph: Graph, workload: Resource, pod: Any) -> Answer:
    """Tell whether no token is mounted, or one of an account that may do something with it."""
    switch = look(pod, "automountServiceAccountToken")
    name = look(pod, "serviceAccountName")
    if UNKNOWN in (pod, switch, name):
        return None
    if is_no(switch):
        return True
    namespace = namespace_of(workload)
    mine = [one for one in graph.of(ACCOUNT) if (one.look("metadata.name"), namespace_of(one)) == (name, namespace)]
    if switch is ABSENT and mine and is_no(mine[0].look("automountServiceAccountToken")):
        return True
    subjects = [(look(one, "name"), look(one, "namespace")) for binding in graph.of(*BINDINGS) for one in _subjects(binding)]
    return any_of([(name, namespace) in subjects])


def _subjects(binding: Resource) -> list[Any]:
    found = binding.look("subjects")
    return found if isinstance(found, list) else []


CONTROL = Control(
    id="K8S-05",
    title="Pods run as nobody, on a read-only disk, without capabilities, host access or a token they do not use",
    severity=Severity.HIGH,
    why="A program that is taken over must not take its node, nor the cluster by the token it never needed.",
    fix="set the restricted securityContext on pod and containers, and automount_service_account_token=False",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.8*", iso27001="8.2* 8.9*", pci="2.2.1*"),
    governs=tuple(PODS),
    check=check,
)
