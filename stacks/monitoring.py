"""What watches a region's cluster: the operator's stack, exporters, rules, dashboards and routes of alerts (OBS-1 to OBS-3, OBS-6)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components._base import allow, document
from components.data.queue_cache import QueueCache
from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.flow import Addresses
from components.platform.monitoring.alert_rules import AlertRules, AlertRulesArgs
from components.platform.monitoring.alertmanager import (
    HEARTBEAT_FILE,
    SLACK_FILE,
    SMTP_FILE,
    alertmanager_config,
)
from components.platform.monitoring.api_probes import ApiProbes, ApiProbesArgs
from components.platform.monitoring.cloudwatch_exporter import NAME as CLOUDWATCH
from components.platform.monitoring.cloudwatch_exporter import cloudwatch_exporter, cloudwatch_policy
from components.platform.monitoring.credentials import Credentials, CredentialsArgs, Source
from components.platform.monitoring.dashboard_page import DashboardPage, DashboardPageArgs
from components.platform.monitoring.executive_dashboard import executive_dashboard
from components.platform.monitoring.exporter import Exporter
from components.platform.monitoring.monitoring_stack import MonitoringStack, MonitoringStackArgs
from components.platform.monitoring.scrape import NAMESPACE
from components.platform.monitoring.sizing import Load
from components.platform.monitoring.stack_values import (
    ALERTMANAGER_ACCOUNT,
    CREDENTIALS,
    GRAFANA_ADMIN,
    StackFacts,
    StackImages,
    StackSizes,
)
from components.platform.monitoring.store_exporters import (
    ADDRESS,
    PASSWORD,
    ROLE,
    Store,
    business_exporter,
    postgres_exporter,
    redis_exporter,
)
from components.platform.monitoring.technical_dashboard import technical_dashboard
from components.platform.monitoring.tenant_dashboard import tenant_dashboard
from components.platform.priority_classes import PLATFORM
from components.platform.storage_class import GP3, StorageClass
from config.models import RegionPlan
from stacks.alerting import objectives_of, routing, rule_groups, runbooks, topic_arn
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

DATABASE = "morefocus"
"""The database component's default."""
NODE_AGENTS = "node-agents"


@dataclass(frozen=True, kw_only=True, slots=True)
class Monitoring:
    """What others wait for before they say what of theirs is to be read."""

    stack: MonitoringStack

    @property
    def kinds(self) -> pulumi.Resource:
        """The definitions of monitors and rules."""
        return self.stack.kinds


def build_monitoring(site: ClusterSite, services: ClusterServices, storage: StorageClass) -> Monitoring:
    """Build it; what of others is to be read is said with what this returns."""
    plan = site.plan.monitoring
    # Everything of monitoring stands in these two, which are there before it.
    spaces = (site.namespace(NAMESPACE), site.namespace(NODE_AGENTS))
    credentials = _credentials(site, services, after=spaces[0])
    stack = MonitoringStack(
        "monitoring",
        site.context,
        _stack_args(site),
        opts=site.opts(*spaces, storage, services.certificates, services.priorities, *credentials),
    )
    _identity(site)
    rules = AlertRulesArgs(namespace=NAMESPACE, groups=rule_groups(site.settings), runbooks=runbooks(site.settings))
    AlertRules("rules", site.context, rules, opts=site.opts(stack.kinds))
    objectives = objectives_of(plan)
    for page in (executive_dashboard(objectives), technical_dashboard(objectives)):
        DashboardPage(f"dashboard-{page.uid}", site.context, DashboardPageArgs(dashboard=page), opts=site.opts(spaces[0]))
    _tenant_pages(site, after=spaces[0])
    _exporters(site, services, stack)
    if plan.external_apis:
        probes = ApiProbesArgs(image=site.image("blackbox-exporter"), apis=plan.external_apis)
        ApiProbes("api-probes", site.context, probes, opts=site.opts(stack.kinds))
    return Monitoring(stack=stack)


def _tenant_pages(site: ClusterSite, *, after: pulumi.Resource) -> None:
    for tenant in site.settings.tenants:
        page = DashboardPageArgs(dashboard=tenant_dashboard(tenant.name, tenant.namespace), tenant=tenant.name)
        DashboardPage(f"{tenant.namespace}-dashboard", site.context, page, opts=site.opts(after))


def watch_queue(site: ClusterSite, services: ClusterServices, monitoring: Monitoring, queue: QueueCache) -> None:
    """Read n8n's queue too."""
    password = _password(site, services, "queue-exporter", queue.secret_arn)
    store = Store(label="queue", host=queue.endpoint, subnets=_data(site.settings.plan), secret=password.secret)
    Exporter(
        "queue-exporter", site.context, redis_exporter(site.image("redis-exporter"), store), opts=site.opts(monitoring.kinds, password)
    )


def _stack_args(site: ClusterSite) -> MonitoringStackArgs:
    return MonitoringStackArgs(
        definitions=site.chart("prometheus-operator-crds-chart"),
        chart=site.chart("kube-prometheus-stack-chart"),
        facts=StackFacts(
            images=StackImages(
                operator=site.image("prometheus-operator"),
                reloader=site.image("prometheus-config-reloader"),
                prometheus=site.image("prometheus"),
                alertmanager=site.image("alertmanager"),
                grafana=site.image("grafana"),
                sidecar=site.image("grafana-sidecar"),
                node_exporter=site.image("node-exporter"),
                kube_state_metrics=site.image("kube-state-metrics"),
            ),
            sizes=sizes(site.settings.plan),
            alertmanager=alertmanager_config(routing(site)),
            external_labels={"region": site.context.region.value, "environment": site.context.environment.value},
            storage_class=GP3,
            node_namespace=NODE_AGENTS,
            priority_class=PLATFORM,
            replicas=site.plan.monitoring.replicas,
        ),
        kubernetes_api=site.kubernetes_api,
        control_plane=site.control_plane,
        nodes=site.control_plane,
        smtp_port=site.plan.monitoring.mail.port,
    )


def sizes(plan: RegionPlan) -> StackSizes:
    """Return what Prometheus needs when the cluster has as many nodes as it may."""
    monitoring = plan.platform.monitoring
    load = Load(
        nodes=plan.cluster.standard.max + plan.cluster.intensive.max,
        pods_per_node=monitoring.pods_per_node,
        automation_pods=monitoring.automation_pods,
        retention_days=monitoring.retention_days,
    )
    return StackSizes(retention_days=monitoring.retention_days, volume_gib=load.volume_gib, memory_mib=load.memory_mib)


def _identity(site: ClusterSite) -> None:
    """Alertmanager publishes to the alert topic; the exporter reads CloudWatch; neither does anything else in AWS."""
    topic = document(
        allow("sns:Publish", on=[topic_arn(site)], sid="TellPeople"),
        allow(
            *("kms:Decrypt", "kms:GenerateDataKey"),
            on=[site.foundation.keys.operational_arn],
            when={"StringEquals": {"kms:ViaService": f"sns.{site.context.region.value}.amazonaws.com"}},
            sid="EncryptWhatTheyAreTold",
        ),
    )
    site.identity("alertmanager-identity", namespace=NAMESPACE, service_account=ALERTMANAGER_ACCOUNT, policy=topic)
    site.identity("cloudwatch-identity", namespace=NAMESPACE, service_account=CLOUDWATCH, policy=cloudwatch_policy())


def _credentials(site: ClusterSite, services: ClusterServices, *, after: pulumi.Resource) -> list[Credentials]:
    physical = site.context.physical
    alerts = {
        SLACK_FILE: Source(secret=physical("alertmanager-slack"), key="webhook_url"),
        SMTP_FILE: Source(secret=physical("alertmanager-smtp"), key="password"),
        HEARTBEAT_FILE: Source(secret=physical("dead-man-switch"), key="ping_url"),
    }
    admin = {"admin-password": Source(secret=physical("grafana-admin"), key="password")}
    made: tuple[tuple[str, str, dict[str, Source], dict[str, str]], ...] = (
        ("alertmanager-credentials", CREDENTIALS, alerts, {}),
        ("grafana-credentials", GRAFANA_ADMIN, admin, {"admin-user": "admin"}),
    )
    return [
        Credentials(
            name,
            site.context,
            CredentialsArgs(namespace=NAMESPACE, secret=secret, store=services.secrets.store, values=values, template=template),
            opts=site.opts(after, services.secrets),
        )
        for name, secret, values, template in made
    ]


def _password(
    site: ClusterSite,
    services: ClusterServices,
    name: str,
    secret: pulumi.Input[str],
    template: Mapping[str, pulumi.Input[str]] | None = None,
) -> Credentials:
    return Credentials(
        f"{name}-credentials",
        site.context,
        CredentialsArgs(
            namespace=NAMESPACE,
            secret=f"{name}-credentials",
            store=services.secrets.store,
            values={PASSWORD: Source(secret=secret, key="password")},
            template=template or {},
        ),
        opts=site.opts(site.namespace(NAMESPACE), services.secrets),
    )


def _data(plan: RegionPlan) -> Addresses:
    return Addresses(cidrs=(SubnetPlan(str(plan.network.cidr), plan.network.zones).block(SubnetTier.ISOLATED),))


def _exporters(site: ClusterSite, services: ClusterServices, stack: MonitoringStack) -> None:
    plan = site.settings.plan
    primary = site.region.database_endpoint
    role = site.context.physical("database-exporter")
    password = _password(site, services, "postgres-exporter", role)
    replicas = pulumi.Output.from_input(site.region.database_replica_endpoints)
    hosts: dict[str, pulumi.Input[str]] = {"primary": primary}
    for order, zone in enumerate(plan.network.zones[: plan.database.replicas]):
        hosts[f"replica-{zone[-1]}"] = replicas.apply(lambda found, order=order: str(found[order]))  # type: ignore[misc]
    for label, host in hosts.items():
        store = Store(label=label, host=host, subnets=_data(plan), secret=password.secret)
        args = postgres_exporter(site.image("postgres-exporter"), store, DATABASE)
        Exporter(f"postgres-{label}", site.context, args, opts=site.opts(stack.kinds, password))
    address = pulumi.Output.concat(f"postgres://{ROLE}:{{{{ .{PASSWORD} | urlquery }}}}@", primary, f":5432/{DATABASE}?sslmode=require")
    dsn = _password(site, services, "business-exporter", role, {ADDRESS: address})
    business = Store(label="primary", host=primary, subnets=_data(plan), secret=dsn.secret)
    Exporter("business-exporter", site.context, business_exporter(site.image("sql-exporter"), business), opts=site.opts(stack.kinds, dsn))
    cloudwatch = cloudwatch_exporter(site.image("cloudwatch-exporter"), site.context)
    Exporter(CLOUDWATCH, site.context, cloudwatch, opts=site.opts(stack.kinds))
