"""A region's connections to PostgreSQL: the poolers, and the Jobs that keep the schemas behind them (DAT-3, DAT-7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.flow import Addresses, Pods
from components.platform.pooling.configuration import METRICS_PORT, PORT, PoolDatabase
from components.platform.pooling.migrations import PODS as MIGRATION_PODS
from components.platform.pooling.migrations import ROLES, Migrations, MigrationsArgs, TenantRow
from components.platform.pooling.pooler import PODS, Pooler, PoolerArgs
from components.platform.priority_classes import BATCH, SERVING
from config.connections import most_connections
from config.errors import ConfigError, Problem
from config.load import ROOT
from config.tenants import Tenant
from config.vocabulary import Region, Tier
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

NAMESPACE = "pgbouncer"
N8N = "n8n"
"""Name under which n8n reaches its schema, and its role."""
MASTER_USER = "platform_admin"
"""The database component's default."""
_SOURCES = ROOT / "services" / "database"
ROOTS = "services/database/rds-roots.pem"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pooling:
    """What others reach the database by."""

    pooler: Pooler
    migrations: Mapping[str, Migrations]
    """Shard to the Job that keeps it."""

    @property
    def host(self) -> pulumi.Output[str]:
        """Name of the poolers in the cluster; port 5432, TLS."""
        return self.pooler.host


def build_pooling(site: ClusterSite, services: ClusterServices, secrets: Mapping[str, str]) -> Pooling:
    """Build them; `secrets` are the tenants' database secrets by the tenant's name.

    Raises ConfigError where the root certificate of the region's database servers is not known.
    """
    plan, context = site.plan.pooling, site.context
    namespace, roots = site.namespace(NAMESPACE).namespace, root_of(context.region)
    pods = Pods(namespace=namespace, match=PODS)
    shards = {name: plan.shards[name] for name in sorted(plan.shards)}
    migrations = {
        name: Migrations(
            f"migrations-{name}",
            context,
            MigrationsArgs(
                namespace=namespace,
                image=site.image("postgres-client"),
                host=shard.host or site.region.database_endpoint,
                database=shard.database,
                files=files(),
                tenants=rows(site, name, secrets),
                roots=roots,
                store=services.secrets.store,
                master_secret=site.region.database_secret_arn,
                master_user=MASTER_USER,
                role_secrets={role: context.physical(secret_of(role)) for role in ROLES},
                priority_class=BATCH,
            ),
            opts=site.opts(services.secrets),
        )
        for name, shard in shards.items()
    }
    pooler = Pooler(
        "pgbouncer",
        context,
        PoolerArgs(
            namespace=namespace,
            image=site.image("pgbouncer"),
            exporter_image=site.image("pgbouncer-exporter"),
            databases=pool_databases(site, site.region.database_endpoint),
            roots=roots,
            replicas=plan.replicas,
            clients=plan.clients,
            store=services.secrets.store,
            issuer=services.certificates.internal_issuer,
            auth_secret=context.physical("pgbouncer-auth"),
            priority_class=SERVING,
        ),
        opts=site.opts(*migrations.values()),
    )
    _flows(site, pods, namespace)
    return Pooling(pooler=pooler, migrations=migrations)


def _flows(site: ClusterSite, pods: Pods, namespace: pulumi.Input[str]) -> None:
    network = site.settings.plan.network
    data = Addresses(cidrs=(SubnetPlan(str(network.cidr), network.zones).block(SubnetTier.ISOLATED),))
    site.flow("pgbouncer-to-database", pods, data, [PORT])
    site.flow("migrations-to-database", Pods(namespace=namespace, match=MIGRATION_PODS), data, [PORT])
    if site.plan.automation.enabled:
        site.flow("automation-to-pgbouncer", Pods(namespace=site.namespace("automation").namespace), pods, [PORT])
    if site.plan.monitoring.enabled:
        site.flow("monitoring-to-pgbouncer", Pods(namespace=site.namespace("monitoring").namespace), pods, [METRICS_PORT])


def pool_databases(site: ClusterSite, host: pulumi.Input[str]) -> tuple[PoolDatabase, ...]:
    """Return the names that clients connect to: n8n's own, and one for each shard and tier.

    n8n keeps sessions, since it prepares statements and locks in them; tenants share by transaction.
    """
    plan = site.plan.pooling
    most = most_connections(site.settings.plan.database.instance_class)
    assert most is not None  # noqa: S101 - the configuration refuses a class that is not known
    shares = plan.shares(most)
    own = [name for name, shard in plan.shards.items() if shard.host is None]
    home = plan.shards[own[0]].database if own else "morefocus"
    found = [PoolDatabase(name=N8N, host=host, database=home, mode="session", pool=plan.n8n, most=plan.n8n, only=N8N)]
    for name, shard in sorted(plan.shards.items()):
        for tier in Tier:
            # Shards on one server share its connections.
            most_here = shares[tier] if shard.host else max(plan.tiers[tier], shares[tier] // len(own))
            found.append(
                PoolDatabase(
                    name=database_name(name, tier),
                    host=shard.host or host,
                    database=shard.database,
                    mode="transaction",
                    pool=plan.tiers[tier],
                    most=most_here,
                )
            )
    return tuple(found)


def database_name(shard: str, tier: Tier) -> str:
    """Return the name by which tenants of a tier reach a shard; adding a tenant changes nothing that PgBouncer is told."""
    return f"{shard}-{tier}"


def shard_of(site: ClusterSite, tenant: Tenant) -> str:
    """Return the database that holds a tenant's schema: what its file says, else what its name gives."""
    return tenant.shard or site.plan.pooling.shard_of(tenant.name)


def rows(site: ClusterSite, shard: str, secrets: Mapping[str, str]) -> Sequence[TenantRow]:
    """Return the tenants of a shard as its migrations are told of them."""
    plan = site.plan.pooling
    return [
        TenantRow(
            name=tenant.name,
            market=tenant.market,
            tier=tenant.tier,
            # One more pooler than there are, for the time of a new version; each opens one more while clients sign in.
            connections=(plan.tiers[tenant.tier] + 1) * (plan.replicas + 1),
            secret=secrets[tenant.name],
        )
        for tenant in site.settings.tenants
        if shard_of(site, tenant) == shard
    ]


def secret_of(role: str) -> str:
    """Return the row of the catalogue of secrets that holds a role's password."""
    return "pgbouncer-auth" if role == "pgbouncer" else f"database-{role}"


def files() -> dict[str, str]:
    """Return what the Job mounts: a ConfigMap has no folders, so a migration's scope stands before its name."""
    found = {
        path.name: path.read_text(encoding="utf-8") for path in (_SOURCES / name for name in ("bootstrap.sql", "migrate.sh", "scram.pl"))
    }
    for path in sorted((_SOURCES / "migrations").glob("*/*.sql")):
        found[f"{path.parent.name}.{path.name}"] = path.read_text(encoding="utf-8")
    return found


def root_of(region: Region) -> str:
    """Return the certificate that signs those of a region's database servers. Raises ConfigError where it is not known."""
    text = (ROOT / ROOTS).read_text(encoding="utf-8")
    found = re.search(rf"^# {re.escape(region)}, .*\n(-----BEGIN CERTIFICATE-----[^#]*)", text, re.MULTILINE)
    if found is None:
        allowed = "a region whose RDS root certificate is there"
        remedy = "add rds-ca-rsa2048-g1 of the region from https://truststore.pki.rds.amazonaws.com"
        raise ConfigError([Problem(ROOTS, region, "no certificate", allowed, remedy)])
    return found[1]
