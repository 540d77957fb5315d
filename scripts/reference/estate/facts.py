"""The shape of what is told about a stack: plain, with nothing of Pulumi's."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Subnet:
    """A subnet and where its default route goes."""

    zone: str
    tier: str
    """public: to an internet gateway; private: to a NAT gateway; isolated: nowhere."""
    cidr: str
    nat: bool
    """True when a NAT gateway stands in it."""


@dataclass(frozen=True, kw_only=True)
class Vpc:
    """The network of a stack."""

    cidr: str
    zones: tuple[str, ...]
    subnets: tuple[Subnet, ...]
    flow_log_days: int | None
    gateway_endpoints: tuple[str, ...]
    """Short names of services, such as `s3`."""
    interface_endpoints: tuple[str, ...]

    def tier(self, name: str) -> tuple[Subnet, ...]:
        """Return a tier's subnets in the order of zones."""
        return tuple(subnet for subnet in self.subnets if subnet.tier == name)

    @property
    def nat_zones(self) -> tuple[str, ...]:
        """Return the zones that have a NAT gateway."""
        return tuple(subnet.zone for subnet in self.subnets if subnet.nat)


@dataclass(frozen=True, kw_only=True)
class Transit:
    """A transit gateway."""

    asn: int
    peers: tuple[str, ...]
    """Regions whose gateways this stack joins to it; the earlier of two regions makes nothing for the pair."""


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """Nodes that are bought in one way."""

    types: tuple[str, ...]
    minimum: int
    desired: int
    maximum: int

    def __str__(self) -> str:
        return f"{self.minimum} / {self.desired} / {self.maximum}"


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The node groups of one purpose."""

    name: str
    on_demand: NodeGroup | None
    spot: NodeGroup | None

    @property
    def type(self) -> str:
        """Return the instance type that comes first in each of its node groups."""
        group = self.on_demand or self.spot
        return group.types[0] if group else ""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A Kubernetes cluster."""

    name: str
    version: str
    public: bool
    addons: tuple[str, ...]
    key: str
    """Data class of the key on its secrets."""
    pools: tuple[Pool, ...]


@dataclass(frozen=True, kw_only=True)
class Replica:
    """A read replica of a database."""

    name: str
    zone: str
    instance_class: str


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database and the replicas it has in its stack."""

    name: str
    engine: str
    version: str
    instance_class: str
    multi_az: bool
    storage_gb: int
    max_storage_gb: int
    storage_type: str
    backup_days: int
    key: str
    replicas: tuple[Replica, ...]


@dataclass(frozen=True, kw_only=True)
class Standby:
    """A copy of another region's database, ready to take its place."""

    name: str
    instance_class: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Cache:
    """A Redis replication group."""

    name: str
    engine: str
    version: str
    node_type: str
    shards: int
    replicas_per_shard: int
    key: str


@dataclass(frozen=True, kw_only=True)
class FileSystem:
    """An elastic file system."""

    name: str
    throughput: str
    zones: tuple[str, ...]
    """Zones with a mount target."""
    key: str


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket."""

    name: str
    holds: str
    """Data class."""
    key: str | None
    """Data class of its key; None where S3's own keys encrypt."""
    versioned: bool
    lock_mode: str | None
    """How object lock keeps versions; None without a lock."""
    lock_days: int


@dataclass(frozen=True, kw_only=True)
class Copies:
    """What a stack keeps in another region."""

    region: str
    keys: tuple[str, ...]
    """Data classes of its keys there."""
    buckets: tuple[str, ...]
    standbys: tuple[str, ...]
    """Names of database standbys."""
    recovery_points: bool
    """True when a backup vault stands there."""
    database_backups: bool
    """True when RDS replicates its automated backups there."""


@dataclass(frozen=True, kw_only=True)
class BackupRule:
    """A rule of a backup plan."""

    name: str
    schedule: str
    """An EventBridge cron expression."""
    days: int
    copies: int
    """Vaults in other regions that each recovery point is copied into."""


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """The secrets of a stack."""

    number: int
    rotated: int
    """Those that are renewed on a schedule by a function."""


@dataclass(frozen=True, kw_only=True)
class Firewall:
    """A web ACL."""

    name: str
    rate_limit: int | None
    window_seconds: int | None
    groups: tuple[str, ...]
    """Managed rule groups."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A load balancer that takes in traffic."""

    name: str
    hosts: tuple[str, ...]
    listeners: tuple[str, ...]
    sources: tuple[str, ...]
    """Whom its security group lets in."""
    firewall: Firewall | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A CloudFront distribution."""

    hosts: tuple[str, ...]
    http: str
    minimum_tls: str
    certificate: str | None
    """Domain of its certificate."""
    https_only: bool
    firewall: Firewall | None
    buckets: tuple[str, ...]
    """Buckets it serves."""
    signed: bool
    """True when it signs what it asks of each bucket (origin access control)."""
    origins: tuple[str, ...] = ()
    """Hosts it hands requests on to."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a stack reads from another."""

    stack: str
    outputs: tuple[str, ...]
    """Outputs that end up in its resources."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """All that is told about a stack."""

    name: str
    region: str
    environment: str
    law: str
    vpc: Vpc
    transits: tuple[Transit, ...]
    clusters: tuple[Cluster, ...]
    databases: tuple[Database, ...]
    standbys: tuple[Standby, ...]
    caches: tuple[Cache, ...]
    file_systems: tuple[FileSystem, ...]
    buckets: tuple[Bucket, ...]
    keys: tuple[str, ...]
    """Data classes with a key of their own."""
    copies: tuple[Copies, ...]
    backups: tuple[BackupRule, ...]
    secrets: Secrets
    entries: tuple[Entry, ...]
    deliveries: tuple[Delivery, ...]
    zones: tuple[str, ...]
    """Domains of its hosted zones."""
    references: tuple[Reference, ...]
    services: Mapping[str, int]
    """Resources by service."""

    @property
    def is_hub(self) -> bool:
        """Return whether it holds what the estate has once."""
        return bool(self.zones or self.deliveries)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the host names of its ways in."""
        ways: tuple[Delivery | Entry, ...] = (*self.deliveries, *self.entries)
        return tuple(host for way in ways for host in way.hosts)

    @property
    def resources(self) -> int:
        """Return how many resources AWS holds for it."""
        return sum(self.services.values())
