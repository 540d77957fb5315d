"""Who may open connections to data stores: the declared reach matrix (NET-5).

It is written by hand and not read from the components: a client that is added there has to be added here, by somebody who says why.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to a kind of store."""

    store: str
    """Type of the store."""
    client: str
    """Logical name of the client's security group."""
    port: int
    """TCP."""
    reason: str


MATRIX = (
    Reach(
        "aws:rds/instance:Instance",
        "cluster-node-firewall-group",
        5432,
        "poolers, n8n and the jobs that prepare a tenant's database run as pods; which of them may is said by network policies",
    ),
    Reach(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "cluster-node-firewall-group",
        6379,
        "n8n's mains and workers share their queue, and services their sessions, through pods of the cluster",
    ),
    Reach(
        "aws:efs/mountTarget:MountTarget",
        "cluster-node-firewall-group",
        2049,
        "nodes mount the shared files for the pods that they run",
    ),
)
