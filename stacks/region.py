"""What every region has: network, cluster, data stores and the way in (REG-1 to REG-3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components._base import Context
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.node_pool import PoolArgs
from components.data.bucket import Bucket, BucketArgs, ObjectLock
from components.data.cache import Cache, CacheArgs
from components.data.database import Database, DatabaseArgs
from components.data.file_system import FileSystem, FileSystemArgs
from components.edge.certificate import Certificate, CertificateArgs
from components.edge.load_balancer import LoadBalancer, LoadBalancerArgs
from components.edge.origin import Origin, OriginArgs, origin_host
from components.edge.web_acl import WebAcl, WebAclArgs
from components.network.network import Network, NetworkArgs
from components.network.subnet_plan import SubnetTier
from components.security.keys import Keys
from config.load import Settings
from config.models import SERVICES, RegionPlan
from config.vocabulary import Backup, DataClass
from stacks.connectivity import build_transit, remote_networks
from stacks.foundation import Foundation
from stacks.front import front_names
from stacks.handoff import RegionExports

INTERNET_PORTS = (80, 443, 587)
"""TCP ports that nodes and pods may reach outside: web, and mail submission."""
DATA_PORTS = (2049, 5432, 6379)
"""TCP ports of the data stores: NFS, PostgreSQL, Redis."""

Clients = Mapping[str, pulumi.Output[str]]
"""Short name to security group of those who may use a data store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Site:
    """What every part of a region is built from."""

    settings: Settings
    context: Context
    foundation: Foundation
    network: Network
    roles: Mapping[str, pulumi.Input[str]]

    @property
    def plan(self) -> RegionPlan:
        return self.settings.plan

    @property
    def keys(self) -> Keys:
        return self.foundation.keys


def build_region(
    settings: Settings,
    context: Context,
    foundation: Foundation,
    zone_id: pulumi.Input[str],
    pools: tuple[PoolArgs, ...],
    *,
    roles: Mapping[str, pulumi.Input[str]],
) -> RegionExports:
    """Build the region and return what people and later stacks need.

    `zone_id` is the hub's zone, `roles` the ARNs by name of those roles of people that this stack itself makes.
    """
    network = _network(settings, context, foundation)
    site = _Site(settings=settings, context=context, foundation=foundation, network=network, roles=roles)
    cluster = _cluster(site, pools)
    transit = build_transit(settings, context, foundation, network, cluster.control_plane_security_group_id)
    clients = {"nodes": cluster.node_security_group_id}
    database = _database(site, clients)
    cache = _cache(site, clients)
    shared = _shared_files(site, clients)
    files, backups = _files(site), _backups(site)
    balancer = _entry(site, zone_id, clients)
    origin = _origin(site, zone_id, balancer)
    return RegionExports(
        vpc_id=network.vpc_id,
        vpc_cidr=network.vpc_cidr,
        nat_public_ips=network.nat_public_ips,
        private_subnet_ids=network.private_subnet_ids,
        isolated_subnet_ids=network.isolated_subnet_ids,
        transit_gateway_id=transit.gateway_id,
        transit_core_table_id=transit.core_table_id,
        transit_peers_table_id=transit.peers_table_id,
        cluster_name=cluster.cluster_name,
        cluster_endpoint=cluster.endpoint,
        node_security_group_id=cluster.node_security_group_id,
        cluster_certificate_authority=cluster.certificate_authority,
        database_endpoint=database.address,
        database_replica_endpoints=database.replica_addresses,
        database_secret_arn=database.secret_arn,
        database_arn=database.arn,
        database_subnet_group=database.subnet_group_name,
        database_security_group_id=database.security_group_id,
        logs_key_arn=foundation.keys.logs_arn,
        alert_topic_arn=foundation.alert_topic_arn,
        cache_endpoint=cache.endpoint,
        file_system_id=shared.file_system_id,
        files_bucket=files.name,
        backups_bucket=backups.name,
        logs_bucket=foundation.logs.name,
        load_balancer_arn=balancer.arn,
        load_balancer_dns_name=balancer.dns_name,
        load_balancer_zone_id=balancer.zone_id,
        load_balancer_security_group_id=balancer.security_group_id,
        load_balancer_listener_arn=balancer.listener_arn,
        load_balancer_target_group_arn=balancer.target_group_arn,
        origin_host=origin.host,
    )


def _network(settings: Settings, context: Context, foundation: Foundation) -> Network:
    plan = settings.plan
    return Network(
        "network",
        context,
        NetworkArgs(
            cidr=str(plan.network.cidr),
            zones=plan.network.zones,
            log_key_arn=foundation.keys.logs_arn,
            nat_per_zone=plan.network.nat == "per-zone",
            internet_ports=INTERNET_PORTS,
            data_ports=DATA_PORTS,
            routed_networks=tuple(remote_networks(settings).values()),
            flow_log_retention_days=plan.log_retention_days,
        ),
    )


def _cluster(site: _Site, pools: tuple[PoolArgs, ...]) -> Cluster:
    plan, keys = site.plan, site.keys
    return Cluster(
        "cluster",
        site.context,
        ClusterArgs(
            vpc_id=site.network.vpc_id,
            vpc_cidr=str(plan.network.cidr),
            subnet_ids=site.network.private_subnet_ids,
            data_cidr=site.network.plan.block(SubnetTier.ISOLATED),
            internet_ports=INTERNET_PORTS,
            data_ports=DATA_PORTS,
            secrets_key_arn=keys.credentials_arn,
            volume_key_arn=keys.operational_arn,
            log_key_arn=keys.logs_arn,
            pools=pools,
            admins=_role_arns(site, plan.cluster.administrators),
            readers=_role_arns(site, plan.cluster.readers),
            version=plan.cluster.version,
            public_access_cidrs=tuple(str(each) for each in plan.cluster.public_access_cidrs),
            service_cidr=str(SERVICES),
            log_retention_days=plan.log_retention_days,
            deletion_protection=plan.protect,
        ),
    )


def _role_arns(site: _Site, roles: dict[str, str]) -> dict[str, pulumi.Input[str]]:
    """Return ARNs by short name; a role this stack makes is waited for, any other is there already."""
    return {name: site.roles.get(role, site.context.arn("iam", f"role/{role}", region="")) for name, role in roles.items()}


def _database(site: _Site, clients: Clients) -> Database:
    plan, keys = site.plan, site.keys
    return Database(
        "database",
        site.context,
        DatabaseArgs(
            vpc_id=site.network.vpc_id,
            subnet_ids=site.network.isolated_subnet_ids,
            client_security_group_ids=clients,
            replica_zones=plan.network.zones[: plan.database.replicas],
            key_arn=keys.personal_arn,
            credentials_key_arn=keys.credentials_arn,
            log_key_arn=keys.logs_arn,
            engine_version=plan.database.version,
            instance_class=plan.database.instance_class,
            storage_gb=plan.database.storage_gb,
            max_storage_gb=plan.database.max_storage_gb,
            multi_az=plan.database.multi_az,
            backup_days=plan.database.backup_days,
            backup_window=plan.database.backup_window,
            maintenance_window=plan.database.maintenance_window,
            log_retention_days=plan.log_retention_days,
            protect=plan.protect,
        ),
    )


def _cache(site: _Site, clients: Clients) -> Cache:
    plan, keys = site.plan, site.keys
    return Cache(
        "cache",
        site.context,
        CacheArgs(
            vpc_id=site.network.vpc_id,
            subnet_ids=site.network.isolated_subnet_ids,
            client_security_group_ids=clients,
            key_arn=keys.personal_arn,
            log_key_arn=keys.logs_arn,
            engine_version=plan.cache.version,
            node_type=plan.cache.node_type,
            shards=plan.cache.shards,
            replicas_per_shard=plan.cache.replicas_per_shard,
            snapshot_days=plan.cache.snapshot_days,
            log_retention_days=plan.log_retention_days,
            protect=plan.protect,
        ),
    )


def _shared_files(site: _Site, clients: Clients) -> FileSystem:
    plan = site.plan
    return FileSystem(
        "shared-files",
        site.context,
        FileSystemArgs(
            vpc_id=site.network.vpc_id,
            subnet_ids={zone: site.network.isolated_subnet_ids[order] for order, zone in enumerate(plan.network.zones)},
            client_security_group_ids=clients,
            key_arn=site.keys.personal_arn,
            # What tenants' workflows leave there is not known beforehand.
            data_class=DataClass.PERSONAL,
            protect=plan.protect,
        ),
    )


def _files(site: _Site) -> Bucket:
    return Bucket(
        "files",
        site.context,
        BucketArgs(
            data_class=DataClass.PERSONAL,
            key_arn=site.keys.personal_arn,
            log_bucket=site.foundation.logs.name,
            protect=site.plan.protect,
        ),
    )


def _backups(site: _Site) -> Bucket:
    """Build a bucket whose objects nobody can change or delete while the database could still be taken back to their day."""
    plan = site.plan
    return Bucket(
        "backups",
        site.context,
        BucketArgs(
            data_class=DataClass.PERSONAL,
            key_arn=site.keys.personal_arn,
            log_bucket=site.foundation.logs.name,
            archive_after_days=90,
            expire_after_days=plan.storage.backup_days,
            object_lock=ObjectLock(mode="GOVERNANCE", days=plan.database.backup_days),
            backup=Backup.NONE,
            protect=plan.protect,
        ),
    )


def _origin(site: _Site, zone_id: pulumi.Input[str], balancer: LoadBalancer) -> Origin:
    return Origin(
        "origin",
        site.context,
        OriginArgs(
            zone_id=zone_id,
            domain=site.settings.domain,
            load_balancer_dns_name=balancer.dns_name,
            load_balancer_zone_id=balancer.zone_id,
        ),
    )


def _entry(site: _Site, zone_id: pulumi.Input[str], clients: Clients) -> LoadBalancer:
    """Build the load balancer under the name the hub derives for this region, with its certificate and web ACL (D9, D12)."""
    plan = site.plan
    host = origin_host(site.context.region, site.settings.domain)
    names = CertificateArgs(
        domain=host,
        zone_id=zone_id,
        alternative_names=front_names(site.settings),
        alert_topic_arn=site.foundation.alert_topic_arn,
    )
    certificate = Certificate("entry-certificate", site.context, names)
    balancer = LoadBalancer(
        "entry",
        site.context,
        LoadBalancerArgs(
            vpc_id=site.network.vpc_id,
            subnet_ids=site.network.public_subnet_ids,
            certificate_arn=certificate.arn,
            log_bucket=site.foundation.logs.name,
            target_security_group_ids=clients,
            protect=plan.protect,
        ),
    )
    WebAcl(
        "entry-firewall",
        site.context,
        WebAclArgs(
            scope="REGIONAL",
            log_key_arn=site.keys.logs_arn,
            protects={"entry": balancer.arn},
            behind_cdn=True,
            log_retention_days=plan.log_retention_days,
        ),
    )
    return balancer
