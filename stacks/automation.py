"""n8n in a region: its queue, its secrets and volume, its processes, the way in for webhooks, and its daily export (N8N-1 to N8N-5, D5)."""

import pulumi

from components._base import Context, allow, document
from components._base.policy_document import Document
from components.data.bucket import Bucket, BucketArgs
from components.data.bucket_statements import bucket_arn
from components.data.queue_cache import QueueCache, QueueCacheArgs
from components.edge.webhook_delivery import webhook_host
from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.flow import IDENTITY_AGENT, IDENTITY_PORT, Addresses, Pods
from components.platform.keda import OPERATOR
from components.platform.pooling.configuration import PORT
from components.platform.priority_classes import BATCH, SERVING, WORKING
from components.platform.public_networks import public_networks
from components.products.automation.automation import SERVICE_ACCOUNT, Automation, AutomationArgs, Replicas
from components.products.automation.credentials import AutomationCredentials, AutomationCredentialsArgs, Remote
from components.products.automation.entry import WebhookEntry, WebhookEntryArgs
from components.products.automation.environment import DatabaseAccess, EnvironmentArgs, ObjectStore, QueueAccess
from components.products.automation.export import PODS as EXPORT_PODS
from components.products.automation.export import SERVICE_ACCOUNT as EXPORT_ACCOUNT
from components.products.automation.export import WorkflowExport, WorkflowExportArgs, export_policy
from components.products.automation.facts import CERTIFICATE_SECRET, EVERY_ROLE, WEBHOOK_PORT, Role, SecretKey
from components.products.automation.facts import PORT as N8N_PORT
from components.products.automation.packages import CLAIM, Packages, PackagesArgs
from components.products.automation.pods import PodArgs
from components.products.automation.redelivery import Redelivery, RedeliveryArgs
from components.products.automation.scaling import AutomationScaling, AutomationScalingArgs
from config.platform.automation import AutomationPlan, ReplicaPlan
from config.platform.sizing import Load, kept_executions
from config.vocabulary import DataClass
from stacks.cluster_services import ClusterServices
from stacks.pooling import Pooling
from stacks.site import ClusterSite
from stacks.watchers import watched_secrets, watches_n8n

NAMESPACE = "automation"
QUEUE = "queue-redis"
"""Row of the catalogue of secrets, and name of the group."""
QUEUE_PORT = 6379
INTERNET_PORTS = (80, 443, 587)
BACKUPS = "backups"
"""The region's bucket of backups."""
OBJECTS = "automation-objects"
"""Bucket of executions' binary data, in the enterprise profile."""
_ROWS = {
    SecretKey.ENCRYPTION: ("n8n-encryption-key", "key"),
    SecretKey.DATABASE: ("database-n8n", "password"),
    SecretKey.SESSIONS: ("n8n-jwt", "secret"),
    SecretKey.RUNNERS: ("n8n-runners", "token"),
    SecretKey.OWNER: ("n8n-owner", "password"),
}
"""Where each secret is: its row of the catalogue, and its key there."""


def build_automation(site: ClusterSite, services: ClusterServices, pooling: Pooling, *after: pulumi.Resource) -> QueueCache | None:
    """Build n8n where the plan has it, and return its queue; `after` are those that must be there before its pods, such as the mesh."""
    plan = site.plan.automation
    if not plan.enabled:
        return None
    queue = _queue(site, plan)
    objects = _objects(site, plan)
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
            store=services.secrets.store,
            values=_remotes(site.context, plan, queue),
            issuer=services.certificates.internal_issuer,
        ),
        opts=site.opts(services.secrets, services.certificates),
    )
    args = AutomationArgs(
        namespace=namespace.namespace,
        pods=PodArgs(
            image=site.image("n8n"),
            runner_image=site.image("n8n-runners"),
            service_account=SERVICE_ACCOUNT,
            packages_claim=CLAIM,
            priority_classes={Role.MAIN: SERVING, Role.WEBHOOK: SERVING, Role.WORKER: WORKING},
            agent_image=site.image("new-relic-agent") if watches_n8n(site, "new_relic") else None,
            optional_secrets=watched_secrets(site),
        ),
        told=_told(site, plan, queue, pooling, objects),
        profile=plan.profile,
        mains=_replicas(plan.mains),
        webhooks=_replicas(plan.webhook_processors),
        workers=_replicas(plan.workers),
        standby=plan.standby,
        allow_next_major=plan.allow_next_major,
    )
    redelivery = Redelivery("automation-redelivery", site.context, RedeliveryArgs(namespace=namespace.namespace), opts=site.opts())
    ready = [services.priorities, packages, credentials, redelivery, pooling.pooler, *_flows(site), *_object_access(site, objects), *after]
    processes = Automation(NAMESPACE, site.context, args, opts=site.opts(*ready))
    scaling = {role: args.replicas(role) for role in Role if args.scales(role)}
    if scaling:
        scaled = AutomationScalingArgs(namespace=namespace.namespace, queue=args.told.queue, roles=scaling, concurrency=plan.concurrency)
        AutomationScaling("automation-scaling", site.context, scaled, opts=site.opts(services.scaling, processes))
    _entry(site, services, namespace.namespace, processes)
    _export(site, plan, args.told, namespace.namespace, ready)
    return queue


def _entry(site: ClusterSite, services: ClusterServices, namespace: pulumi.Input[str], processes: Automation) -> None:
    region = site.region
    WebhookEntry(
        "automation-entry",
        site.context,
        WebhookEntryArgs(
            namespace=namespace,
            listener_arn=region.load_balancer_listener_arn,
            target_group_arn=region.load_balancer_target_group_arn,
            vpc_id=region.vpc_id,
            service=processes.webhook_service,
        ),
        opts=site.opts(services.targets, processes),
    )


def _export(
    site: ClusterSite, plan: AutomationPlan, told: EnvironmentArgs, namespace: pulumi.Input[str], ready: list[pulumi.Resource]
) -> None:
    bucket, key = bucket_arn(site.context, BACKUPS), site.foundation.keys.personal_arn
    identity = site.identity(
        "automation-export-identity",
        namespace=NAMESPACE,
        service_account=EXPORT_ACCOUNT,
        policy=export_policy(site.context, bucket, key),
    )
    site.to_aws("automation-export", Pods(namespace=NAMESPACE, match=EXPORT_PODS))
    WorkflowExport(
        "automation-export",
        site.context,
        WorkflowExportArgs(
            namespace=namespace,
            image=site.image("n8n"),
            uploader_image=site.image("aws-cli"),
            told=told,
            bucket=site.region.backups_bucket,
            alert_topic_arn=site.region.alert_topic_arn,
            schedule=plan.export.schedule,
            suspended=plan.standby,
            priority_class=BATCH,
        ),
        opts=site.opts(identity, *ready),
    )


def _objects(site: ClusterSite, plan: AutomationPlan) -> Bucket | None:
    """Return the bucket of binary data; n8n leaves it to the bucket to delete what is old."""
    if plan.profile != "enterprise":
        return None
    return Bucket(
        OBJECTS,
        site.context,
        BucketArgs(
            data_class=DataClass.PERSONAL,
            key_arn=site.foundation.keys.personal_arn,
            log_bucket=site.foundation.logs.name,
            expire_after_days=plan.kept_hours // 24 + 2,
            protect=site.settings.plan.protect,
        ),
    )


def _object_access(site: ClusterSite, objects: Bucket | None) -> list[pulumi.Resource]:
    if objects is None:
        return []
    site.flow("automation-to-identity", Pods(namespace=NAMESPACE, match=EVERY_ROLE), Addresses(cidrs=(IDENTITY_AGENT,)), [IDENTITY_PORT])
    policy = objects_policy(site.context, bucket_arn(site.context, OBJECTS), site.foundation.keys.personal_arn)
    return [site.identity("automation-identity", namespace=NAMESPACE, service_account=SERVICE_ACCOUNT, policy=policy)]


def objects_policy(context: Context, bucket: str, key_arn: pulumi.Input[str]) -> Document:
    """Return what n8n may do with the bucket of binary data: all that concerns its objects, and nothing about the bucket.

    Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/scaling/use-external-storage
    """
    via = {"StringEquals": {"kms:ViaService": f"s3.{context.region.value}.amazonaws.com"}}
    return document(
        allow("s3:GetObject", "s3:PutObject", "s3:DeleteObject", on=[f"{bucket}/*"], sid="KeepObjects"),
        allow("s3:ListBucket", on=[bucket], sid="FindThem"),
        allow("kms:GenerateDataKey", "kms:Decrypt", on=[key_arn], when=via, sid="EncryptThem"),
    )


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


def _told(site: ClusterSite, plan: AutomationPlan, queue: QueueCache, pooling: Pooling, objects: Bucket | None) -> EnvironmentArgs:
    load = Load(executions_per_day=plan.executions_per_day, seconds_per_execution=plan.seconds_per_execution)
    return EnvironmentArgs(
        # Whoever signed n8n's own certificate signed the pooler's.
        database=DatabaseAccess(host=pooling.host, port=PORT, pool_size=plan.pool_size, ca_secret=CERTIFICATE_SECRET),
        queue=QueueAccess(host=queue.endpoint, port=QUEUE_PORT),
        webhook_url=f"https://{webhook_host(site.context.region, site.settings.domain)}/",
        owner_email=plan.owner_email,
        time_zone=plan.time_zone,
        licensed=plan.licence is not None,
        mains=plan.mains.max,
        objects=None if objects is None else ObjectStore(bucket=objects.name, region=site.context.region.value),
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
            made.append(site.flow(f"automation-{role.value}-metrics", monitoring, _pods(role), [N8N_PORT]))
    return made
