"""What operators look at: requests, n8n, stores, nodes and monitoring itself (OBS-1 to OBS-3)."""

from components.platform.monitoring.automation_rules import ERROR_PERCENT
from components.platform.monitoring.dashboard import Dashboard, Panel, Query, Row
from components.platform.monitoring.node_rules import CPU_PERCENT, MEMORY_PERCENT
from components.platform.monitoring.objective_rules import Objectives


def technical_dashboard(objectives: Objectives) -> Dashboard:
    """Return the page for those who run the platform, over the last hours."""
    rows = [_requests(objectives), _automation(), _database(), _caches(), _nodes(), _watching()]
    return Dashboard(uid="technical", title="Technical", folder="Technical", rows=rows)


def _drawn(title: str, unit: str, *queries: Query, limits: tuple[tuple[float, str], ...] = ()) -> Panel:
    return Panel(title=title, kind="timeseries", unit=unit, queries=queries, limits=limits, width=8)


def _requests(objectives: Objectives) -> Row:
    return Row(
        title="Requests",
        panels=[
            _drawn("Requests a second", "reqps", Query(expr="slo:requests:per_minute / 60", legend="requests")),
            _drawn("Errors", "percentunit", Query(expr="slo:availability:error_ratio5m", legend="5 minutes")),
            _drawn(
                "95th percentile",
                "s",
                Query(expr="slo:latency_seconds:p95", legend="p95"),
                limits=((objectives.p95_seconds, "red"),),
            ),
        ],
    )


def _automation() -> Row:
    by = "{{namespace}} {{tenant}}"
    return Row(
        title="n8n",
        panels=[
            _drawn("Executions a second", "ops", Query(expr="automation:executions:rate5m", legend=by)),
            _drawn("Failed", "percent", Query(expr="automation:failures:percent", legend=by), limits=((ERROR_PERCENT, "red"),)),
            _drawn(
                "Time of an execution",
                "s",
                Query(expr="automation:execution_seconds:p95", legend=f"p95 {by}"),
                Query(expr="automation:execution_seconds:mean", legend=f"mean {by}"),
            ),
            _drawn(
                "Jobs",
                "short",
                Query(expr="automation:queue_waiting:max", legend=f"waiting {by}"),
                Query(expr="automation:queue_active:max", legend=f"active {by}"),
            ),
            _drawn("Event loop, p99", "s", Query(expr="n8n_nodejs_eventloop_lag_p99_seconds", legend="{{pod}}")),
            _drawn("APIs of others", "s", Query(expr="external_api:latency_seconds:mean5m", legend="{{api}}")),
        ],
    )


def _database() -> Row:
    return Row(
        title="PostgreSQL",
        panels=[
            _drawn("Connections", "short", Query(expr="database:connections:sum", legend="{{database}}"), limits=((80, "red"),)),
            _drawn("Replication lag", "s", Query(expr="pg_replication_lag_seconds", legend="{{database}}")),
            _drawn(
                "Transactions a second",
                "ops",
                Query(expr="sum by (database) (rate(pg_stat_database_xact_commit[5m]))", legend="{{database}} committed"),
                Query(expr="sum by (database) (rate(pg_stat_database_xact_rollback[5m]))", legend="{{database}} rolled back"),
            ),
            _drawn(
                "Processor",
                "percent",
                Query(expr="aws_rds_cpuutilization_average", legend="{{dimension_DBInstanceIdentifier}}"),
            ),
            _drawn("Storage left", "bytes", Query(expr="aws_rds_free_storage_space_minimum", legend="{{dimension_DBInstanceIdentifier}}")),
            _drawn("Size", "bytes", Query(expr="sum by (database, datname) (pg_database_size_bytes)", legend="{{database}} {{datname}}")),
        ],
    )


def _caches() -> Row:
    node = "{{dimension_CacheClusterId}}"
    return Row(
        title="Redis",
        panels=[
            _drawn("Cache: memory", "percent", Query(expr="aws_elasticache_database_memory_usage_percentage_maximum", legend=node)),
            _drawn("Cache: engine", "percent", Query(expr="aws_elasticache_engine_cpuutilization_maximum", legend=node)),
            _drawn("Cache: evicted a minute", "short", Query(expr="aws_elasticache_evictions_sum", legend=node)),
            _drawn("Queue: memory", "bytes", Query(expr='redis_memory_used_bytes{cache="queue"}', legend="used")),
            _drawn(
                "Queue: commands a second", "ops", Query(expr='rate(redis_commands_processed_total{cache="queue"}[5m])', legend="commands")
            ),
            _drawn("Queue: clients", "short", Query(expr='redis_connected_clients{cache="queue"}', legend="clients")),
        ],
    )


def _nodes() -> Row:
    return Row(
        title="Nodes and pods",
        panels=[
            _drawn("Processors", "percent", Query(expr="node:cpu_usage:percent", legend="{{node}}"), limits=((CPU_PERCENT, "orange"),)),
            _drawn("Memory", "percent", Query(expr="node:memory_usage:percent", legend="{{node}}"), limits=((MEMORY_PERCENT, "orange"),)),
            _drawn(
                "Restarts in an hour",
                "short",
                Query(
                    expr="topk(10, sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[1h])))",
                    legend="{{namespace}}/{{pod}}",
                ),
            ),
        ],
    )


def _watching() -> Row:
    return Row(
        title="Monitoring",
        panels=[
            _drawn("Series", "short", Query(expr="prometheus_tsdb_head_series", legend="{{pod}}")),
            _drawn("Targets that do not answer", "short", Query(expr="count by (job) (up == 0)", legend="{{job}}")),
            _drawn(
                "Told a second",
                "ops",
                Query(expr="sum by (integration) (rate(alertmanager_notifications_total[5m]))", legend="{{integration}}"),
                Query(expr="sum by (integration) (rate(alertmanager_notifications_failed_total[5m]))", legend="{{integration}} failed"),
            ),
        ],
    )
