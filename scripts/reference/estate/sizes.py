"""The sizes of a stack in words, as the sources of the estate name them."""

from collections.abc import Iterator

from scripts.reference.estate.facts import BackupRule, Bucket, Cache, Cluster, Copies, Database, Entry, Firewall, NodeGroup, Stack
from scripts.reference.words import count, product

Sizes = dict[str, list[str]]
"""Lines by subject."""


def sizes(stack: Stack) -> Sizes:
    """Return all that is said of a stack's sizes, in the order it is read."""
    found: Sizes = {}
    for subject, line in _told(stack):
        found.setdefault(subject, []).append(line)
    return found


def _told(stack: Stack) -> Iterator[tuple[str, str]]:
    yield "region", stack.region
    yield "environment", stack.environment
    yield "law", stack.law
    yield "resources", f"{stack.resources:,}"
    yield from _network(stack)
    for cluster in stack.clusters:
        yield from _cluster(cluster)
    for database in stack.databases:
        yield from _database(database)
    for standby in stack.standbys:
        yield "standby of another region", f"{standby.name}, {standby.instance_class}, key: {standby.key}"
    for cache in stack.caches:
        yield "cache", _cache(cache)
    for files in stack.file_systems:
        yield "file system", f"{files.name}, {files.throughput} throughput, {count(len(files.zones), 'mount target')}, key: {files.key}"
    for bucket in stack.buckets:
        yield "buckets", _bucket(bucket)
    yield "keys", ", ".join(stack.keys)
    yield "secrets", f"{stack.secrets.number}, {stack.secrets.rotated} of them renewed by a function"
    for rule in stack.backups:
        yield "backups", _rule(rule)
    for copies in stack.copies:
        yield "kept in other regions", f"{copies.region}: {'; '.join(_copies(copies))}"
    for entry in stack.entries:
        yield "load balancer", _entry(entry)
    for delivery in stack.deliveries:
        behind = f"from bucket {', '.join(delivery.buckets)}" if delivery.buckets else f"to {', '.join(delivery.origins)}"
        yield "content delivery", f"{', '.join(delivery.hosts)} {behind}, {delivery.minimum_tls}"
        if delivery.firewall:
            yield "content delivery", _firewall(delivery.firewall)
    for domain in stack.zones:
        yield "DNS zone", domain


def _network(stack: Stack) -> Iterator[tuple[str, str]]:
    vpc = stack.vpc
    yield "VPC", vpc.cidr
    for subnet in vpc.subnets:
        yield f"{subnet.tier} subnets", f"{subnet.zone} {subnet.cidr}"
    yield "NAT gateways", ", ".join(vpc.nat_zones)
    yield "gateway endpoints", ", ".join(vpc.gateway_endpoints)
    yield "interface endpoints", ", ".join(vpc.interface_endpoints)
    for transit in stack.transits:
        joined = f", joined to {', '.join(transit.peers)}" if transit.peers else ""
        yield "transit gateway", f"ASN {transit.asn}{joined}"
    yield "flow logs", f"kept {count(vpc.flow_log_days, 'day')}" if vpc.flow_log_days else "none"


def _cluster(cluster: Cluster) -> Iterator[tuple[str, str]]:
    yield "cluster", f"Kubernetes {cluster.version}, API {'public and private' if cluster.public else 'private'}, key: {cluster.key}"
    yield "add-ons", ", ".join(cluster.addons)
    for pool in cluster.pools:
        for way, group in (("on-demand", pool.on_demand), ("Spot", pool.spot)):
            yield f"pool {pool.name}, {way}", _group(group) if group else "none"


def _group(group: NodeGroup) -> str:
    return f"{group.minimum} to {group.maximum} nodes, {group.desired} at first: {', '.join(group.types)}"


def _database(database: Database) -> Iterator[tuple[str, str]]:
    where = "Multi-AZ" if database.multi_az else "one zone"
    yield "database", f"{product(database.engine)} {database.version}, {database.instance_class}, {where}, key: {database.key}"
    yield "database storage", f"{database.storage_gb:,} to {database.max_storage_gb:,} GiB {database.storage_type}"
    yield "database recovery", count(database.backup_days, "day")
    for replica in database.replicas:
        yield "database replicas", f"{replica.name}, {replica.instance_class}, {replica.zone}"


def _cache(cache: Cache) -> str:
    shape = f"{count(cache.shards, 'shard')} of 1 primary and {count(cache.replicas_per_shard, 'replica')}"
    return f"{product(cache.engine)} {cache.version}, {cache.node_type}, {shape}, key: {cache.key}"


def _bucket(bucket: Bucket) -> str:
    key = f"key: {bucket.key}" if bucket.key else "key: S3's own"
    lock = f", {bucket.lock_mode.lower()} lock of {count(bucket.lock_days, 'day')}" if bucket.lock_mode else ""
    return f"{bucket.name}: holds {bucket.holds}, {key}{', versioned' if bucket.versioned else ''}{lock}"


def _rule(rule: BackupRule) -> str:
    copied = f", copied into {count(rule.copies, 'region')}" if rule.copies else ""
    return f"{rule.name}: `{rule.schedule}`, kept {count(rule.days, 'day')}{copied}"


def _copies(copies: Copies) -> Iterator[str]:
    yield f"keys: {', '.join(copies.keys)}"
    if copies.buckets:
        yield f"buckets: {', '.join(copies.buckets)}"
    if copies.recovery_points:
        yield "recovery points"
    if copies.database_backups:
        yield "the database's own backups"
    yield from (f"standby {name}" for name in copies.standbys)


def _entry(entry: Entry) -> str:
    guard = f"; {_firewall(entry.firewall)}" if entry.firewall else ""
    return f"{', '.join(entry.hosts)}: {', '.join(entry.listeners)} from {', '.join(entry.sources)}{guard}"


def _firewall(firewall: Firewall) -> str:
    limit = f"{firewall.rate_limit:,} requests in {firewall.window_seconds} s, " if firewall.rate_limit is not None else ""
    return f"web ACL: {limit}{', '.join(firewall.groups)}"
