"""RET-04: logs are there when an incident is looked into, and not for ever."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from config.vocabulary import DataClass, Environment, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.declared import declared
from policies.graph import Graph
from policies.holdings import data_class
from policies.scope import is_staging, own_key
from policies.values import asks
from policies.verdict import Ruling

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LEAST = 365
"""Days that records of what was done are kept (COM-2; PCI DSS 10.5.1: twelve months)."""

_SHORT = (DataClass.OPERATIONAL, DataClass.PUBLIC)
"""Classes that tell neither of persons nor of what was done."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each log group: a year at least of logs of production, an end to all, and a key of our own."""
    most = declared().kept_days[DataClass.LOGS]
    for group in graph.of(LOG_GROUP):
        # Nothing, or 0, means for ever.
        least = 1 if is_staging(group) or data_class(group) in _SHORT else LEAST
        kept = asks(group.properties, "retentionInDays", partial(_is_between, least, most), absent=False)
        yield ruled(group, Need("retentionInDays", kept, f"{least} to {most} days"), own_key(graph, group, "kmsKeyId"))


def _is_between(least: int, most: int, days: int) -> bool:
    return least <= days <= most


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give logs without an end, or with too short a time, their year; a longer time that somebody chose is for people to shorten."""
    tags, days = inputs.get("tags"), inputs.get("retentionInDays")
    if not isinstance(tags, Mapping) and tags is not None:
        return {}
    tags = tags or {}
    if tags.get(TagKey.ENVIRONMENT) == Environment.STAGING or tags.get(TagKey.DATA_CLASS) in _SHORT:
        return {}
    return {"retentionInDays": LEAST} if days is None or (isinstance(days, int) and days < LEAST) else {}


CONTROL = Control(
    id="RET-04",
    title="Log groups keep a year of logs, then let them go, under keys of our own",
    severity=Severity.MEDIUM,
    why="An intruder is found after months, and traced by logs that are still there; those that are never deleted name persons for ever.",
    fix="set retention_in_days=365 and kms_key_id of the class logs on cloudwatch.LogGroup",
    clauses=clauses(gdpr="5(1)(e)* 32", lgpd="16 37", soc2="C1.2 CC7.2", iso27001="5.28 8.15", pci="3.2.1 10.5.1"),
    governs=(LOG_GROUP,),
    check=check,
    remedies={LOG_GROUP: remedy},
)
