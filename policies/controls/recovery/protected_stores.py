"""BCK-07: Pulumi refuses to delete or replace what holds data."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph
from policies.scope import is_staging
from policies.values import Answer
from policies.verdict import Ruling

STORES = (
    "aws:backup/vault:Vault",
    "aws:cognito/userPool:UserPool",
    "aws:dynamodb/table:Table",
    "aws:dynamodb/tableReplica:TableReplica",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:rds/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sqs/queue:Queue",
)


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge the resource option of every store of production; None means that the reader cannot tell."""
    staging = {resource.urn.split(":")[2] for resource in graph.of(*STORES) if is_staging(resource)}
    for store in graph.of(*STORES):
        protected: Answer = True if store.urn.split(":")[2] in staging else store.protect
        yield ruled(store, Need("protect", protected, "true, as a resource option"))


CONTROL = Control(
    id="BCK-07",
    title="Everything that holds data is protected against deletion and replacement",
    severity=Severity.HIGH,
    why="A renamed resource or a changed argument makes Pulumi replace it, and what it held is gone with it.",
    fix="pass opts=ResourceOptions(protect=True); lift it for the one deletion that is meant",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="C1.1 A1.2*", iso27001="5.30 5.33*"),
    governs=STORES,
    check=check,
)
