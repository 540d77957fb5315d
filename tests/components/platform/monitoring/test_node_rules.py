"""Rules about nodes and what runs on them, tried with promtool."""

from pathlib import Path

from components.platform.monitoring.node_rules import node_rules, workload_rules
from tests.kit.promtool import Case, findings, uncovered, values

NODE = 'instance="10.0.1.2:9100", node="n1"'
CPUS = {f'node_cpu_seconds_total{{{NODE}, cpu="0", mode="{mode}"}}': "0+{}x120" for mode in ("idle", "user")}
TENANTS = 'namespace="tenant-acme", pod="n8n-0", container="n8n"'


def cpu(idle: float) -> dict[str, str]:
    """A processor that is idle for `idle` seconds of each minute."""
    (first, second) = CPUS
    return {first: f"0+{idle}x120", second: f"0+{60 - idle}x120"}


def memory(available: int) -> dict[str, str]:
    return {f"node_memory_MemAvailable_bytes{{{NODE}}}": f"{available}x120", f"node_memory_MemTotal_bytes{{{NODE}}}": "1000x120"}


def disk(available: int) -> dict[str, str]:
    at = f'{NODE}, mountpoint="/"'
    return {f"node_filesystem_avail_bytes{{{at}}}": f"{available}x120", f"node_filesystem_size_bytes{{{at}}}": "100x120"}


NODES = (
    Case(alert="HighCPUUsage", fires=cpu(11.9), quiet=cpu(12.1), at="12m", labels={"node": "n1"}),
    Case(alert="HighMemoryUsage", fires=memory(149), quiet=memory(150), at="6m", labels={"node": "n1"}),
    Case(
        alert="NodeNotReady",
        fires={'kube_node_status_condition{node="n1", condition="Ready", status="true"}': "1x10 0x50"},
        quiet={'kube_node_status_condition{node="n1", condition="Ready", status="true"}': "0x3 1x60"},
        at="20m",
        labels={"node": "n1"},
    ),
    Case(alert="NodeDiskFilling", fires=disk(14), quiet=disk(15)),
)


def replicas(kind: str, wanted: str, there: str, have: int) -> dict[str, str]:
    label = f'namespace="automation", {kind}="n8n-worker"'
    return {f"{wanted}{{{label}}}": "3x120", f"{there}{{{label}}}": f"{have}x120"}


def volume(available: int) -> dict[str, str]:
    label = 'namespace="monitoring", persistentvolumeclaim="db-0"'
    return {
        f"kubelet_volume_stats_available_bytes{{{label}}}": f"{available}x120",
        f"kubelet_volume_stats_capacity_bytes{{{label}}}": "1000x120",
    }


def quota(used: int) -> dict[str, str]:
    label = 'namespace="tenant-acme", resource="requests.cpu"'
    return {f'kube_resourcequota{{{label}, type="used"}}': f"{used}x120", f'kube_resourcequota{{{label}, type="hard"}}': "1000x120"}


def autoscaler(now: int) -> dict[str, str]:
    label = 'namespace="automation", horizontalpodautoscaler="n8n-worker"'
    return {
        f"kube_horizontalpodautoscaler_status_current_replicas{{{label}}}": f"{now}x120",
        f"kube_horizontalpodautoscaler_spec_max_replicas{{{label}}}": "12x120",
    }


def certificate(days: int) -> dict[str, str]:
    return {'certmanager_certificate_expiration_timestamp_seconds{namespace="automation", name="n8n"}': f"{days * 86400 + 7200}x120"}


DEPLOYED = ("kube_deployment_spec_replicas", "kube_deployment_status_replicas_available")
STATEFUL = ("kube_statefulset_replicas", "kube_statefulset_status_replicas_ready")
WORKLOADS = (
    Case(
        alert="PodCrashLooping",
        fires={f"kube_pod_container_status_restarts_total{{{TENANTS}}}": "0+1x60"},
        quiet={f"kube_pod_container_status_restarts_total{{{TENANTS}}}": "0x30 1x10 2x30"},
        labels={"namespace": "tenant-acme"},
    ),
    Case(alert="DeploymentReplicasMissing", fires=replicas("deployment", *DEPLOYED, 2), quiet=replicas("deployment", *DEPLOYED, 3)),
    Case(alert="StatefulSetReplicasMissing", fires=replicas("statefulset", *STATEFUL, 2), quiet=replicas("statefulset", *STATEFUL, 3)),
    Case(
        alert="JobFailed",
        fires={'kube_job_status_failed{namespace="automation", job_name="export"}': "0x10 1x60"},
        quiet={'kube_job_status_failed{namespace="automation", job_name="export"}': "0x120"},
        labels={"job_name": "export"},
    ),
    Case(alert="VolumeFilling", fires=volume(99), quiet=volume(100)),
    Case(alert="QuotaNearlyUsed", fires=quota(901), quiet=quota(900), labels={"namespace": "tenant-acme"}),
    Case(alert="AutoscalerAtLimit", fires=autoscaler(12), quiet=autoscaler(11)),
    Case(alert="CertificateExpiring", fires=certificate(13), quiet=certificate(14), at="90m"),
)


def test_each_alert_on_nodes_fires_on_its_threshold_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(node_rules(), NODES)
    assert not findings(node_rules(), NODES, tmp_path)


def test_each_alert_on_workloads_fires_on_its_threshold_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(workload_rules(), WORKLOADS)
    assert not findings(workload_rules(), WORKLOADS, tmp_path)


def test_the_thresholds_are_those_of_the_sources() -> None:
    told = {alert.name: (alert.expr.rpartition(" > ")[2], alert.hold, alert.severity) for alert in node_rules().alerts}
    assert told["HighCPUUsage"] == ("80", "5m", "warning") and told["HighMemoryUsage"] == ("85", "5m", "warning")


def test_usage_is_recorded_in_percent(tmp_path: Path) -> None:
    assert not values(
        node_rules(), cpu(45) | memory(250), {"node:cpu_usage:percent": 25, "node:memory_usage:percent": 75}, tmp_path, at="30m"
    )
