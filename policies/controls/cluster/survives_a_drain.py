"""K8S-07: a node may go, or a zone, and what runs on it is still there; and no node is kept from going."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from config.vocabulary import Environment
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look
from policies.verdict import Ruling
from policies.workloads import label, namespace_of

DEPLOYMENT, STATEFUL = "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
KIBANA = "kubernetes:kibana.k8s.elastic.co/v1:Kibana"
LOGSTASH = "kubernetes:logstash.k8s.elastic.co/v1alpha1:Logstash"
ZONE = "topology.kubernetes.io/zone"
LONE = "morefocus.com/single-replica"
"""Annotation that says why a workload of production has one pod on purpose, such as that two would do everything twice."""
_ENVIRONMENT = "morefocus.com/environment"
_LEAST = 2
_KINDS = {DEPLOYMENT: "Deployment", STATEFUL: "StatefulSet"}
_SCALERS = ((AUTOSCALER, "minReplicas", 1), (SCALED, "minReplicaCount", 0))
"""What decides how many there are, where it says the fewest, and what it takes when it says nothing."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each budget, and each workload of production by its replicas, their zones, and the budget that guards them.

    What has none, as in a region that stands by, is not judged; nor what says why there is one of it. What an operator makes pods of
    has a budget that selects the operator's labels, so it is asked for two and their zones.
    """
    workloads = graph.of(DEPLOYMENT, STATEFUL)
    least = _least(graph, workloads)
    for budget in graph.of(BUDGET):
        yield ruled(
            budget, Need("spec", _lets_go(budget, workloads, least), "a maxUnavailable of 1 or more, or a minAvailable below the replicas")
        )
    for workload in workloads:
        if not _is_staging(workload) and not _stands_by(workload) and not _is_lone(workload):
            guarded = any_of([_guards(budget, workload) for budget in graph.of(BUDGET)])
            yield ruled(
                workload,
                Need(
                    "spec.replicas",
                    _enough(least[workload.urn]),
                    f"{_LEAST} or more, of the autoscaler where there is one, or {LONE} with a reason",
                ),
                Need("", guarded, "a PodDisruptionBudget that selects its pods"),
                Need("spec.template.spec.topologySpreadConstraints", _spread(workload.look("spec.template.spec")), ZONE),
            )
    for operated in graph.of(KIBANA, LOGSTASH):
        if not _is_staging(operated):
            yield ruled(
                operated,
                need(operated, "spec.count", lambda count: count >= _LEAST, f"{_LEAST} or more"),
                Need("spec.podTemplate.spec.topologySpreadConstraints", _spread(operated.look("spec.podTemplate.spec")), ZONE),
            )


def _is_staging(workload: Resource) -> bool:
    return bool(label(workload, _ENVIRONMENT) == Environment.STAGING)


def _stands_by(workload: Resource) -> bool:
    """Tell whether none is wanted, whoever would scale it."""
    return bool(workload.look("spec.replicas") == 0)


def _is_lone(workload: Resource) -> bool:
    return label(workload, LONE, of="annotations") not in (ABSENT, "") and workload.look("spec.replicas") == 1


def _least(graph: Graph, workloads: Sequence[Resource]) -> Mapping[str, Any]:
    """Return the fewest replicas of each workload: its autoscaler's, else its own; UNKNOWN where that is."""
    scaled: dict[tuple[Any, Any, Any], Any] = defaultdict(lambda: ABSENT)
    for type_, path, default in _SCALERS:
        for scaler in graph.of(type_):
            to = scaler.look("spec.scaleTargetRef")
            fewest = scaler.look(f"spec.{path}")
            scaled[namespace_of(scaler), _kind(to), look(to, "name")] = default if fewest is ABSENT else fewest
    found = {}
    for workload in workloads:
        own = workload.look("spec.replicas")
        by_scaler = scaled[namespace_of(workload), _KINDS[workload.type], workload.look("metadata.name")]
        found[workload.urn] = by_scaler if by_scaler is not ABSENT else 1 if own is ABSENT else own
    return found


def _kind(target: Any) -> Any:
    kind = look(target, "kind")
    return "Deployment" if kind is ABSENT else kind


def _enough(replicas: Any) -> Answer:
    return None if replicas is UNKNOWN else replicas >= _LEAST


def _spread(pod: Any) -> Answer:
    if pod is UNKNOWN:
        return None
    return any_of([asks(one, "topologyKey", lambda key: key == ZONE, absent=False) for one in each(pod, "topologySpreadConstraints")])


def _guards(budget: Resource, workload: Resource) -> Answer:
    """Tell whether a budget selects the pods of a workload."""
    if namespace_of(budget) != namespace_of(workload):
        return None if UNKNOWN in (namespace_of(budget), namespace_of(workload)) else False
    wanted, given = budget.look("spec.selector.matchLabels"), workload.look("spec.template.metadata.labels")
    if UNKNOWN in (wanted, given):
        return None
    if budget.look("spec.selector") == {}:
        return True
    if budget.look("spec.selector.matchExpressions") is not ABSENT or not isinstance(wanted, Mapping) or not isinstance(given, Mapping):
        return False
    return all_of([None if UNKNOWN in (value, given.get(name)) else given.get(name) == value for name, value in wanted.items()])


def _lets_go(budget: Resource, workloads: Sequence[Resource], least: Mapping[str, Any]) -> Answer:
    """Tell whether at least one pod may be taken away while all are well."""
    most, fewest = budget.look("spec.maxUnavailable"), budget.look("spec.minAvailable")
    if UNKNOWN in (most, fewest):
        return None
    if most is not ABSENT:
        return most not in (0, "0%")
    if fewest is ABSENT:
        return False
    if isinstance(fewest, str) and fewest.endswith("%"):
        return fewest != "100%"
    guarded = [least[workload.urn] for workload in workloads if _guards(budget, workload) and not _stands_by(workload)]
    return all_of([None if replicas is UNKNOWN else replicas > int(fewest) for replicas in guarded])


CONTROL = Control(
    id="K8S-07",
    title="Workloads of production stand twice, in several zones, under a budget that lets a node be drained",
    severity=Severity.MEDIUM,
    why="Nodes are replaced every week: what stands once is away each time, and what may never move keeps a node unpatched.",
    fix="set two replicas or more, topology_spread_constraints over zones, and a PodDisruptionBudget with max_unavailable=1",
    clauses=clauses(gdpr="32(1)(b)*", lgpd="46", soc2="A1.2*", iso27001="8.14*"),
    governs=(DEPLOYMENT, STATEFUL, BUDGET, AUTOSCALER, SCALED, KIBANA, LOGSTASH),
    check=check,
)
