"""LOG-02: who read or changed personal data in a bucket or a table is on record."""

from collections.abc import Iterable, Sequence
from typing import Any

from config.vocabulary import DataClass, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import UNKNOWN, Answer, all_of, any_of, asks, each, look, texts
from policies.verdict import Ruling

TRAIL, VPC = "aws:cloudtrail/trail:Trail", "aws:ec2/vpc:Vpc"
BUCKET, TABLE = "aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"
_KINDS = {BUCKET: "AWS::S3::Object", TABLE: "AWS::DynamoDB::Table"}
_NAMES = {BUCKET: "bucket", TABLE: "name"}


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every store of production that is tagged as holding personal data, by what the trails of its stack record of it.

    Staging holds no data of customers. A copy in another region than its stack's network is left to the trail of that region, since a
    trail of one region sees nothing elsewhere.
    """
    trails = graph.of(TRAIL)
    homes = {vpc.region for vpc in graph.of(VPC)}
    for store in graph.of(*_KINDS):
        is_at_home = not homes or store.region in homes
        if store.look(f"tags.{TagKey.DATA_CLASS}") == DataClass.PERSONAL and not is_staging(store) and is_at_home:
            met = any_of([_records(trail, store) for trail in trails])
            yield ruled(store, Need("", met, f"a Trail that records data events of {_KINDS[store.type]} for it"))


def _records(trail: Resource, store: Resource) -> Answer:
    advanced = each(trail.properties, "advancedEventSelectors")
    if advanced:
        return any_of([_selects(selector, store) for selector in advanced])
    return any_of(
        [
            _covers(each(resource, "values"), store)
            for selector in each(trail.properties, "eventSelectors")
            # Half of what happens to a store is no record of it.
            if asks(selector, "readWriteType", lambda kind: kind == "All", absent=True) is not False
            for resource in each(selector, "dataResources")
            if asks(resource, "type", lambda kind: kind.startswith(_KINDS[store.type]), absent=False) is not False
        ]
    )


def _selects(selector: Any, store: Resource) -> Answer:
    """Tell whether a selector has every data event of a store: those of its kind, of no other name, and not of some events alone."""
    fields = {field: found for found in each(selector, "fieldSelectors") if isinstance(field := look(found, "field"), str)}
    if set(fields) - {"eventCategory", "resources.type", "resources.ARN"}:
        return False
    if not fields:
        return None if look(selector, "fieldSelectors") is UNKNOWN else False
    of_data = asks(fields.get("eventCategory"), "equals", lambda names: "Data" in names, absent=False)
    of_kind = asks(fields.get("resources.type"), "equals", lambda names: _KINDS[store.type] in names, absent=False)
    named = fields.get("resources.ARN")
    covered: Answer = True
    if named is not None:
        covered = any_of([_covers(each(named, "startsWiths"), store), _covers(each(named, "equals"), store, exactly=True)])
    return all_of([of_data, of_kind, covered])


def _covers(values: Sequence[Any], store: Resource, *, exactly: bool = False) -> Answer:
    """Tell whether one of these ARNs, or of these beginnings, has all of a store; a folder of a bucket is less than the bucket."""
    name = store.look(_NAMES[store.type])
    if UNKNOWN in (name, *values):
        return None
    if store.type == BUCKET:
        return not exactly and any(f"arn:aws:s3:::{name}/".startswith(text) for text in texts(list(values)))
    return any(_is_of_table(text, str(name), exactly=exactly) for text in texts(list(values)))


def _is_of_table(text: str, name: str, *, exactly: bool) -> bool:
    service, table, beginning = text.partition(":table/")
    if not table:
        return not exactly and service.startswith("arn:aws:dynamodb")
    return beginning == name if exactly else name.startswith(beginning)


CONTROL = Control(
    id="LOG-02",
    title="Every access to personal data in buckets and tables of production is recorded",
    severity=Severity.HIGH,
    why="After a breach the law asks whose data was read; without data events the only honest answer is everybody's.",
    fix="name the bucket or table in watched_buckets or watched_tables of AuditTrail, which selects its data events",
    clauses=clauses(gdpr="30", lgpd="37 48", soc2="CC2.1 CC7.2", iso27001="8.15", pci="10.2.1.1"),
    governs=(BUCKET, TABLE),
    check=check,
)
