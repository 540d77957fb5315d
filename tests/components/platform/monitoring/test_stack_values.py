"""Values of the operator stack's chart."""

from dataclasses import fields
from typing import Any

import pytest

from components.platform.monitoring.stack_values import CREDENTIALS, StackFacts, StackImages, StackSizes, stack_values
from tests.components.platform.made import DIGEST, an_image, assert_restricted, assert_sized

IMAGES = StackImages(**{field.name: an_image(field.name) for field in fields(StackImages)})
FACTS = StackFacts(
    images=IMAGES,
    sizes=StackSizes(retention_days=15, volume_gib=20, memory_mib=2048),
    alertmanager={"route": {"receiver": "warning"}},
    external_labels={"region": "us-east-1"},
    storage_class="gp3",
    node_namespace="node-agents",
    priority_class="platform",
)
VALUES = stack_values(FACTS)


def images(values: object) -> list[dict[str, str]]:
    """Every image anywhere in the values."""
    if not isinstance(values, dict):
        return []
    own = [values["image"]] if isinstance(values.get("image"), dict) else []
    return own + [image for value in values.values() for image in images(value)]


def test_every_image_is_named_with_its_digest_in_the_charts_own_way() -> None:
    found = images(VALUES)
    assert {image["repository"].removeprefix("team/") for image in found} == {field.name for field in fields(StackImages)}
    assert all(image["registry"] == "registry.example.org" and image["tag"] == "1.2.3" for image in found)
    digest = DIGEST.removeprefix("sha256:")
    assert {image.get("sha") or image["digest"] for image in found} == {digest, DIGEST}


def test_prometheus_is_two_that_stand_apart_keep_days_and_never_fill_their_volume() -> None:
    spec: dict[str, Any] = VALUES["prometheus"]["prometheusSpec"]
    assert (spec["replicas"], spec["podAntiAffinity"], spec["retention"]) == (2, "hard", "15d")
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert claim["storageClassName"] == "gp3" and claim["resources"]["requests"]["storage"] == "20Gi"
    assert int(spec["retentionSize"].removesuffix("MB")) < 20 * 1024
    assert spec["resources"]["requests"]["memory"] == spec["resources"]["limits"]["memory"] == "2048Mi"
    assert spec["enforcedSampleLimit"] and spec["enforcedBodySizeLimit"] and spec["enforcedLabelLimit"]
    assert spec["enableAdminAPI"] is False and spec["enableRemoteWriteReceiver"] is False


@pytest.mark.parametrize("kind", ["rule", "serviceMonitor", "podMonitor", "probe"])
def test_monitors_and_rules_are_taken_from_everywhere_by_one_label(kind: str) -> None:
    spec: dict[str, Any] = VALUES["prometheus"]["prometheusSpec"]
    assert spec[f"{kind}Selector"] == {"matchLabels": {"morefocus.com/scrape": "true"}}
    assert spec[f"{kind}NamespaceSelector"] == {} and spec[f"{kind}SelectorNilUsesHelmValues"] is False
    assert VALUES["commonLabels"] == {"morefocus.com/scrape": "true"}


def test_alertmanager_is_three_with_credentials_in_files_and_no_token() -> None:
    spec: dict[str, Any] = VALUES["alertmanager"]["alertmanagerSpec"]
    assert (spec["replicas"], spec["secrets"], spec["automountServiceAccountToken"]) == (3, [CREDENTIALS], False)
    assert VALUES["alertmanager"]["config"] == {"route": {"receiver": "warning"}}
    assert VALUES["alertmanager"]["podDisruptionBudget"]["minAvailable"] == 2


def test_grafana_is_not_public_and_its_password_is_a_secrets() -> None:
    grafana = VALUES["grafana"]
    assert grafana["ingress"] == {"enabled": False} and grafana["service"]["type"] == "ClusterIP"
    assert grafana["admin"]["existingSecret"] == "grafana-admin" and "adminPassword" not in grafana
    assert grafana["grafana.ini"]["auth.anonymous"] == {"enabled": False}
    assert grafana["sidecar"]["dashboards"]["searchNamespace"] == "monitoring" and grafana["rbac"]["namespaced"] is True


def test_only_the_exporter_of_nodes_stands_where_more_is_allowed() -> None:
    assert VALUES["prometheus-node-exporter"]["namespaceOverride"] == "node-agents"
    assert not [part for part in ("prometheus", "alertmanager", "grafana", "kube-state-metrics") if "namespaceOverride" in VALUES[part]]


@pytest.mark.parametrize("part", ["prometheusOperator", "grafana", "kube-state-metrics"])
def test_pods_may_do_little_and_say_what_they_need(part: str) -> None:
    assert_restricted(VALUES[part]["securityContext"], VALUES[part]["containerSecurityContext"])
    assert_sized(VALUES[part]["resources"])


def test_the_charts_own_alerts_are_off_since_they_have_no_runbook_here() -> None:
    assert VALUES["defaultRules"] == {"create": False} and VALUES["grafana"]["defaultDashboardsEnabled"] is False


def test_what_aws_runs_and_does_not_show_is_not_looked_for() -> None:
    assert not [part for part in ("kubeEtcd", "kubeScheduler", "kubeControllerManager", "kubeProxy") if VALUES[part]["enabled"]]
