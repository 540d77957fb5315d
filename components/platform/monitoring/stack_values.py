"""Values of the chart that brings Prometheus, Alertmanager, Grafana and the exporters of nodes and of Kubernetes (OBS-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.platform.chart_values import Size, Values, container_values, pod_values, zone_values
from components.platform.monitoring.scrape import PROMETHEUS, SELECTED
from components.platform.monitoring.sizing import INTERVAL, retention_size

FULL_NAME = "monitoring"
ALERTMANAGER: Mapping[str, str] = {"app.kubernetes.io/name": "alertmanager"}
GRAFANA: Mapping[str, str] = {"app.kubernetes.io/name": "grafana"}
KUBE_STATE_METRICS: Mapping[str, str] = {"app.kubernetes.io/name": "kube-state-metrics"}
OPERATOR: Mapping[str, str] = {"app": "kube-prometheus-stack-operator"}
ALERTMANAGER_ACCOUNT = f"{FULL_NAME}-alertmanager"
CREDENTIALS, GRAFANA_ADMIN = "alertmanager-credentials", "grafana-admin"
"""Kubernetes secrets that the release expects."""
DASHBOARD: Mapping[str, str] = {"grafana_dashboard": "1"}
"""Label of ConfigMaps that Grafana takes up, in the namespace of monitoring alone."""
ALERTMANAGERS = 3
_SMALL = Size(cpu="50m", memory="128Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True, slots=True)
class StackImages:
    """Its programs."""

    operator: str
    reloader: str
    prometheus: str
    alertmanager: str
    grafana: str
    sidecar: str
    node_exporter: str
    kube_state_metrics: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StackSizes:
    """What Prometheus is given; see `sizing`."""

    retention_days: int
    volume_gib: int
    memory_mib: int
    cpu: str = "500m"


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFacts:
    """What the values are built from."""

    images: StackImages
    sizes: StackSizes
    alertmanager: Mapping[str, Any]
    """Its configuration."""
    external_labels: Mapping[str, str]
    storage_class: str
    node_namespace: str
    """Where the node exporter may stand: it reads the node's own files."""
    priority_class: str
    replicas: int = 2
    """Of Prometheus: each reads everything, so that one may be lost."""


def stack_values(facts: StackFacts) -> Values:
    """Return the chart's values: its own alerts and dashboards are off, since each alert here has a runbook of ours.

    Source: https://github.com/prometheus-community/helm-charts/tree/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack
    """
    return {
        "fullnameOverride": FULL_NAME,
        "commonLabels": dict(SELECTED),
        # Of a release of their own, since Helm never brings definitions up to date.
        "crds": {"enabled": False},
        "defaultRules": {"create": False},
        # AWS runs them, and shows nothing of them; a policy for the cluster's DNS would cut it off from all who are not named.
        **{part: {"enabled": False} for part in ("kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy", "coreDns")},
        "prometheusOperator": _operator(facts),
        "prometheus": _prometheus(facts),
        "alertmanager": _alertmanager(facts),
        "grafana": _grafana(facts),
        "kube-state-metrics": _kube_state_metrics(facts),
        "prometheus-node-exporter": _node_exporter(facts),
    }


def _image(reference: str) -> Values:
    """Registry, repository, tag and, where it is known, the digest's hash, as this chart and its parts take them."""
    name, _, digest = reference.partition("@sha256:")
    repository, _, tag = name.rpartition(":")
    registry, _, rest = repository.partition("/")
    return {"registry": registry, "repository": rest, "tag": tag, "sha": digest}


def _node_image(reference: str) -> Values:
    found = _image(reference)
    digest = found.pop("sha")
    return {**found, "digest": f"sha256:{digest}" if digest else "", "distroless": False}


def _operator(facts: StackFacts) -> Values:
    return {
        "image": _image(facts.images.operator),
        "prometheusConfigReloader": {"image": _image(facts.images.reloader), "resources": _SMALL.values()},
        "resources": _SMALL.values(),
        "priorityClassName": facts.priority_class,
        "securityContext": pod_values(),
        "containerSecurityContext": container_values(),
        # Certificates of webhooks come from the cluster's own issuer, and are renewed by it.
        "admissionWebhooks": {"patch": {"enabled": False}, "certManager": {"enabled": True}},
    }


def _prometheus(facts: StackFacts) -> Values:
    sizes = facts.sizes
    everywhere: Values = {}
    selected = {"matchLabels": dict(SELECTED)}
    kinds = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")
    return {
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "prometheusSpec": {
            "image": _image(facts.images.prometheus),
            "replicas": facts.replicas,
            "podAntiAffinity": "hard",
            "topologySpreadConstraints": zone_values(PROMETHEUS),
            "priorityClassName": facts.priority_class,
            "externalLabels": dict(facts.external_labels),
            "scrapeInterval": f"{INTERVAL}s",
            "evaluationInterval": f"{INTERVAL}s",
            "retention": f"{sizes.retention_days}d",
            "retentionSize": retention_size(sizes.volume_gib),
            "walCompression": True,
            # One target that shows too much is dropped, and told; it does not take the others with it.
            "enforcedSampleLimit": 100_000,
            "enforcedLabelLimit": 64,
            "enforcedLabelValueLengthLimit": 1024,
            "enforcedBodySizeLimit": "64MB",
            "query": {"maxConcurrency": 10, "timeout": "60s"},
            "enableAdminAPI": False,
            "enableRemoteWriteReceiver": False,
            "resources": {
                "requests": {"cpu": sizes.cpu, "memory": f"{sizes.memory_mib}Mi"},
                "limits": {"memory": f"{sizes.memory_mib}Mi", "cpu": "2"},
            },
            "storageSpec": _claim(facts.storage_class, sizes.volume_gib),
            **{f"{kind}SelectorNilUsesHelmValues": False for kind in kinds},
            **{f"{kind}Selector": selected for kind in kinds},
            **{f"{kind}NamespaceSelector": everywhere for kind in kinds},
        },
    }


def _alertmanager(facts: StackFacts) -> Values:
    return {
        "config": dict(facts.alertmanager),
        "serviceAccount": {"create": True, "name": ALERTMANAGER_ACCOUNT, "automountServiceAccountToken": False},
        "podDisruptionBudget": {"enabled": True, "minAvailable": 2},
        "alertmanagerSpec": {
            "image": _image(facts.images.alertmanager),
            "replicas": ALERTMANAGERS,
            "podAntiAffinity": "hard",
            "topologySpreadConstraints": zone_values(ALERTMANAGER),
            "priorityClassName": facts.priority_class,
            "automountServiceAccountToken": False,
            "secrets": [CREDENTIALS],
            "retention": "120h",
            "resources": _SMALL.values(),
            "storage": _claim(facts.storage_class, 5),
        },
    }


def _claim(storage_class: str, gib: int) -> Values:
    return {
        "volumeClaimTemplate": {
            "spec": {
                "storageClassName": storage_class,
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": f"{gib}Gi"}},
            }
        }
    }


def _grafana(facts: StackFacts) -> Values:
    return {
        "image": _image(facts.images.grafana),
        # Dashboards and sources come from ConfigMaps: nothing that a pod keeps would be missed.
        "persistence": {"enabled": False},
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
        "defaultDashboardsEnabled": False,
        "admin": {"existingSecret": GRAFANA_ADMIN, "userKey": "admin-user", "passwordKey": "admin-password"},
        # Reached through the cluster's API by those who may, and from nowhere else.
        "ingress": {"enabled": False},
        "service": {"type": "ClusterIP"},
        "rbac": {"create": True, "namespaced": True},
        "securityContext": pod_values(472),
        "containerSecurityContext": container_values(),
        "extraEmptyDirMounts": [{"name": "temporary", "mountPath": "/tmp"}],  # noqa: S108 - the one folder it may write besides its data
        "resources": Size(cpu="100m", memory="512Mi", cpu_limit="1").values(),
        "priorityClassName": facts.priority_class,
        "sidecar": {
            "image": _image(facts.images.sidecar),
            "resources": _SMALL.values(),
            "securityContext": container_values(),
            "dashboards": {
                "enabled": True,
                "label": "grafana_dashboard",
                "labelValue": "1",
                "searchNamespace": "monitoring",
                "folderAnnotation": "grafana_folder",
                "provider": {"allowUiUpdates": False, "foldersFromFilesStructure": True},
            },
            "datasources": {"enabled": True, "searchNamespace": "monitoring"},
        },
        "grafana.ini": {
            "analytics": {"reporting_enabled": False, "check_for_updates": False, "check_for_plugin_updates": False},
            "auth.anonymous": {"enabled": False},
            "users": {"allow_sign_up": False},
            "security": {"cookie_secure": True, "disable_gravatar": True},
            "plugins": {"preinstall_disabled": True},
        },
    }


def _kube_state_metrics(facts: StackFacts) -> Values:
    return {
        "image": _image(facts.images.kube_state_metrics),
        "resources": _SMALL.values(),
        "priorityClassName": facts.priority_class,
        "securityContext": {"enabled": True, **pod_values()},
        "containerSecurityContext": container_values(),
        # Whose a namespace is: dashboards join it to what has no pod of its own to say so.
        "metricLabelsAllowlist": ["namespaces=[morefocus.com/tenant]"],
        # Secrets' names and labels are nobody's metrics.
        "rbac": {"create": True},
        "collectors": [
            *("cronjobs", "daemonsets", "deployments", "horizontalpodautoscalers", "jobs", "namespaces", "nodes"),
            *("persistentvolumeclaims", "persistentvolumes", "poddisruptionbudgets", "pods", "resourcequotas", "statefulsets"),
        ],
    }


def _node_exporter(facts: StackFacts) -> Values:
    return {
        "namespaceOverride": facts.node_namespace,
        "image": _node_image(facts.images.node_exporter),
        "resources": Size(cpu="20m", memory="64Mi", cpu_limit="200m").values(),
        "priorityClassName": "system-node-critical",
        # It runs on every node, whatever the node is kept for.
        "tolerations": [{"operator": "Exists"}],
        "containerSecurityContext": container_values(),
        "prometheus": {
            "monitor": {
                "additionalLabels": dict(SELECTED),
                "relabelings": [{"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "node", "action": "replace"}],
            }
        },
    }
