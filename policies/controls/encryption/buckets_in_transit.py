"""ENC-05: buckets refuse requests without TLS 1.2."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph
from policies.scope import refuses_old_tls, refuses_plaintext
from policies.values import ABSENT, any_of
from policies.verdict import Ruling

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_ALL = ("s3:*", "*")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each bucket by its policy, split off or inline."""
    for bucket in graph.of(BUCKET):
        split = graph.attached(bucket, POLICY, "bucket")
        documents = [policy.look("policy") for policy in split.resources]
        if bucket.look("policy") is not ABSENT:
            documents.append(bucket.look("policy"))
        rest = False if split.certain else None
        yield ruled(
            bucket,
            Need(
                "",
                any_of([refuses_plaintext(documents, actions=_ALL), rest]),
                "a policy that denies s3:* where aws:SecureTransport is false",
            ),
            Need(
                "", any_of([refuses_old_tls(documents, actions=_ALL), rest]), "a policy that denies s3:* where s3:TlsVersion is below 1.2"
            ),
        )


CONTROL = Control(
    id="ENC-05",
    title="Every bucket refuses requests without TLS 1.2",
    severity=Severity.HIGH,
    why="S3 answers in clear unless the bucket's policy forbids it.",
    fix="add both Deny statements (Principal *, Action s3:*) to the s3.BucketPolicy of the bucket",
    clauses=clauses(gdpr="32", lgpd="46", soc2="CC6.7*", iso27001="5.14 8.24", pci="2.2.7 4.2.1"),
    governs=(BUCKET,),
    check=check,
)
