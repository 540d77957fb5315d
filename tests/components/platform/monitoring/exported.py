"""Metrics that exporters really show, each list from its maker's own source, read on 2026-11-22 (D6).

A metric is added here after it was seen there, and not because a query wants it.
"""

import re
from collections.abc import Iterable

NODE_EXPORTER = {
    "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
}
"""https://github.com/prometheus/node_exporter/tree/v1.12.1/collector (cpu_linux.go, filesystem_common.go, meminfo_linux.go)"""

KUBE_STATE_METRICS = {
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_available",
    "kube_horizontalpodautoscaler_spec_max_replicas",
    "kube_horizontalpodautoscaler_status_current_replicas",
    "kube_job_status_failed",
    "kube_node_status_condition",
    "kube_pod_container_status_restarts_total",
    "kube_pod_info",
    "kube_resourcequota",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
}
"""https://github.com/kubernetes/kube-state-metrics/tree/v2.20.0/docs/metrics"""

KUBELET = {"kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"}
"""https://kubernetes.io/docs/reference/instrumentation/metrics/"""

POSTGRES_EXPORTER = {
    "pg_database_size_bytes",
    "pg_long_running_transactions_oldest_timestamp_seconds",
    "pg_replication_is_replica",
    "pg_replication_lag_seconds",
    "pg_settings_max_connections",
    "pg_stat_activity_count",
    "pg_stat_database_xact_commit",
    "pg_stat_database_xact_rollback",
    "pg_up",
}
"""https://github.com/prometheus-community/postgres_exporter/tree/v0.20.1/collector, and exporter/postgres_exporter.go for `up`"""

REDIS_EXPORTER = {
    "redis_commands_processed_total",
    "redis_connected_clients",
    "redis_memory_max_bytes",
    "redis_memory_used_bytes",
    "redis_up",
}
"""https://github.com/oliver006/redis_exporter/blob/v1.89.0/exporter/exporter.go"""

BLACKBOX_EXPORTER = {"probe_duration_seconds", "probe_success"}
"""https://github.com/prometheus/blackbox_exporter/blob/v0.28.0/prober/handler.go"""

N8N = {
    "n8n_instance_role_leader",
    "n8n_nodejs_eventloop_lag_p99_seconds",
    "n8n_scaling_mode_queue_jobs_active",
    "n8n_scaling_mode_queue_jobs_completed",
    "n8n_scaling_mode_queue_jobs_waiting",
    "n8n_version_info",
    "n8n_workflow_execution_duration_seconds_bucket",
    "n8n_workflow_execution_duration_seconds_count",
    "n8n_workflow_execution_duration_seconds_sum",
}
"""Served by n8n 2.40.5 itself; https://github.com/n8n-io/n8n/tree/master/packages/cli/src/metrics/prometheus"""

CERT_MANAGER = {"certmanager_certificate_expiration_timestamp_seconds"}
"""https://cert-manager.io/docs/devops-tips/prometheus-metrics/"""

MONITORING = {
    "ALERTS",
    "alertmanager_cluster_members",
    "alertmanager_notifications_failed_total",
    "alertmanager_notifications_total",
    "prometheus_rule_evaluation_failures_total",
    "prometheus_target_scrapes_exceeded_sample_limit_total",
    "prometheus_tsdb_head_series",
    "up",
    "yace_cloudwatch_request_errors",
}
"""https://github.com/prometheus/prometheus/tree/v3.14.0, https://github.com/prometheus/alertmanager/tree/v0.34.0 (cluster, notify),
https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/v0.67.0/pkg/promutil/prometheus.go"""

CLOUDWATCH = {
    "AWS/ApplicationELB": {
        "ActiveConnectionCount",
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_4XX_Count",
        "HTTPCode_Target_5XX_Count",
        "RequestCount",
        "TargetResponseTime",
    },
    "AWS/RDS": {"CPUUtilization", "FreeStorageSpace", "ReplicaLag"},
    "AWS/ElastiCache": {"CurrConnections", "DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "Evictions", "ReplicationLag"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
}
"""Metrics of AWS's services, from each service's own page; the pages are named in `cloudwatch_exporter.JOBS`."""

KNOWN = (
    NODE_EXPORTER | KUBE_STATE_METRICS | KUBELET | POSTGRES_EXPORTER | REDIS_EXPORTER | BLACKBOX_EXPORTER | N8N | CERT_MANAGER | MONITORING
)


def cloudwatch_name(service: str, metric: str, statistic: str) -> str:
    """Return how the exporter calls a metric of CloudWatch.

    Source: https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/v0.67.0/pkg/promutil/migrate.go
    """
    return "_".join([service.lower().replace("/", "_"), _snake(metric), _snake(statistic)])


def cloudwatch_names(read: Iterable[tuple[str, str, str]]) -> set[str]:
    """Return the names of what the exporter reads and CloudWatch has."""
    return {cloudwatch_name(service, metric, statistic) for service, metric, statistic in read if metric in CLOUDWATCH.get(service, set())}


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
