"""RET-01: no bucket is public, whatever its policy or its lists would say."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import Answer, all_of, any_of, asks, is_yes
from policies.verdict import Ruling

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask each bucket for its own block, so that it stays private in an account without one; and every account's block for all four."""
    for bucket in graph.of(BUCKET):
        blocks = graph.attached(bucket, BLOCK, "bucket")
        owners = graph.attached(bucket, OWNERSHIP, "bucket")
        rest: Answer = None if not blocks.certain else False
        closed = any_of([*map(_is_closed, blocks.resources), rest])
        enforced = [
            asks(one.properties, "rule.objectOwnership", lambda who: who == "BucketOwnerEnforced", absent=False) for one in owners.resources
        ]
        yield ruled(
            bucket,
            Need("", closed, "a BucketPublicAccessBlock with all four switches"),
            # New buckets have no lists unless somebody brings them back.
            Need("", all_of(enforced), "BucketOwnershipControls with BucketOwnerEnforced, or none"),
            Need("acl", asks(bucket.properties, "acl", lambda acl: acl == "private", absent=True), "private, or nothing"),
        )
    for account in graph.of(ACCOUNT):
        yield ruled(account, Need(SWITCHES[0], _is_closed(account), f"true, as {', '.join(SWITCHES[1:])}"))


def _is_closed(block: Resource) -> Answer:
    return all_of([asks(block.properties, switch, is_yes, absent=False) for switch in SWITCHES])


CONTROL = Control(
    id="RET-01",
    title="Every bucket blocks public access in all four ways, and knows no access lists",
    severity=Severity.CRITICAL,
    why="One statement too wide in a policy publishes everything a bucket holds; the block makes it have no effect.",
    fix="add s3.BucketPublicAccessBlock with all four switches True, and ownership BucketOwnerEnforced, for each bucket",
    clauses=clauses(gdpr="25*", lgpd="46", soc2="CC6.1", iso27001="5.15 8.3", pci="1.4.2 7.2.1 7.3.1"),
    governs=(BUCKET, BLOCK, OWNERSHIP, ACCOUNT),
    check=check,
    exceptable=False,
)
