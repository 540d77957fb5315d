"""ENC-02: PostgreSQL takes no connection without TLS."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import UNKNOWN, Answer, any_of, each, look
from policies.verdict import Ruling

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
GROUP = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
_FORCED = "a parameter group of this stack with rds.force_ssl = 1"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each PostgreSQL store by the parameter group that it uses; a replica may leave the engine out, and is asked as well."""
    for path, type_, store in _stores(graph):
        engine = store.look("engine")
        if isinstance(engine, str) and "postgres" not in engine:
            continue
        groups = graph.target(store, path, type_)
        forced = any_of([*(_is_forced(group) for group in groups.resources), False if groups.certain else None])
        yield ruled(store, Need(path, forced, _FORCED))


def _stores(graph: Graph) -> Iterable[tuple[str, str, Resource]]:
    for instance in graph.of(INSTANCE):
        yield "parameterGroupName", GROUP, instance
    for cluster in graph.of(CLUSTER):
        yield "dbClusterParameterGroupName", CLUSTER_GROUP, cluster


def _is_forced(group: Resource) -> Answer:
    answers: list[Answer] = []
    for parameter in each(group.properties, "parameters"):
        name, value = look(parameter, "name"), look(parameter, "value")
        if name is UNKNOWN or (name == "rds.force_ssl" and value is UNKNOWN):
            answers.append(None)
        else:
            answers.append(name == "rds.force_ssl" and str(value) == "1")
    return any_of(answers)


CONTROL = Control(
    id="ENC-02",
    title="PostgreSQL refuses connections without TLS",
    severity=Severity.HIGH,
    why="A client that forgets TLS would send its password and its rows in clear through the network.",
    fix="name an rds.ParameterGroup with {'name': 'rds.force_ssl', 'value': '1'} as parameter_group_name",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7*", iso27001="5.14 8.24", pci="4.2.1"),
    governs=(INSTANCE, CLUSTER, GROUP, CLUSTER_GROUP),
    check=check,
)
