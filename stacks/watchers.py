"""Services of others that watch a region: New Relic and Sentry in n8n, Datadog on nodes, UptimeRobot from outside (OBS-5, D10)."""

from typing import Literal

from components.edge.webhook_delivery import webhook_host
from components.platform.monitoring.credentials import Credentials, CredentialsArgs, Source
from components.platform.monitoring.datadog_agents import KEY as DATADOG_KEY
from components.platform.monitoring.datadog_agents import DatadogAgents, DatadogAgentsArgs
from components.platform.monitoring.scrape import NAMESPACE
from components.platform.monitoring.uptime_checks import KEY, Check, UptimeChecks, UptimeChecksArgs
from components.platform.priority_classes import PLATFORM
from components.products.automation.watched import NEW_RELIC_SECRET, SENTRY_SECRET, new_relic_variables, sentry_variables
from config.load import ROOT
from config.vocabulary import Environment
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

AUTOMATION, NODE_AGENTS, DATADOG = "automation", "node-agents", "datadog"
_PROGRAM = ROOT / "services" / "uptime_robot" / "reconcile.py"
Watcher = Literal["new_relic", "sentry"]
_SECRETS: dict[Watcher, str] = {"new_relic": NEW_RELIC_SECRET, "sentry": SENTRY_SECRET}


def watches_n8n(site: ClusterSite, watcher: Watcher) -> bool:
    """Return whether a service watches n8n's own processes."""
    monitoring = site.plan.monitoring
    return monitoring.enabled and site.plan.automation.enabled and bool(getattr(monitoring.watchers, watcher).enabled)


def watched_secrets(site: ClusterSite) -> tuple[str, ...]:
    """Return the secrets by which n8n's processes know who watches them; without a value they run unwatched."""
    return tuple(secret for watcher, secret in _SECRETS.items() if watches_n8n(site, watcher))


def build_watchers(site: ClusterSite, services: ClusterServices) -> None:
    """Build what the plan has of them."""
    watchers, environment = site.plan.monitoring.watchers, site.context.environment.value
    if watches_n8n(site, "new_relic"):
        told = new_relic_variables(watchers.new_relic.site, environment)
        values = {"NEW_RELIC_LICENSE_KEY": Source(secret=site.context.physical("new-relic"), key="license_key")}
        _secret(site, services, "new-relic", (AUTOMATION, NEW_RELIC_SECRET), values, told)
    if watches_n8n(site, "sentry"):
        values = {"N8N_SENTRY_DSN": Source(secret=site.context.physical("sentry"), key="dsn")}
        _secret(site, services, "sentry", (AUTOMATION, SENTRY_SECRET), values, sentry_variables(environment))
    if watchers.datadog.enabled:
        _datadog(site, services)
    # Its key is the hub's alone: one place says what is checked, of all regions.
    if watchers.uptime_robot.enabled and site.settings.plan.hub:
        _uptime(site, services)


def _secret(  # noqa: PLR0917 - a step of this file alone
    site: ClusterSite, services: ClusterServices, name: str, place: tuple[str, str], values: dict[str, Source], told: dict[str, str]
) -> Credentials:
    """Bring values into a secret; `place` is its namespace and name, `told` what stands beside them."""
    namespace, secret = place
    return Credentials(
        f"{name}-credentials",
        site.context,
        CredentialsArgs(namespace=namespace, secret=secret, store=services.secrets.store, values=values, template=told),
        opts=site.opts(site.namespace(namespace), services.secrets),
    )


def _datadog(site: ClusterSite, services: ClusterServices) -> None:
    values = {DATADOG_KEY: Source(secret=site.context.physical("datadog"), key="api_key")}
    key = _secret(site, services, "datadog", (NODE_AGENTS, DATADOG), values, {})
    DatadogAgents(
        "datadog",
        site.context,
        DatadogAgentsArgs(
            chart=site.chart("datadog-chart"),
            agent_image=site.image("datadog-agent"),
            cluster_agent_image=site.image("datadog-cluster-agent"),
            namespace=NODE_AGENTS,
            site=site.plan.monitoring.watchers.datadog.site,
            secret=DATADOG,
            cluster_name=site.cluster_name,
            environment=site.context.environment.value,
            priority_class=PLATFORM,
            kubernetes_api=site.kubernetes_api,
            nodes=site.control_plane,
        ),
        opts=site.opts(site.namespace(NODE_AGENTS), services.priorities, key),
    )


def _uptime(site: ClusterSite, services: ClusterServices) -> None:
    values = {KEY: Source(secret=site.context.physical("uptimerobot"), key="api_key")}
    key = _secret(site, services, "uptime-robot", (NAMESPACE, "uptime-robot"), values, {})
    UptimeChecks(
        "uptime-checks",
        site.context,
        UptimeChecksArgs(image=site.image("python"), program=_PROGRAM.read_text(encoding="utf-8"), secret=key.secret, checks=checks(site)),
        opts=site.opts(site.namespace(NAMESPACE), key),
    )


def checks(site: ClusterSite) -> dict[str, Check]:
    """Return the public addresses of all regions: the web, and each region's webhooks.

    A webhook that nobody made answers 404, which shows that n8n is there behind CDN and load balancer.
    """
    settings, domain = site.settings, site.settings.domain
    regions = sorted(plan.region for plan in settings.estate.plans.values() if plan.environment is Environment.PRODUCTION)
    hooks = {f"webhooks {region}": Check(url=f"https://{webhook_host(region, domain)}/webhook/none", up=(200, 404)) for region in regions}
    return {"web": Check(url=f"https://{domain}"), **hooks}
