"""RET-05: what passes through, and what is kept aside of it, has an end of its own."""

from collections.abc import Iterable, Iterator

from config.vocabulary import DataClass
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.declared import declared
from policies.graph import Graph, Resource
from policies.holdings import ABOUT_PERSONS, data_class
from policies.values import ABSENT, UNKNOWN, asks, each, is_yes
from policies.verdict import Ruling

TABLE = "aws:dynamodb/table:Table"
QUEUE = "aws:sqs/queue:Queue"
PLAN = "aws:backup/plan:Plan"
_QUEUED_DAYS = 14
_DAY = 86_400


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge tables and queues of data about persons, those that say no class among them, and every rule of a plan with its copies.

    A table says which attribute ends an item; whether each item has it is the program's. A queue that says nothing keeps four days.
    """
    for table in graph.of(TABLE):
        if _is_about_persons(table):
            yield ruled(
                table,
                need(table, "ttl.enabled", is_yes, "true"),
                need(table, "ttl.attributeName", bool, "the attribute that holds an item's end"),
            )
    for queue in graph.of(QUEUE):
        if _is_about_persons(queue):
            allowed = f"{_QUEUED_DAYS} days or less, in seconds"
            yield ruled(queue, need(queue, "messageRetentionSeconds", lambda kept: kept <= _QUEUED_DAYS * _DAY, allowed, absent=True))
    for plan in graph.of(PLAN):
        yield ruled(plan, *_ends(plan))


def _is_about_persons(store: Resource) -> bool:
    return data_class(store) in (*ABOUT_PERSONS, ABSENT, UNKNOWN)


def _ends(plan: Resource) -> Iterator[Need]:
    """Ask each rule and each of its copies for an end: without one a backup outlives every erasure."""
    most = declared().kept_days[DataClass.PERSONAL]
    for order, rule in enumerate(each(plan.properties, "rules")):
        lifecycles = [f"rules.{order}.lifecycle"]
        lifecycles += [f"rules.{order}.copyActions.{copy}.lifecycle" for copy, _ in enumerate(each(rule, "copyActions"))]
        for lifecycle in lifecycles:
            path = f"{lifecycle}.deleteAfter"
            yield Need(path, asks(plan.properties, path, lambda days: 0 < days <= most, absent=False), f"1 to {most} days")


CONTROL = Control(
    id="RET-05",
    title="Items, messages and backups of data about persons have an end",
    severity=Severity.MEDIUM,
    why="Who is erased from the database comes back from a backup without an end, and stays in a queue that nobody empties.",
    fix="give the Table a ttl, the Queue message_retention_seconds of 14 days at most, and each rule and copy of the Plan a delete_after",
    clauses=clauses(gdpr="5(1)(e)* 17*", lgpd="15 16", soc2="C1.2*", iso27001="8.10*", pci="3.2.1"),
    governs=(TABLE, QUEUE, PLAN),
    check=check,
)
