"""ENC-06: DynamoDB tables and their copies are encrypted with keys of our own."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.scope import own_key
from policies.values import ABSENT, UNKNOWN, Answer, all_of, each, is_yes, look
from policies.verdict import Ruling

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each table with the replicas written in it, and each replica that is a resource by itself."""
    for table in graph.of(TABLE):
        inline: list[Answer] = [
            None if look(replica, "kmsKeyArn") is UNKNOWN else _is_own(replica) for replica in each(table.properties, "replicas")
        ]
        yield ruled(
            table,
            need(table, "serverSideEncryption.enabled", is_yes, "true"),
            own_key(graph, table, "serverSideEncryption.kmsKeyArn"),
            Need("replicas.kmsKeyArn", all_of(inline), "a customer managed KMS key in each replica's region"),
        )
    for replica in graph.of(REPLICA):
        yield ruled(replica, own_key(graph, replica, "kmsKeyArn"))


def _is_own(replica: object) -> bool:
    key = look(replica, "kmsKeyArn")
    return key is not ABSENT and "alias/aws/" not in str(key)


CONTROL = Control(
    id="ENC-06",
    title="DynamoDB tables and their replicas are encrypted with keys of our own",
    severity=Severity.HIGH,
    why="AWS's default key cannot be withdrawn, and its use shows up nowhere.",
    fix="set server_side_encryption={'enabled': True, 'kms_key_arn': key.arn}, and kms_key_arn of each replica",
    clauses=clauses(gdpr="32", lgpd="46", soc2="PI1.5", iso27001="5.33 8.24", pci="3.5.1"),
    governs=(TABLE, REPLICA),
    check=check,
)
