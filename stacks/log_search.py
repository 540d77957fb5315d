"""Search over a region's logs: its operator, what reads, cleans, keeps and shows them, and its snapshots (OBS-4, COM-2)."""

import pulumi

from components.data.bucket import Bucket, BucketArgs
from components.platform.certificate_issuers import INTERNAL
from components.platform.flow import Pods
from components.platform.logs import names
from components.platform.logs.elasticsearch import SERVICE_ACCOUNT, LogSearch, LogSearchArgs
from components.platform.logs.filebeat import LogShipper, LogShipperArgs
from components.platform.logs.kibana import LogView, LogViewArgs
from components.platform.logs.logstash import LogIntake, LogIntakeArgs
from components.platform.logs.operator import LogOperator, LogOperatorArgs
from components.platform.logs.pipeline import PORT
from components.platform.logs.secrets import LogSecrets, LogSecretsArgs, Remote
from components.platform.logs.settings import LogSettings, LogSettingsArgs, snapshot_role_policy
from components.platform.logs.sizing import Tiers, tiers
from components.platform.logs.streams import Lifecycle, Stream
from components.platform.priority_classes import BATCH, PLATFORM
from components.platform.secret_store import STORE
from components.platform.storage_class import GP3, StorageClass
from config.platform.logs import LogsPlan, StreamPlan
from config.vocabulary import DataClass
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

SNAPSHOTS = "log-snapshots"
"""The bucket's name."""
_ROWS = {
    names.SETTINGS_USER: ("elasticsearch-elastic", "password"),
    names.READER: ("log-reader", "password"),
    names.AUDITOR: ("log-auditor", "password"),
}
"""User to the row of the catalogue of secrets that holds its password, and the key there."""


def build_log_search(site: ClusterSite, services: ClusterServices, storage: StorageClass) -> None:
    """Build it. Kibana has no way in from outside: people come by VPN (docs/guides/log-search.md)."""
    context, plan = site.context, site.plan.logs
    namespace, shippers = site.namespace(names.NAMESPACE), site.namespace(names.SHIPPERS_NAMESPACE)
    ways = _flows(site, namespace.namespace, shippers.namespace)
    operator = LogOperator(
        "log-operator",
        context,
        LogOperatorArgs(
            chart=site.chart("eck-operator-chart"),
            image=site.image("eck-operator"),
            namespace=namespace.namespace,
            priority_class=PLATFORM,
        ),
        opts=site.opts(services.priorities, *ways),
    )
    secrets = _secrets(site, services, namespace.namespace, shippers.namespace)
    streams = lifecycles(plan)
    identity = _snapshots(site)
    after = (operator, secrets, storage, identity)
    search = LogSearch(
        "log-search",
        context,
        LogSearchArgs(
            namespace=namespace.namespace,
            image=site.image("elasticsearch"),
            tiers=nodes(site),
            storage_class=GP3,
            priority_class=PLATFORM,
        ),
        opts=site.opts(*after),
    )
    view = LogViewArgs(namespace=namespace.namespace, image=site.image("kibana"), priority_class=PLATFORM)
    LogView("log-view", context, view, opts=site.opts(search))
    intake = LogIntakeArgs(namespace=namespace.namespace, image=site.image("logstash"), storage_class=GP3, priority_class=PLATFORM)
    taken = LogIntake("log-intake", context, intake, opts=site.opts(search))
    shipper = LogShipperArgs(namespace=shippers.namespace, image=site.image("filebeat"), priority_class=PLATFORM)
    LogShipper("log-shipper", context, shipper, opts=site.opts(taken))
    LogSettings(
        "log-settings",
        context,
        LogSettingsArgs(
            namespace=namespace.namespace,
            image=site.image("elasticsearch"),
            streams=streams,
            bucket=context.physical(SNAPSHOTS),
            priority_class=BATCH,
        ),
        opts=site.opts(search),
    )


def lifecycles(plan: LogsPlan) -> dict[Stream, Lifecycle]:
    """Return how long each stream is kept."""
    plans: dict[Stream, StreamPlan] = {Stream.AUDIT: plan.audit, Stream.APPLICATION: plan.application, Stream.PLATFORM: plan.platform}
    return {
        stream: Lifecycle(daily_gb=each.daily_gb, hot_days=each.hot_days, delete_days=each.delete_days) for stream, each in plans.items()
    }


def nodes(site: ClusterSite) -> Tiers:
    """Return how many nodes the stack's logs take."""
    plan, zones = site.plan.logs, len(site.settings.plan.network.zones)
    return tiers(lifecycles(plan), zones=zones, hot_disk_gb=plan.hot_disk_gb, warm_disk_gb=plan.warm_disk_gb)


def _secrets(site: ClusterSite, services: ClusterServices, namespace: pulumi.Input[str], shippers: pulumi.Input[str]) -> LogSecrets:
    def remote(row: str, key: str) -> Remote:
        return Remote(secret=site.context.physical(row), key=key)

    return LogSecrets(
        "log-secrets",
        site.context,
        LogSecretsArgs(
            namespace=namespace,
            shippers_namespace=shippers,
            store=STORE,
            issuer=INTERNAL,
            passwords={user: remote(*row) for user, row in _ROWS.items()},
            anonymisation=remote("anonymisation-salt", "salt"),
            kibana=remote("kibana-encryption", "key"),
        ),
        opts=site.opts(services.secrets, services.certificates),
    )


def _snapshots(site: ClusterSite) -> pulumi.Resource:
    """Build the bucket, and the role of Elasticsearch's pods that keeps snapshots there."""
    context, keys = site.context, site.foundation.keys
    Bucket(
        SNAPSHOTS,
        context,
        BucketArgs(
            data_class=DataClass.LOGS,
            key_arn=keys.logs_arn,
            log_bucket=site.foundation.logs.name,
            # Elasticsearch deletes what has expired; a version that somebody else deleted can be brought back.
            noncurrent_days=14,
            protect=site.settings.plan.protect,
        ),
    )
    policy = snapshot_role_policy(context, context.physical(SNAPSHOTS), keys.logs_arn)
    return site.identity("log-search-identity", namespace=names.NAMESPACE, service_account=SERVICE_ACCOUNT, policy=policy)


def _flows(site: ClusterSite, namespace: pulumi.Input[str], shippers: pulumi.Input[str]) -> list[pulumi.Resource]:
    """A line's way: Filebeat, Logstash, Elasticsearch, Kibana; and what the operator and the job of settings need."""
    search, operator = Pods(namespace=namespace, match=names.ELASTICSEARCH_PODS), Pods(namespace=namespace, match=names.OPERATOR_PODS)
    intake, view = Pods(namespace=namespace, match=names.LOGSTASH_PODS), Pods(namespace=namespace, match=names.KIBANA_PODS)
    settings, beats = Pods(namespace=namespace, match=names.SETTINGS_PODS), Pods(namespace=shippers, match=names.FILEBEAT_PODS)
    site.to_aws("log-search", search)
    return [
        site.to_kubernetes("log-operator", operator),
        site.from_kubernetes("log-operator", operator, [names.WEBHOOK_PORT]),
        site.to_kubernetes("log-shipper", beats),
        site.flow("log-shipper-to-intake", beats, intake, [PORT]),
        site.flow("log-search-among-nodes", search, search, [names.SEARCH_PORT, names.TRANSPORT_PORT]),
        *(
            site.flow(f"{name}-to-search", source, search, [names.SEARCH_PORT])
            for name, source in {"log-intake": intake, "log-view": view, "log-settings": settings, "log-operator": operator}.items()
        ),
    ]
