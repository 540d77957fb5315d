"""NET-01: databases have no public address."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.values import is_no
from policies.verdict import Ruling

INSTANCE = "aws:rds/instance:Instance"
CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each instance by its own switch; leaving it out is right for one, since the provider's default is false."""
    for instance in graph.of(INSTANCE, CLUSTER_INSTANCE):
        # A cluster's instance without it takes AWS's default, which depends on the subnets.
        absent = instance.type == INSTANCE
        yield ruled(instance, need(instance, "publiclyAccessible", is_no, "false", absent=absent))


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch the public address off."""
    return {} if is_no(inputs.get("publiclyAccessible")) else {"publiclyAccessible": False}


CONTROL = Control(
    id="NET-01",
    title="No database has a public address",
    severity=Severity.CRITICAL,
    why="A database that the internet can reach stands or falls with its passwords; one credential that leaks is a breach.",
    fix="set publicly_accessible=False on rds.Instance and rds.ClusterInstance",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.2 CC6.6*", iso27001="5.15 8.3", pci="1.3.1 1.4.2"),
    governs=(INSTANCE, CLUSTER_INSTANCE),
    check=check,
    exceptable=False,
    remedies={INSTANCE: remedy, CLUSTER_INSTANCE: remedy},
)
