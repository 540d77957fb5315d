"""RET-02: what buckets hold about persons goes when its time is over, and what is deleted is gone soon after."""

from collections.abc import Iterable, Sequence
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.declared import FILE, declared
from policies.graph import Graph, Resource
from policies.holdings import BUCKET, data_class
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look
from policies.verdict import Ruling

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_EVERYTHING: tuple[Any, ...] = ({}, {"prefix": ""})


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each bucket of a class whose age is limited; one without a class is taken for the strictest.

    With versions an expiry leaves the object behind as an old version, so those need an end as well.
    """
    limits = declared()
    for bucket in graph.of(BUCKET):
        data = data_class(bucket)
        days = limits.kept_days.get(data, None if data not in (ABSENT, UNKNOWN) else min(limits.kept_days.values()))
        if days is None:
            continue
        rules, certain = _rules(graph, bucket)
        rest: Answer = False if certain else None
        gone = any_of([*(_within(rule, "noncurrentVersionExpiration.noncurrentDays", limits.erased_days) for rule in rules), rest])
        needs = [Need("", gone, f"a lifecycle rule over all objects that ends old versions within {limits.erased_days} days")]
        if not limits.stays_until_erased(bucket.name):
            aged = any_of([*(_within(rule, "expiration.days", days) for rule in rules), rest])
            needs.append(Need("", aged, f"one that expires objects within {days} days, or a row in {FILE.name} that says who deletes them"))
        yield ruled(bucket, *needs)


def _rules(graph: Graph, bucket: Resource) -> tuple[Sequence[Any], bool]:
    """Return the rules of a bucket, written in resources of their own or in it, and whether there are no more."""
    split = graph.attached(bucket, LIFECYCLE, "bucket")
    return [rule for one in split.resources for rule in each(one.properties, "rules")] + each(
        bucket.properties, "lifecycleRules"
    ), split.certain


def _within(rule: Any, path: str, days: int) -> Answer:
    """Tell whether a rule is on, for every object, and ends them in time."""
    if rule is UNKNOWN:
        return None
    # What was written in the bucket itself has other names for the same.
    on = any_of(
        [asks(rule, "status", lambda status: status == "Enabled", absent=False), asks(rule, "enabled", lambda on: on is True, absent=False)]
    )
    wide = all_of(
        [
            asks(rule, "filter", lambda chosen: chosen in _EVERYTHING, absent=True),
            asks(rule, "prefix", lambda prefix: prefix == "", absent=True),
            look(rule, "tags") is ABSENT,
        ]
    )
    inline = path.replace("noncurrentDays", "days")
    ends = any_of([asks(rule, one, lambda given: 0 < given <= days, absent=False) for one in dict.fromkeys((path, inline))])
    return all_of([on, wide, ends])


CONTROL = Control(
    id="RET-02",
    title="Buckets with data about persons let no object and no old version grow older than their class may",
    severity=Severity.HIGH,
    why="What is kept without an end is found by whoever breaks in years later, and an erasure that leaves old versions is none.",
    fix="set expire_after_days and noncurrent_days of the bucket; where somebody else deletes, say who in policies/declared.yaml",
    clauses=clauses(gdpr="5(1)(e)* 17*", lgpd="15 16 18", soc2="C1.2*", iso27001="8.10", pci="3.2.1"),
    governs=(BUCKET, LIFECYCLE),
    check=check,
)
