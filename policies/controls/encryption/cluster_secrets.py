"""ENC-08: secrets of a cluster are encrypted once more with a key of our own."""

from collections.abc import Iterable

from policies.control import Control, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.scope import own_key
from policies.verdict import Ruling

CLUSTER = "aws:eks/cluster:Cluster"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each cluster."""
    for cluster in graph.of(CLUSTER):
        yield ruled(
            cluster,
            own_key(graph, cluster, "encryptionConfig.provider.keyArn"),
            need(cluster, "encryptionConfig.resources", lambda kinds: "secrets" in kinds, "secrets"),
        )


CONTROL = Control(
    id="ENC-08",
    title="Kubernetes secrets are encrypted with a key of our own",
    severity=Severity.HIGH,
    why="Who reads the cluster's store or its backup must not find credentials there.",
    fix="set encryption_config={'provider': {'key_arn': key.arn}, 'resources': ['secrets']} on eks.Cluster",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.1*", iso27001="8.24", pci="3.5.1"),
    governs=(CLUSTER,),
    check=check,
)
