"""The daily look: first values are made once, and what is too old or empty is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from services.secret_rotation.rows import Row
from services.secret_rotation.watch import NAMESPACE, watch
from tests.services.secret_rotation.account import Account, account

ROWS = {
    "by-hand": Row(kind="plain", days=90, generated=False, rotates=False, holds=("api_key",)),
    "by-function": Row(kind="plain", days=30, generated=True, rotates=True, holds=("secret",)),
    "made-once": Row(kind="plain", days=365, generated=True, rotates=False, holds=("key", "salt")),
}
NOW = datetime.now(UTC)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with account(monkeypatch, dict(ROWS)) as made:
        for name in ROWS:
            made.secrets.create_secret(Name=name)
        yield made


def metric(cloud: Account, name: str) -> float:
    found = cloud.connect("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=name,
        Dimensions=[{"Name": "FunctionName", "Value": "rotation"}],
        StartTime=NOW - timedelta(hours=1),
        EndTime=NOW + timedelta(hours=1),
        Period=7200,
        Statistics=["Maximum"],
    )
    return float(found["Datapoints"][0]["Maximum"])


def test_generated_secrets_get_a_first_value_once_and_issued_ones_wait_for_a_person(cloud: Account) -> None:
    found = watch(cloud.rows, cloud.connect, "rotation")
    assert (found.made, found.empty, found.overdue) == (["by-function", "made-once"], ["by-hand"], [])
    value = cloud.value("made-once")
    assert value.keys() == {"key", "salt"} and all(len(text) == 48 for text in value.values())
    assert metric(cloud, "Empty") == 1

    again = watch(cloud.rows, cloud.connect, "rotation")
    assert (again.made, again.empty) == ([], ["by-hand"])
    assert cloud.value("made-once") == value


def test_a_secret_whose_days_are_over_is_counted_until_it_is_renewed(cloud: Account) -> None:
    cloud.secrets.put_secret_value(SecretId="by-hand", SecretString=json.dumps({"api_key": "1"}))
    watch(cloud.rows, cloud.connect, "rotation")
    assert watch(cloud.rows, cloud.connect, "rotation", NOW + timedelta(days=89)).overdue == ["by-function"]
    assert watch(cloud.rows, cloud.connect, "rotation", NOW + timedelta(days=91)).overdue == ["by-function", "by-hand"]
    assert metric(cloud, "Overdue") == 2
    cloud.secrets.update_secret(SecretId="by-hand", Description="a new description makes no value younger")
    assert "by-hand" in watch(cloud.rows, cloud.connect, "rotation", NOW + timedelta(days=91)).overdue


def test_an_automatic_rotation_may_be_two_days_late(cloud: Account) -> None:
    watch(cloud.rows, cloud.connect, "rotation")
    assert watch(cloud.rows, cloud.connect, "rotation", NOW + timedelta(days=31)).overdue == []
    assert watch(cloud.rows, cloud.connect, "rotation", NOW + timedelta(days=33)).overdue == ["by-function"]
