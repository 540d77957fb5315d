"""Whose metrics are read beside those of monitoring's own exporters: of the platform, the poolers, Vault, the mesh and n8n (OBS-1)."""

from collections.abc import Iterator

from components.platform import cert_manager, cluster_autoscaler, external_dns, external_secrets, keda, load_balancer_controller
from components.platform.mesh.values import METRICS_PORT as CONTROL_PORT
from components.platform.mesh.values import NAME_LABEL as CONTROL_PLANE
from components.platform.mesh.values import PROXY_METRICS_PORT
from components.platform.monitoring.scrape import Scrape, ScrapeArgs
from components.platform.pooling.configuration import METRICS_PORT as POOLER_PORT
from components.platform.pooling.pooler import PODS as POOLERS
from components.platform.vault import names as vault
from components.products.automation.facts import Role
from stacks.automation import NAMESPACE as AUTOMATION
from stacks.monitoring import Monitoring
from stacks.pooling import NAMESPACE as POOLING
from stacks.site import ClusterSite

_NAME = "app.kubernetes.io/name"
_PROXIED = {"security.istio.io/tlsMode": "istio"}
"""Label that the mesh puts onto pods to which it adds a proxy."""


def build_scraping(site: ClusterSite, monitoring: Monitoring) -> None:
    """Say what is to be read, and let Prometheus reach it."""
    for name, args in scraped(site):
        Scrape(f"{name}-metrics", site.context, args, opts=site.opts(monitoring.kinds, site.namespace(args.namespace)))


def scraped(site: ClusterSite) -> Iterator[tuple[str, ScrapeArgs]]:
    """Yield what a stack runs that shows metrics, by a short name."""
    yield "cert-manager", _plain("cert-manager", cert_manager.CONTROLLER, cert_manager.METRICS_PORT)
    yield "external-secrets", _plain("external-secrets", external_secrets.CONTROLLER, external_secrets.METRICS_PORT)
    yield "external-dns", _plain("external-dns", {_NAME: external_dns.SERVICE_ACCOUNT}, external_dns.METRICS_PORT)
    yield "targets", _plain("load-balancing", {_NAME: load_balancer_controller.SERVICE_ACCOUNT}, load_balancer_controller.METRICS_PORT)
    yield "keda", _plain("keda", keda.OPERATOR, keda.METRICS_PORT)
    if site.plan.node_scaling.by != "none":
        pods = {"app.kubernetes.io/instance": cluster_autoscaler.SERVICE_ACCOUNT}
        yield "node-scaling", _plain("node-scaling", pods, cluster_autoscaler.METRICS_PORT)
    yield "pgbouncer", _plain(POOLING, POOLERS, POOLER_PORT)
    if site.plan.vault.enabled:
        path, params = "/v1/sys/metrics", {"format": "prometheus"}
        yield "vault", ScrapeArgs(namespace=vault.NAMESPACE, match=vault.SERVERS, port=vault.API_PORT, path=path, params=params, tls=True)
    if site.plan.mesh.enabled:
        yield "mesh", _plain("istio-system", CONTROL_PLANE, CONTROL_PORT)
    if site.plan.automation.enabled:
        for role in Role:
            # How long an execution took, and that it failed or stalled, is counted by the process that queued it: webhook processors too.
            tls = role is Role.WEBHOOK
            yield f"automation-{role.value}", ScrapeArgs(namespace=AUTOMATION, match=role.match, port=role.port, tls=tls)
        if site.plan.mesh.enabled:
            path = "/stats/prometheus"
            yield "automation-proxies", ScrapeArgs(namespace=AUTOMATION, match=_PROXIED, port=PROXY_METRICS_PORT, path=path)


def _plain(namespace: str, match: dict[str, str], port: int) -> ScrapeArgs:
    return ScrapeArgs(namespace=namespace, match=match, port=port)
