"""Values of secrets against the emulated cloud."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN, Secret
from tests.kit.provider import Workbench

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


@pytest.fixture
def secret(workbench: Workbench) -> str:
    """The ARN of a secret without a value."""
    return workbench.made(SECRET, logical="secret", name="bookings").id


def test_a_value_lives_as_declared(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretString='{"password": "first"}')
    live = life.boto("secretsmanager").get_secret_value(SecretId=secret)
    assert live["SecretString"] == '{"password": "first"}'
    assert life.id == f"{secret}|{live['VersionId']}"
    assert (life.outputs["arn"], life.outputs["secretArn"], life.outputs["versionId"]) == (secret, secret, live["VersionId"])
    assert life.outputs["versionStages"] == ["AWSCURRENT"]
    assert life.refresh() == []
    assert life.imported()[0]["secretId"] == secret
    life.delete()


def test_a_value_is_secret_in_every_output(workbench: Workbench, secret: str) -> None:
    life = workbench.life(VERSION)
    checked = life.check(secretId=secret, secretString="plain in the program")
    assert isinstance(life.resources.preview_create(life.urn, VERSION, checked)["secretString"], Secret)
    life.id, outputs = life.resources.create(life.urn, VERSION, checked)
    assert isinstance(outputs["secretString"], Secret)
    read = life.resources.read(life.urn, VERSION, life.id, {}, {})
    assert read is not None
    assert isinstance(read[1]["secretString"], Secret)


def test_another_value_is_another_version(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretString="first")
    assert life.replaced_by(secretId=secret, secretString="second") == {"secretString"}
    second = workbench.made(VERSION, logical="second", secretId=secret, secretString="second")
    life.delete()
    assert life.boto("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "second"
    assert second.refresh() == []


def test_the_same_creation_twice_makes_one_version(workbench: Workbench, secret: str) -> None:
    life = workbench.life(VERSION)
    checked = life.check(secretId=secret, secretString="first")
    first, _ = life.resources.create(life.urn, VERSION, checked)
    again, _ = life.resources.create(life.urn, VERSION, checked)
    assert first == again
    assert len(life.boto("secretsmanager").list_secret_version_ids(SecretId=secret)["Versions"]) == 1


def test_a_value_changed_in_place_shows_on_refresh(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretString="first", versionStages=["AWSCURRENT"])
    life.boto("secretsmanager").put_secret_value(SecretId=secret, SecretString="rotated")
    assert {change.path for change in life.refresh()} == {"versionStages[0]"}
    assert life.outputs["versionStages"] == ["AWSPREVIOUS"]


def test_labels_move_to_the_version_that_declares_them(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretString="first")
    workbench.made(VERSION, logical="second", secretId=secret, secretString="second")
    life.update(secretId=secret, secretString="first", versionStages=["AWSCURRENT", "stable"])
    live = life.boto("secretsmanager")
    assert live.get_secret_value(SecretId=secret)["SecretString"] == "first"
    assert live.get_secret_value(SecretId=secret, VersionStage="stable")["SecretString"] == "first"
    life.update(secretId=secret, secretString="first", versionStages=["AWSCURRENT"])
    assert live.get_secret_value(SecretId=secret)["VersionStages"] == ["AWSCURRENT"]


def test_bytes_are_kept_as_bytes(workbench: Workbench, secret: str) -> None:
    encoded = base64.b64encode(b"\x00\xff").decode()
    life = workbench.made(VERSION, secretId=secret, secretBinary=encoded)
    assert life.boto("secretsmanager").get_secret_value(SecretId=secret)["SecretBinary"] == b"\x00\xff"
    assert life.refresh() == []


def test_a_value_that_is_written_only_is_in_no_output(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretStringWo="hidden", secretStringWoVersion=1)
    assert life.boto("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == "hidden"
    assert life.refresh() == []
    assert "hidden" not in str(life.outputs)
    assert life.outputs["hasSecretStringWo"] is True
    assert life.replaced_by(secretId=secret, secretStringWo="other", secretStringWoVersion=1) == set()
    assert life.replaced_by(secretId=secret, secretStringWo="other", secretStringWoVersion=2) == {"secretStringWoVersion"}


def test_a_value_of_a_deleted_secret_is_gone(workbench: Workbench, secret: str) -> None:
    life = workbench.made(VERSION, secretId=secret, secretString="first")
    life.boto("secretsmanager").delete_secret(SecretId=secret, RecoveryWindowInDays=7)
    assert life.gone()


def test_a_value_for_a_secret_that_is_not_there_yet_can_be_previewed(workbench: Workbench) -> None:
    promised = workbench.life(VERSION).preview(secretId=UNKNOWN, secretString=UNKNOWN)
    assert promised["arn"] is UNKNOWN
    assert promised["hasSecretStringWo"] is False


@pytest.mark.parametrize(
    "inputs, path",
    [
        ({"secretId": "bookings"}, "secretString"),
        ({"secretId": "bookings", "secretString": "a", "secretBinary": "YQ=="}, "secretString"),
        ({"secretId": "bookings", "secretBinary": "not base64"}, "secretBinary"),
        ({"secretId": "bookings", "secretString": "x" * 65537}, "secretString"),
        ({"secretId": "bookings", "secretStringWo": "a"}, "secretStringWoVersion"),
    ],
)
def test_what_the_service_would_refuse_of_a_value_is_refused_in_the_preview(
    workbench: Workbench, inputs: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(VERSION).check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}
