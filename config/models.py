"""The shape of one region's plan: plain facts, frozen, with no key that is not written here.

Sizes and switches have no default here: what a stack file leaves out comes from `config/estate.yaml`, so each value is
written once.
"""

import re
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from config.auditing import AuditPlan
from config.backup import BackupSettings
from config.connectivity import ConnectivityPlan
from config.errors import refuse
from config.fields import Count, Model, Network, Share, is_private
from config.guarding import GuardingPlan
from config.platform import PlatformPlan
from config.scaling import ScalingPlan
from config.scheduling import SchedulingPlan
from config.support import versions
from config.vocabulary import LOG_RETENTION_DAYS, DataClass, Environment, Law, Market, Region
from config.windows import DailyWindow, WeeklyWindow, overlap

SERVICES = IPv4Network("172.20.0.0/16")
"""Addresses of Kubernetes services, the same in every cluster: they are never routed outside it."""


def _number_as_text(value: Any) -> Any:
    """Accept 17 for "17", as `pulumi config set --path` stores it; 1.40 is refused, since it has lost its zero."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _one_of(product: str) -> Any:
    def check(value: Any) -> Any:
        allowed = versions(product)
        text = _number_as_text(value)
        if isinstance(text, str) and text not in allowed:
            raise refuse(f"{product} {' or '.join(allowed)}", f"write version: {allowed[0]!r} in quotes")
        return text

    return BeforeValidator(check)


InstanceType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$", description="EC2 instance type such as 't3.large'")]


class NetworkPlan(Model):
    """Addresses and zones of a region's VPC (NET-1, D3)."""

    cidr: Annotated[Network, Field(description="private IPv4 network, /16 to /20, such as 10.1.0.0/16")]
    zones: Annotated[tuple[str, ...], Field(min_length=2, max_length=4, description="two to four availability zones of the stack's region")]
    nat: Annotated[Literal["per-zone", "single"], Field(description="per-zone, or single (cheaper, one zone's loss cuts all)")]
    asn: Annotated[Count, Field(description="private ASN: 64512 to 65534, or 4200000000 to 4294967294")]

    @model_validator(mode="after")
    def _is_routable(self) -> "NetworkPlan":
        if not is_private(self.cidr):
            allowed = "a network inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
            raise refuse(allowed, "choose a private network", key="cidr", given=self.cidr)
        if self.cidr.overlaps(SERVICES):
            raise refuse(f"a network outside {SERVICES}, which Kubernetes services use", "choose another", key="cidr", given=self.cidr)
        if not 16 <= self.cidr.prefixlen <= 20:
            allowed = "a prefix from /16 (AWS's largest) to /20 (room for three tiers of subnets)"
            raise refuse(allowed, "choose another prefix length", key="cidr", given=self.cidr)
        if not (64512 <= self.asn <= 65534 or 4200000000 <= self.asn <= 4294967294):
            allowed = "a private ASN: 64512 to 65534, or 4200000000 to 4294967294"
            raise refuse(allowed, "choose another", key="asn", given=self.asn)
        if len(set(self.zones)) != len(self.zones):
            raise refuse("zones that differ", "name each zone once", key="zones", given=", ".join(self.zones))
        return self


class PoolPlan(Model):
    """How many nodes of one instance type a cluster has (CMP-2, CMP-4); another type is vertical scaling by hand (CMP-5)."""

    instance_type: InstanceType
    min: Annotated[Count, Field(ge=0, le=450, description="fewest nodes, 0 to 450")]
    desired: Annotated[Count, Field(ge=0, le=450, description="nodes to begin with, from min to max")]
    max: Annotated[Count, Field(ge=1, le=450, description="most nodes, 1 to 450")]

    working_min: Annotated[
        Count | None, Field(ge=0, le=450, description="fewest nodes in working hours, from min to max; absent for desired")
    ] = None
    spot_instance_types: Annotated[
        tuple[InstanceType, ...], Field(description="types Spot may use instead; absent for the known equals of instance_type")
    ] = ()

    @model_validator(mode="after")
    def _is_ordered(self) -> "PoolPlan":
        if not self.min <= self.desired <= self.max:
            given = f"min {self.min}, desired {self.desired}, max {self.max}"
            raise refuse("min <= desired <= max", "raise max or lower min until desired lies between them", key="desired", given=given)
        if self.working_min is not None and not self.min <= self.working_min <= self.max:
            raise refuse(f"{self.min} to {self.max}, the pool's min to max", "correct it", key="working_min", given=self.working_min)
        return self


class ClusterPlan(Model):
    """The Kubernetes cluster and its nodes (CMP-1 to CMP-4, D4)."""

    version: Annotated[str, _one_of("EKS"), Field(description="Kubernetes version in quotes")]
    public_access_cidrs: Annotated[
        tuple[Network, ...], Field(description="networks that may reach the API from the internet; [] keeps it private")
    ]
    administrators: Annotated[
        dict[str, str], Field(min_length=1, description="roles that administer the cluster: a short name, and the IAM role's name")
    ]
    readers: Annotated[dict[str, str], Field(description="roles that see all but secrets: a short name, and the IAM role's name")]
    standard: PoolPlan
    intensive: PoolPlan
    spot_share: Annotated[Share, Field(ge=0, le=1, description="share of capacity on Spot, 0 to 1")]
    scaling: ScalingPlan

    @model_validator(mode="after")
    def _is_closed(self) -> "ClusterPlan":
        if any(network.prefixlen == 0 for network in self.public_access_cidrs):
            raise refuse(
                "any network but 0.0.0.0/0", "name your own networks, or [] for none", key="public_access_cidrs", given="0.0.0.0/0"
            )
        for kind, roles in (("administrators", self.administrators), ("readers", self.readers)):
            for short, role in roles.items():
                if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", short):
                    raise refuse("short names of lower-case words joined by hyphens", "rename it", key=kind, given=short)
                if not re.fullmatch(r"[\w+=,.@/-]{1,512}", role):
                    remedy = "write it without 'arn:aws:iam::...:role/'"
                    raise refuse("the role's name, with its path if it has one", remedy, key=f"{kind}.{short}", given=role)
        twice = (set(self.administrators) & set(self.readers)) or (set(self.administrators.values()) & set(self.readers.values()))
        if twice:
            raise refuse("a role that is an administrator or a reader, not both", "name it once", key="readers", given=min(twice))
        return self


class DatabasePlan(Model):
    """The PostgreSQL primary and its replicas (DAT-1, DAT-2, D4)."""

    version: Annotated[str, _one_of("PostgreSQL"), Field(description="PostgreSQL major version in quotes")]
    instance_class: Annotated[str, Field(pattern=r"^db\.[a-z0-9-]+\.[a-z0-9]+$", description="RDS class such as 'db.r5.xlarge'")]
    storage_gb: Annotated[Count, Field(ge=20, le=65536, description="gp3 storage in GiB, 20 to 65536")]
    max_storage_gb: Annotated[Count, Field(ge=22, le=65536, description="limit of growth in GiB, at least a tenth above storage_gb")]
    multi_az: Annotated[bool, Field(description="true for a synchronous standby in another zone")]
    replicas: Annotated[Count, Field(ge=0, description="read replicas in the region, at most one a zone")]
    backup_days: Annotated[Count, Field(ge=1, le=35, description="days of point-in-time recovery, 1 to 35")]
    standby_region: Annotated[Region | None, Field(description="region of a replica that can take over, one of `copies`; null for none")]
    backups_region: Annotated[Region | None, Field(description="region that RDS replicates its backups to, one of `copies`; null for none")]
    backup_window: DailyWindow
    maintenance_window: WeeklyWindow

    @model_validator(mode="after")
    def _is_accepted_by_rds(self) -> "DatabasePlan":
        if self.max_storage_gb * 10 < self.storage_gb * 11:
            least = -(-self.storage_gb * 11 // 10)
            allowed = f"at least {least}, a tenth above storage_gb"
            raise refuse(allowed, f"write {least} or more", key="max_storage_gb", given=self.max_storage_gb)
        if overlap(self.backup_window, self.maintenance_window):
            allowed = f"a window that does not overlap backup_window ({self.backup_window})"
            raise refuse(allowed, "move one of the two", key="maintenance_window", given=self.maintenance_window)
        return self


class CachePlan(Model):
    """The Redis cluster for sessions, workflow cache and rate limits (DAT-4)."""

    version: Annotated[str, _one_of("Redis"), Field(description="Redis OSS version in quotes")]
    node_type: Annotated[str, Field(pattern=r"^cache\.[a-z0-9-]+\.[a-z0-9]+$", description="ElastiCache type such as 'cache.r5.large'")]
    shards: Annotated[Count, Field(ge=1, le=500, description="shards, 1 to 500")]
    replicas_per_shard: Annotated[Count, Field(ge=1, le=5, description="replicas of each shard to fail over to, 1 to 5")]
    snapshot_days: Annotated[Count, Field(ge=1, le=35, description="days snapshots are kept, 1 to 35")]


class StoragePlan(Model):
    """Object and file storage (DAT-5, DAT-6)."""

    log_days: Annotated[Count, Field(ge=1, le=3653, description="days access logs are kept, 1 to 3653")]
    backup_days: Annotated[Count, Field(ge=1, le=3653, description="days backups are kept, 1 to 3653, not fewer than database.backup_days")]


class RegionPlan(Model):
    """All that one stack decides."""

    region: Annotated[Region, Field(description="AWS region such as eu-west-1")]
    account_id: Annotated[str, Field(pattern=r"^\d{12}$", description="AWS account id: twelve digits in quotes")]
    environment: Annotated[Environment, Field(description=f"one of {', '.join(Environment)}")]
    hub: Annotated[bool, Field(description="true in the one stack that owns the zone and the CDN")]
    law: Annotated[Law, Field(description=f"law on the personal data held here: {', '.join(Law)}")]
    markets: Annotated[tuple[Market, ...], Field(description=f"markets served: {', '.join(Market)}")]
    copies: Annotated[tuple[Region, ...], Field(description="regions that hold copies of this region's personal data")]
    owner: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,63}$", description="team that answers for it: a-z, 0-9 and hyphens")]
    cost_centre: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,63}$", description="where costs go: a-z, 0-9 and hyphens")]
    protect: Annotated[bool, Field(description="true: what holds data refuses to be deleted")]
    log_retention_days: Annotated[Count, Field(description="days CloudWatch keeps logs")]
    alerts: Annotated[dict[str, str], Field(description="who is told: a short name, and an e-mail address or https URL")]
    network: NetworkPlan
    connectivity: ConnectivityPlan
    cluster: ClusterPlan
    database: DatabasePlan
    cache: CachePlan
    storage: StoragePlan
    audit: AuditPlan
    backup: BackupSettings
    guarding: GuardingPlan
    platform: PlatformPlan
    scheduling: SchedulingPlan

    @model_validator(mode="after")
    def _is_of_its_region(self) -> "RegionPlan":
        for zone in self.network.zones:
            if not re.fullmatch(rf"{self.region}[a-f]", zone):
                like = f"{self.region}{zone[-1:]}" if zone[-1:] in "abcdef" else f"{self.region}a"
                remedy = f"write {like!r}, or change aws:region"
                raise refuse(f"an availability zone of {self.region}", remedy, key="network.zones", given=zone)
        if self.storage.backup_days < self.database.backup_days:
            allowed = f"at least {self.database.backup_days}, the days of database.backup_days, while which nobody can delete them"
            raise refuse(allowed, "raise it", key="storage.backup_days", given=self.storage.backup_days)
        for name, address in self.alerts.items():
            if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
                raise refuse("short names of lower-case words joined by hyphens", "rename it", key="alerts", given=name)
            if not re.fullmatch(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+|https://[^\s/@]+(/\S*)?", address):
                raise refuse("an e-mail address, or an https URL", "correct it", key=f"alerts.{name}", given=address)
        self.backup.fits(self.database.backup_days, self.database.backup_window, self.database.maintenance_window)
        if self.audit.lock_days > self.storage.log_days:
            allowed = f"at most {self.storage.log_days}, the days of storage.log_days, after which records are deleted"
            raise refuse(allowed, "lower it, or raise storage.log_days", key="audit.lock_days", given=self.audit.lock_days)
        if self.database.replicas > len(self.network.zones):
            allowed = f"at most {len(self.network.zones)}, one for each zone"
            raise refuse(allowed, "lower it, or add a zone", key="database.replicas", given=self.database.replicas)
        self.platform.monitoring.stays(self.law)
        self.scheduling.stands_in(self.region)
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            allowed = ", ".join(map(str, LOG_RETENTION_DAYS))
            raise refuse(f"one of {allowed}", "choose one of these", key="log_retention_days", given=self.log_retention_days)
        return self

    def flows(self, hub: Region) -> list[tuple[DataClass, Region]]:
        """Return what leaves the region: copies of personal data, and operational data to the hub (D1)."""
        personal = [(DataClass.PERSONAL, destination) for destination in self.copies]
        return personal if self.region == hub else [*personal, (DataClass.OPERATIONAL, hub)]
