"""BCK-01: databases can be had back to any minute of a month, and are not deleted by accident."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, any_of, is_no, is_yes
from policies.verdict import Ruling

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
_DAYS = 30
_DAYS_STAGING = 1


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each database. A replica in the region of its primary is backed up there; staging may go."""
    for store in graph.of(INSTANCE, CLUSTER):
        yield ruled(store, *_needs(store))


def _needs(store: Resource) -> list[Need]:
    needs = [need(store, "copyTagsToSnapshot", is_yes, "true")]
    staging = is_staging(store)
    days = _DAYS_STAGING if staging else _DAYS
    is_replica = store.look("replicateSourceDb") is not ABSENT
    if not is_replica or store.look("backupRetentionPeriod") is not ABSENT:
        needs.append(need(store, "backupRetentionPeriod", lambda kept: kept >= days, f"{days} days or more"))
    if not staging:
        needs.append(need(store, "deletionProtection", is_yes, "true"))
    if not staging and not is_replica:
        final = need(store, "skipFinalSnapshot", is_no, "false", absent=True)
        name = need(store, "finalSnapshotIdentifier", bool, "a name", absent=False)
        needs += [final, Need(name.path, any_of([name.met, store.look("skipFinalSnapshot") is ABSENT]), name.allowed)]
    return needs


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let snapshots carry tags; days and deletion stay decisions of people, and what is not known yet is somebody's decision too."""
    given = inputs.get("copyTagsToSnapshot")
    return {} if is_yes(given) or given is UNKNOWN else {"copyTagsToSnapshot": True}


CONTROL = Control(
    id="BCK-01",
    title=f"Databases keep {_DAYS} days of backups, tag their snapshots, leave a last one, and refuse deletion",
    severity=Severity.HIGH,
    why="The last defence against a mistake, an attack or a lost zone is yesterday's data.",
    fix="set backup_retention_period, copy_tags_to_snapshot, final_snapshot_identifier and deletion_protection on rds.Instance",
    clauses=clauses(gdpr="32", lgpd="46", soc2="A1.2 CC7.4 CC7.5", iso27001="5.30 8.13", pci="10.3.3"),
    governs=(INSTANCE, CLUSTER),
    check=check,
    remedies={INSTANCE: remedy, CLUSTER: remedy},
)
