"""ENC-03: caches are encrypted on disk and on the wire, and know who connects."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.scope import own_key
from policies.values import any_of, asks, is_yes
from policies.verdict import Ruling

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each replication group."""
    for group in graph.of(GROUP):
        known = any_of([asks(group.properties, path, bool, absent=False) for path in ("userGroupIds", "authToken")])
        yield ruled(
            group,
            need(group, "atRestEncryptionEnabled", is_yes, "true"),
            own_key(graph, group, "kmsKeyId"),
            need(group, "transitEncryptionEnabled", is_yes, "true"),
            # A new group with TLS requires it unless told otherwise.
            need(group, "transitEncryptionMode", lambda mode: mode == "required", "required", absent=True),
            Need("userGroupIds", known, "a user group, or an auth token"),
        )


CONTROL = Control(
    id="ENC-03",
    title="Caches are encrypted at rest with a key of our own, require TLS, and know their users",
    severity=Severity.HIGH,
    why="Sessions lie in a cache in clear: who reads them is who they belong to.",
    fix="set at_rest_encryption_enabled, kms_key_id, transit_encryption_enabled, transit_encryption_mode='required' and user_group_ids",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7", iso27001="5.14 5.33 8.24", pci="2.2.7 3.5.1 4.2.1"),
    governs=(GROUP,),
    check=check,
)
