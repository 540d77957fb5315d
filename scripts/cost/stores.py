"""Prices of stores: databases with standbys and replicas, caches, buckets, files, backups (DAT-1 to DAT-6, BDR-1)."""

from __future__ import annotations

from decimal import Decimal

from scripts.cost.graph import Item
from scripts.cost.line import HOURS, Till

GROUP = "storage"
MULTI_AZ = ":multi-az"
"""End of the key of a price for an instance with its standby."""
_LARGE_GB, _SMALL_IOPS, _LARGE_IOPS = 400, 3000, 12000
"""GiB from which gp3 of RDS for PostgreSQL is striped over four volumes, and the IOPS that are free below and from there.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
"""
_COPIES = 2
"""A Multi-AZ instance is billed as two, and so is its storage.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_OnDemandDBInstances.html
"""


def database(item: Item, till: Till) -> None:
    """An instance, its standby, its provisioned storage, and IOPS beyond those that the storage holds."""
    copies = _COPIES if item.inputs.get("multiAz") else 1
    origin = _origin(item, till)
    kind = item.inputs.get("instanceClass") or "unknown"
    role = "with a standby" if copies > 1 else "replica" if item.inputs.get("replicateSourceDb") else "alone"
    engine = (origin or item).inputs.get("engine") or "postgres"
    key, instances = f"rds:{engine}:{kind}", copies
    if copies > 1 and till.book.knows(f"{key}{MULTI_AZ}", till.place(item)):
        # The list has a price for both together, which may be a tenth of a cent off twice the single one.
        key, instances = f"{key}{MULTI_AZ}", 1
    till.bill(item, key, HOURS * instances, group=GROUP, service="RDS", what=f"{kind}, {role}", driver="database")
    size = Decimal(item.inputs.get("allocatedStorage") or (origin.inputs.get("allocatedStorage") if origin else 0) or 0)
    assumes = None
    if not size:
        # A replica of another stack's database is given no size: it is as large as that.
        size, assumes = till.assumed("replica_storage_gb"), "replica_storage_gb"
    storage = item.inputs.get("storageType") or "gp3"
    till.bill(
        item, f"rds:{storage}", size * copies, group=GROUP, service="RDS", what=f"{storage} storage", driver="storage", assumes=assumes
    )
    free = _LARGE_IOPS if size >= _LARGE_GB else _SMALL_IOPS
    iops = max(0, int(item.inputs.get("iops") or 0) - free) * copies
    till.bill(item, f"rds:{storage}-iops", iops, group=GROUP, service="RDS", what=f"IOPS above {free:,}", driver="database")


def _origin(item: Item, till: Till) -> Item | None:
    """Return the database a replica is of, where it stands in the same stack."""
    source = item.inputs.get("replicateSourceDb")
    if not isinstance(source, str):
        return None
    return next((other for other in till.of("aws:rds/instance:Instance") if other.inputs.get("identifier") == source), None)


def backup_replication(item: Item, till: Till) -> None:
    """Automated backups that RDS keeps in another region: all of them, since what is free is in the region of the database."""
    size = till.assumed("replicated_backup_gb")
    till.bill(
        item,
        "rds:backup",
        size,
        group=GROUP,
        service="RDS",
        what="backups in another region",
        driver="storage",
        assumes="replicated_backup_gb",
    )


def cache(item: Item, till: Till) -> None:
    """Nodes: shards times one primary and its replicas, or what is given as a count."""
    inputs = item.inputs
    nodes = int(inputs.get("numCacheClusters") or 0) or int(inputs.get("numNodeGroups") or 1) * (
        1 + int(inputs.get("replicasPerNodeGroup") or 0)
    )
    kind, engine = inputs.get("nodeType") or "unknown", inputs.get("engine") or "redis"
    till.bill(
        item, f"elasticache:{engine}:{kind}", HOURS * nodes, group=GROUP, service="ElastiCache", what=f"{nodes} {kind}", driver="database"
    )


def bucket(item: Item, till: Till) -> None:
    """Objects in the class that they begin in, and their requests: an even share of what is assumed of the stack."""
    among = item.type
    till.bill(
        item, "s3:standard", till.assumed("s3_gb", among), group=GROUP, service="S3", what="objects", driver="storage", assumes="s3_gb"
    )
    till.bill(
        item,
        "s3:puts",
        till.assumed("s3_puts", among) / 1000,
        group=GROUP,
        service="S3",
        what="writes",
        driver="traffic",
        assumes="s3_puts",
    )


def tiering(item: Item, till: Till) -> None:
    """Watching over objects, which moves them to cheaper classes by itself."""
    objects = till.assumed("s3_tiered_objects", item.type) / 1000
    till.bill(
        item, "s3:tiering", objects, group=GROUP, service="S3", what="Intelligent-Tiering", driver="storage", assumes="s3_tiered_objects"
    )


def files(item: Item, till: Till) -> None:
    """Shared files, all in the standard class: what moves to colder ones costs less."""
    till.bill(
        item,
        "efs:standard",
        till.assumed("efs_gb", item.type),
        group=GROUP,
        service="EFS",
        what="files",
        driver="storage",
        assumes="efs_gb",
    )


def vault(item: Item, till: Till) -> None:
    """Recovery points of databases; a vault in another region holds a copy of them."""
    till.bill(
        item,
        "rds:backup",
        till.assumed("vault_gb"),
        group=GROUP,
        service="Backup",
        what="recovery points",
        driver="storage",
        assumes="vault_gb",
    )
