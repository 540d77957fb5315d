"""Nodes, pods and volumes: what is full, gone or failing (OBS-2, BDR-7)."""

from components.platform.monitoring.rule import Alert, Group, Record

CPU_PERCENT = 80
MEMORY_PERCENT = 85


def node_rules() -> Group:
    """Return the rules about nodes: processor and memory at the thresholds of OBS-2, on metrics of the node exporter (D6).

    Source: https://github.com/prometheus/node_exporter, https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics
    """
    return Group(
        name="nodes",
        rules=[
            Record(
                name="node:cpu_usage:percent",
                expr='100 * (1 - avg by (instance, node) (rate(node_cpu_seconds_total{mode="idle"}[5m])))',
            ),
            Record(
                name="node:memory_usage:percent",
                expr="100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
            ),
            Alert(
                name="HighCPUUsage",
                expr=f"node:cpu_usage:percent > {CPU_PERCENT}",
                hold="5m",
                severity="warning",
                summary="A node's processors are busy",
                description="{{ $labels.instance }} is at {{ $value | humanize }} % of its processors.",
            ),
            Alert(
                name="HighMemoryUsage",
                expr=f"node:memory_usage:percent > {MEMORY_PERCENT}",
                hold="5m",
                severity="warning",
                summary="A node's memory is nearly used up",
                description="{{ $labels.instance }} is at {{ $value | humanize }} % of its memory; soon pods are evicted.",
            ),
            Alert(
                name="NodeNotReady",
                expr='kube_node_status_condition{condition="Ready", status="true"} == 0',
                hold="5m",
                severity="critical",
                summary="A node does not answer the control plane",
                description="Node {{ $labels.node }} is not ready; its pods are moved after five minutes.",
            ),
            Alert(
                name="NodeDiskFilling",
                expr='100 * node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"} < 15',
                hold="10m",
                severity="warning",
                summary="A node's disk is nearly full",
                description="{{ $labels.instance }} has {{ $value | humanize }} % of its disk left; at 10 % images and pods are removed.",
            ),
        ],
    )


def workload_rules() -> Group:
    """Return the rules about pods, jobs, volumes and quotas; tenants' alerts bear their label."""
    return Group(name="workloads", rules=[*_failing(), *_nearly_full()])


def _failing() -> list[Alert]:
    return [
        Alert(
            name="PodCrashLooping",
            expr="increase(kube_pod_container_status_restarts_total[15m]) > 3",
            hold="5m",
            severity="warning",
            summary="A container starts again and again",
            description="{{ $labels.namespace }}/{{ $labels.pod }} ({{ $labels.container }}) restarted {{ $value | humanize }} times.",
        ),
        Alert(
            name="DeploymentReplicasMissing",
            expr="kube_deployment_spec_replicas > kube_deployment_status_replicas_available",
            hold="15m",
            severity="warning",
            summary="A deployment has fewer pods than it should",
            description="{{ $labels.namespace }}/{{ $labels.deployment }} should have {{ $value | humanize }} pods available.",
        ),
        Alert(
            name="StatefulSetReplicasMissing",
            expr="kube_statefulset_replicas > kube_statefulset_status_replicas_ready",
            hold="15m",
            severity="warning",
            summary="A stateful set has fewer pods than it should",
            description="{{ $labels.namespace }}/{{ $labels.statefulset }} should have {{ $value | humanize }} pods ready.",
        ),
        Alert(
            name="JobFailed",
            expr="kube_job_status_failed > 0",
            hold="1m",
            severity="warning",
            summary="A job gave up",
            description="{{ $labels.namespace }}/{{ $labels.job_name }} failed: a migration, an export or a backup was not done.",
        ),
    ]


def _nearly_full() -> list[Alert]:
    return [
        Alert(
            name="VolumeFilling",
            expr="100 * kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 10",
            hold="10m",
            severity="critical",
            summary="A volume is nearly full",
            description="{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanize }} % left.",
        ),
        Alert(
            name="QuotaNearlyUsed",
            expr='100 * kube_resourcequota{type="used"} / ignoring (type) (kube_resourcequota{type="hard"} > 0) > 90',
            hold="15m",
            severity="warning",
            summary="A namespace has nearly used its quota",
            description="{{ $labels.namespace }} uses {{ $value | humanize }} % of its {{ $labels.resource }}.",
        ),
        Alert(
            name="AutoscalerAtLimit",
            expr="kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas",
            hold="30m",
            severity="warning",
            summary="An autoscaler has no room left",
            description="{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} is at its most, {{ $value | humanize }} pods.",
        ),
        Alert(
            name="CertificateExpiring",
            expr="certmanager_certificate_expiration_timestamp_seconds - time() < 14 * 86400",
            hold="1h",
            severity="critical",
            summary="A certificate was not renewed",
            description="{{ $labels.namespace }}/{{ $labels.name }} ends in {{ $value | humanizeDuration }}.",
        ),
    ]
