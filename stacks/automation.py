"""n8n in a region: its queue, its secrets and volume, its processes, the way in for webhooks, and its daily export (N8N-1 to N8N-5, D5)."""

import pulumi

from components._base import Context
from components.data.queue_cache import QueueCache, QueueCacheArgs
from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.certificate_issuers import INTERNAL
from components.platform.flow import Addresses, Pods
from components.platform.keda import OPERATOR
from components.platform.priority_classes import SERVING, WORKING
from components.platform.public_networks import public_networks
from components.platform.secret_store import STORE
from components.products.automation.automation import SERVICE_ACCOUNT, Automation, AutomationArgs, Replicas
from components.products.automation.credentials import AutomationCredentials, AutomationCredentialsArgs, Remote
from components.products.automation.environment import DatabaseAccess, EnvironmentArgs, QueueAccess
from components.products.automation.facts import PORT, WEBHOOK_PORT, Role, SecretKey
from components.products.automation.packages import CLAIM, Packages, PackagesArgs
from components.products.automation.pods import PodArgs
from components.products.automation.scaling import AutomationScaling, AutomationScalingArgs
from config.platform.automation import AutomationPlan, ReplicaPlan
from config.platform.sizing import Load, kept_executions
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

NAMESPACE = "automation"
QUEUE = "queue-redis"
"""Row of the catalogue of secrets, and name of the group."""
DATABASE_PORT, QUEUE_PORT = 5432, 6379
INTERNET_PORTS = (80, 443, 587)
POOLER = "pgbouncer"
"""Service of the connection pooler, and its namespace."""
_ROWS = {
    SecretKey.ENCRYPTION: ("n8n-encryption-key", "key"),
    SecretKey.DATABASE: ("database-n8n", "password"),
    SecretKey.SESSIONS: ("n8n-jwt", "secret"),
    SecretKey.RUNNERS: ("n8n-runners", "token"),
    SecretKey.OWNER: ("n8n-owner", "password"),
}
"""Where each secret is: its row of the catalogue, and its key there."""


def build_automation(site: ClusterSite, services: ClusterServices) -> None:
    """Build n8n where the plan has it."""
    plan = site.plan.automation
    if not plan.enabled:
        return
    queue = _queue(site, plan)
    namespace = site.namespace(NAMESPACE)
    packages = Packages(
        "automation-packages",
        site.context,
        PackagesArgs(namespace=namespace.namespace, namespace_name=NAMESPACE, file_system_id=site.region.file_system_id),
        opts=site.opts(),
    )
    credentials = AutomationCredentials(
        "automation-credentials",
        site.context,
        AutomationCredentialsArgs(
            namespace=namespace.namespace,
            store=STORE,
            values=_remotes(site.context, plan, queue),
            issuer=INTERNAL,
        ),
        opts=site.opts(services.secrets, services.certificates),
    )
    flows = _flows(site)
    args = AutomationArgs(
        namespace=namespace.namespace,
        pods=PodArgs(
            image=site.image("n8n"),
            runner_image=site.image("n8n-runners"),
            service_account=SERVICE_ACCOUNT,
            packages_claim=CLAIM,
            priority_classes={Role.MAIN: SERVING, Role.WEBHOOK: SERVING, Role.WORKER: WORKING},
        ),
        told=_told(site, plan, queue),
        profile=plan.profile,
        mains=_replicas(plan.mains),
        webhooks=_replicas(plan.webhook_processors),
        workers=_replicas(plan.workers),
        standby=plan.standby,
        allow_next_major=plan.allow_next_major,
    )
    processes = Automation(NAMESPACE, site.context, args, opts=site.opts(services.priorities, packages, credentials, *flows))
    scaling = {role: args.replicas(role) for role in Role if args.scales(role)}
    if scaling:
        AutomationScaling(
            "automation-scaling",
            site.context,
            AutomationScalingArgs(namespace=namespace.namespace, queue=args.told.queue, roles=scaling, concurrency=plan.concurrency),
            opts=site.opts(services.scaling, processes),
        )


def webhook_host(domain: str, region_code: str) -> str:
    """Return the public name of a region's webhooks, such as `hooks.use1.example.com`: the hub derives the same."""
    return f"hooks.{region_code}.{domain}"


def _queue(site: ClusterSite, plan: AutomationPlan) -> QueueCache:
    keys, region = site.foundation.keys, site.region
    return QueueCache(
        QUEUE,
        site.context,
        QueueCacheArgs(
            vpc_id=region.vpc_id,
            subnet_ids=region.isolated_subnet_ids,
            client_security_group_ids={"nodes": region.node_security_group_id},
            key_arn=keys.personal_arn,
            credentials_key_arn=keys.credentials_arn,
            log_key_arn=keys.logs_arn,
            engine_version=site.settings.plan.cache.version,
            node_type=plan.queue.node_type,
            replicas=plan.queue.replicas,
            snapshot_days=plan.queue.snapshot_days,
            log_retention_days=site.settings.plan.log_retention_days,
            protect=site.settings.plan.protect,
        ),
    )


def _remotes(context: Context, plan: AutomationPlan, queue: QueueCache) -> dict[SecretKey, Remote]:
    found = {key: Remote(secret=context.physical(row), key=value) for key, (row, value) in _ROWS.items()}
    found[SecretKey.QUEUE] = Remote(secret=queue.secret_arn, key="password")
    if plan.licence is not None:
        found[SecretKey.LICENCE] = Remote(secret=context.physical(plan.licence), key="activation_key")
    return found


def _told(site: ClusterSite, plan: AutomationPlan, queue: QueueCache) -> EnvironmentArgs:
    load = Load(executions_per_day=plan.executions_per_day, seconds_per_execution=plan.seconds_per_execution)
    return EnvironmentArgs(
        database=DatabaseAccess(host=f"{POOLER}.{POOLER}.svc.cluster.local", port=DATABASE_PORT, pool_size=plan.pool_size),
        queue=QueueAccess(host=queue.endpoint, port=QUEUE_PORT),
        webhook_url=f"https://{webhook_host(site.settings.domain, site.context.region.code)}/",
        owner_email=plan.owner_email,
        time_zone=plan.time_zone,
        licensed=plan.licence is not None,
        mains=plan.mains.max,
        concurrency=plan.concurrency,
        kept_hours=plan.kept_hours,
        kept_executions=kept_executions(load, plan.kept_hours),
        extra=plan.environment,
    )


def _replicas(plan: ReplicaPlan) -> Replicas:
    return Replicas(least=plan.min, most=plan.max)


def _pods(role: Role) -> Pods:
    return Pods(namespace=NAMESPACE, match=role.match)


def _flows(site: ClusterSite) -> list[pulumi.Resource]:
    """Allow what n8n's pods need, and no more: the queue and the pooler for all, the internet for those that execute or are edited in."""
    network = site.settings.plan.network
    subnets = SubnetPlan(str(network.cidr), network.zones)
    stores, balancer = Addresses(cidrs=(subnets.block(SubnetTier.ISOLATED),)), Addresses(cidrs=(subnets.block(SubnetTier.PUBLIC),))
    internet = Addresses(cidrs=public_networks())
    keda, monitoring = Pods(namespace="keda", match=OPERATOR), Pods(namespace="monitoring")
    made: list[pulumi.Resource] = [site.flow("automation-from-balancer", balancer, _pods(Role.WEBHOOK), [WEBHOOK_PORT])]
    made.append(site.flow("keda-to-queue", keda, stores, [QUEUE_PORT]))
    for role in Role:
        made.append(site.flow(f"automation-{role.value}-to-queue", _pods(role), stores, [QUEUE_PORT]))
        if role is not Role.WEBHOOK:
            made.append(site.flow(f"automation-{role.value}-to-internet", _pods(role), internet, INTERNET_PORTS))
            made.append(site.flow(f"automation-{role.value}-metrics", monitoring, _pods(role), [PORT]))
    return made
