"""RET-03: what is overwritten or deleted in a bucket can be had back, and records cannot be deleted at all."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import Answer, any_of, asks
from policies.verdict import Ruling

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
TRAIL = "aws:cloudtrail/trail:Trail"
_MODES = ("GOVERNANCE", "COMPLIANCE")


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask every bucket for versions; those that a trail writes to, and those whose name says backups, for a lock as well."""
    for bucket in graph.of(BUCKET):
        versions = graph.attached(bucket, VERSIONING, "bucket")
        answers = [
            asks(one.properties, "versioningConfiguration.status", lambda status: status == "Enabled", absent=False)
            for one in versions.resources
        ]
        answers.append(asks(bucket.properties, "versioning.enabled", bool, absent=False))
        kept = any_of([*answers, False if versions.certain else None])
        needs = [Need("", kept, "BucketVersioning with status Enabled")]
        if _holds_records(graph, bucket):
            needs.append(
                Need("", _is_locked(graph, bucket), f"a BucketObjectLockConfiguration with a default retention ({' or '.join(_MODES)})")
            )
        yield ruled(bucket, *needs)


def _holds_records(graph: Graph, bucket: Resource) -> bool:
    name = bucket.look("bucket")
    return bool(graph.attached(bucket, TRAIL, "s3BucketName").resources) or "backup" in (name if isinstance(name, str) else bucket.name)


def _is_locked(graph: Graph, bucket: Resource) -> Answer:
    locks = graph.attached(bucket, LOCK, "bucket")
    answers = [asks(lock.properties, "rule.defaultRetention.mode", lambda mode: mode in _MODES, absent=False) for lock in locks.resources]
    return any_of([*answers, False if locks.certain else None])


CONTROL = Control(
    id="RET-03",
    title="Every bucket keeps versions; audit records and backups are locked against deletion",
    severity=Severity.HIGH,
    why="Who breaks in deletes the traces and the backups first; a mistake deletes them as well.",
    fix="add s3.BucketVersioning (Enabled); for records and backups an s3.BucketObjectLockConfiguration with a default retention",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="A1.2 C1.2 PI1.5", iso27001="5.33 8.13", pci="10.3.4"),
    governs=(BUCKET, VERSIONING, LOCK),
    check=check,
)
