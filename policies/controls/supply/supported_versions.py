"""SUP-01: what runs is still mended by its makers, and takes their patches by itself."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.support import is_mended
from policies.values import ABSENT, UNKNOWN, asks, is_yes
from policies.verdict import Ruling

FUNCTION = "aws:lambda/function:Function"
CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
INSTANCE, DB_CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
RELEASE = "kubernetes:helm.sh/v3:Release"
_TABLED = "a version that policies/support.yaml has, before its end"
_EXACT = re.compile(r"v?\d+\.\d+\.\d+([-+][\w.+-]+)?")
"""A chart's version that names one chart; a range such as `1.x` or `>=2` names another one tomorrow."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge runtimes, engines and clusters by the table, and charts by whether their version is one.

    A function of an image has no runtime, and a replica the engine of its source.
    """
    today = datetime.now(UTC).date()
    for function in graph.of(FUNCTION):
        if function.look("packageType") != "Image":
            yield ruled(function, need(function, "runtime", _mended("lambda", today), _TABLED))
    for cluster in graph.of(CLUSTER):
        yield ruled(
            cluster,
            need(cluster, "version", _mended("eks", today), _TABLED),
            # Without it AWS goes on with a version that is past its end, for more money.
            need(cluster, "upgradePolicy.supportType", lambda kind: kind == "STANDARD", "STANDARD"),
        )
    for nodes in graph.of(NODES):
        yield ruled(nodes, need(nodes, "version", _mended("eks", today), _TABLED, absent=True))
    for store in graph.of(INSTANCE, DB_CLUSTER):
        yield _database(store, today)
    for cache in graph.of(CACHE):
        yield ruled(
            cache,
            _engine(cache, "elasticache", today, default="redis"),
            # AWS's own default is to take them.
            need(cache, "autoMinorVersionUpgrade", is_yes, "true", absent=True),
        )
    for release in graph.of(RELEASE):
        yield ruled(release, need(release, "version", lambda version: bool(_EXACT.fullmatch(version)), "one exact version"))


def _database(store: Resource, today: date) -> Ruling:
    minor = need(store, "autoMinorVersionUpgrade", is_yes, "true", absent=True)
    if any(store.look(path) is not ABSENT for path in ("replicateSourceDb", "replicationSourceIdentifier")):
        return ruled(store, minor)
    own = need(store, "engineLifecycleSupport", lambda kind: kind == "open-source-rds-extended-support-disabled", "extended support off")
    return ruled(store, minor, own, _engine(store, "rds", today))


def _engine(store: Resource, service: str, today: date, default: str = "") -> Need:
    engine = store.look("engine")
    if engine is UNKNOWN:
        return Need("engine", None, _TABLED)
    product = f"{service}/{default if engine is ABSENT else engine}"
    return Need("engineVersion", asks(store.properties, "engineVersion", _mended(product, today), absent=False), _TABLED)


def _mended(product: str, today: date) -> Callable[[Any], bool]:
    return lambda version: is_mended(product, str(version), today)


CONTROL = Control(
    id="SUP-01",
    title="Runtimes, engines and clusters are in support and take minor upgrades; charts are pinned",
    severity=Severity.HIGH,
    why="What nobody mends any more stays open to what was found in it, and the upgrade is only harder later.",
    fix="take a version of policies/support.yaml that has not ended, with auto_minor_version_upgrade and standard support alone",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC7.1*", iso27001="8.8", pci="6.3.3"),
    governs=(FUNCTION, CLUSTER, NODES, INSTANCE, DB_CLUSTER, CACHE, RELEASE),
    check=check,
    house=True,
)
