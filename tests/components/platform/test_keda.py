from typing import Any

from components.platform.keda import METRICS_SERVER, OPERATOR, WEBHOOKS, Keda, KedaArgs
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.recorder import record

PARTS = ("operator", "metricServer", "webhooks")


def _values() -> dict[str, Any]:
    args = KedaArgs(
        chart=a_chart(),
        operator_image=an_image("keda"),
        metrics_image=an_image("metrics"),
        webhooks_image=an_image("webhooks"),
        namespace="keda",
        cluster_name="x",
        priority_class="platform",
    )
    return values_of(record(lambda: Keda("keda", a_context(), args)))


def test_each_program_has_two_replicas_apart_of_which_one_stays() -> None:
    values = _values()
    assert [values[part]["replicaCount"] for part in ("operator", "metricsServer", "webhooks")] == [2, 2, 2]
    assert values["podDisruptionBudget"] == {part: {"minAvailable": 1} for part in PARTS}
    spread = values["topologySpreadConstraints"]
    assert [spread[part][0]["labelSelector"]["matchLabels"] for part in ("operator", "metricsServer", "webhooks")] == [
        OPERATOR,
        METRICS_SERVER,
        WEBHOOKS,
    ]


def test_every_program_may_do_little_and_is_pinned() -> None:
    values = _values()
    for part in PARTS:
        assert_restricted(values["podSecurityContext"][part], values["securityContext"][part])
        assert_sized(values["resources"][part])
    assert values["image"]["keda"] == {"registry": "registry.example.org", "repository": "team/keda", "tag": f"1.2.3@{DIGEST}"}
    assert values["image"]["metricsApiServer"]["repository"] == "team/metrics"
    assert values["image"]["webhooks"]["repository"] == "team/webhooks"


def test_what_could_not_be_scaled_is_refused_when_it_is_applied() -> None:
    assert _values()["webhooks"]["failurePolicy"] == "Fail"


def test_it_may_scale_kinds_of_kubernetes_own_alone() -> None:
    assert _values()["rbac"]["enabledCustomScaledRefKinds"] is False


def test_each_program_is_measured() -> None:
    assert all(part["enabled"] for part in _values()["prometheus"].values())
