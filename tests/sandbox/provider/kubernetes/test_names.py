"""Names, labels and annotations as an API server takes them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.kubernetes.names import problems
from sandbox.provider.values import UNKNOWN


def wrong(api: str = "v1", kind: str = "ConfigMap", data: dict[str, Any] | None = None, **metadata: Any) -> set[str]:
    return {
        problem.path for problem in problems({"apiVersion": api, "kind": kind, "metadata": {"name": "x", **metadata}, "data": data or {}})
    }


@pytest.mark.parametrize(
    ("kind", "name", "taken"),
    [
        ("ConfigMap", "a.b-c", True),
        ("ConfigMap", "A", False),
        ("ConfigMap", "-a", False),
        ("ConfigMap", "a" * 254, False),
        ("Namespace", "a.b", False),
        ("Service", "a" * 63, True),
        ("Service", "a" * 64, False),
    ],
)
def test_a_name_has_the_form_of_its_kind(kind: str, name: str, taken: bool) -> None:
    assert (wrong(kind=kind, name=name) == set()) is taken


def test_names_of_roles_are_freer_and_those_of_cron_jobs_shorter() -> None:
    assert wrong("rbac.authorization.k8s.io/v1", "ClusterRole", name="system:Reader") == set()
    assert wrong("rbac.authorization.k8s.io/v1", "ClusterRole", name="a/b") == {"metadata.name"}
    assert wrong("batch/v1", "CronJob", name="a" * 53) == {"metadata.name"}


def test_labels_and_annotations_have_their_forms() -> None:
    assert wrong(labels={"app.kubernetes.io/name": "Web_1.0", "tier": ""}) == set()
    assert wrong(labels={"tier": "front end"}) == {"metadata.labels.tier"}
    assert wrong(labels={"tier": "a" * 64}) == {"metadata.labels.tier"}
    assert wrong(labels={"A/": "x"}) == {'metadata.labels["A/"]'}
    assert wrong(annotations={"note": "any text\nat all"}) == set()
    assert wrong(annotations={"note": "x" * 262145}) == {"metadata.annotations"}


def test_keys_of_data_are_names_of_files_and_all_data_has_a_limit() -> None:
    assert wrong(data={"a.conf": "x", "_b": "y"}) == set()
    assert wrong(data={"a b": "x"}) == {'data["a b"]'}
    assert wrong(data={"a": "x" * (1024 * 1024 + 1)}) == {"data"}


def test_what_is_not_known_yet_is_not_judged() -> None:
    assert wrong(name=UNKNOWN, labels=UNKNOWN, data={"a": UNKNOWN}) == set()
    assert wrong(labels={"a": UNKNOWN}) == set()
