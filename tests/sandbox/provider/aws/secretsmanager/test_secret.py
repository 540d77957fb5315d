"""Secrets and their policies against the emulated cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Workbench

SECRET = "aws:secretsmanager/secret:Secret"
POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:eu-west-1:123456789012:key/abcd1234-12ab-34cd-56ef-1234567890ab"


def _policy(action: str = "secretsmanager:GetSecretValue") -> str:
    principal = {"AWS": "arn:aws:iam::123456789012:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_secret_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SECRET)
    promised = life.preview(name="estate/bookings", kmsKeyId=KEY)
    assert promised["arn"] is UNKNOWN, "its last six letters are drawn by the service"
    assert promised["name"] == "estate/bookings"

    life.create(name="estate/bookings", kmsKeyId=KEY, description="Bookings", policy=_policy(), tags={"owner": "platform"})
    secrets = life.boto("secretsmanager")
    live = secrets.describe_secret(SecretId="estate/bookings")
    assert life.id == life.outputs["arn"] == live["ARN"]
    assert (live["KmsKeyId"], live["Description"], live["Tags"]) == (KEY, "Bookings", [{"Key": "owner", "Value": "platform"}])
    assert json.loads(secrets.get_resource_policy(SecretId=life.id)["ResourcePolicy"]) == json.loads(_policy())
    assert life.refresh() == []

    life.update(name="estate/bookings", kmsKeyId=OTHER_KEY, description="", policy="{}", tags={"environment": "production"})
    live = secrets.describe_secret(SecretId=life.id)
    assert (live["KmsKeyId"], live["Tags"]) == (OTHER_KEY, [{"Key": "environment", "Value": "production"}])
    assert "Description" not in live
    assert "ResourcePolicy" not in secrets.get_resource_policy(SecretId=life.id)
    assert life.refresh() == []


def test_a_policy_no_longer_mentioned_stays(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", policy=_policy())
    life.update(name="bookings")
    assert "ResourcePolicy" in life.boto("secretsmanager").get_resource_policy(SecretId=life.id)


def test_a_renamed_secret_is_another_secret(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings")
    assert life.replaced_by(name="reservations") == {"name"}


def test_a_secret_without_a_name_gets_one_from_its_logical_name(workbench: Workbench) -> None:
    assert workbench.made(SECRET).outputs["name"].startswith("sample-")
    prefixed = workbench.made(SECRET, logical="other", namePrefix="estate/")
    assert prefixed.outputs["name"].startswith("estate/")
    assert len(prefixed.outputs["name"]) > len("estate/")


def test_a_deleted_secret_waits_for_its_window(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", recoveryWindowInDays=7)
    life.delete()
    assert life.gone()
    assert life.boto("secretsmanager").describe_secret(SecretId=life.id)["DeletedDate"]
    with pytest.raises(HandlerError, match="restore-secret"):
        workbench.made(SECRET, logical="again", name="bookings")


def test_a_secret_without_a_window_is_gone_at_once(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", recoveryWindowInDays=0)
    life.delete()
    assert life.boto("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"] == []
    assert workbench.made(SECRET, logical="again", name="bookings").id != life.id


def test_a_sandbox_that_is_taken_down_leaves_no_secret_waiting(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(SECRET, name="bookings", recoveryWindowInDays=30)
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.boto("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"] == []


def test_replicas_come_and_go_with_the_declaration(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", replicas=[{"region": "eu-central-1", "kmsKeyId": OTHER_KEY}])
    replica = life.outputs["replicas"][0]
    assert (replica["region"], replica["kmsKeyId"], replica["status"]) == ("eu-central-1", OTHER_KEY, "InSync")
    assert life.refresh() == []
    assert life.boto("secretsmanager", "eu-central-1").describe_secret(SecretId="bookings")["PrimaryRegion"] == "eu-west-1"

    life.update(name="bookings", replicas=[{"region": "us-west-2"}])
    assert [item["region"] for item in life.outputs["replicas"]] == ["us-west-2"]
    assert life.boto("secretsmanager", "eu-central-1").list_secrets()["SecretList"] == []
    assert life.refresh() == []

    life.delete()
    assert life.boto("secretsmanager", "us-west-2").list_secrets()["SecretList"] == []


def test_drift_of_a_secret_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", description="Bookings", kmsKeyId=KEY)
    life.boto("secretsmanager").update_secret(SecretId=life.id, Description="changed", KmsKeyId=OTHER_KEY)
    assert {change.path for change in life.refresh()} == {"description", "kmsKeyId"}


def test_a_secret_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(SECRET, name="bookings", description="Bookings", kmsKeyId=KEY, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert {key: inputs[key] for key in ("name", "description", "kmsKeyId", "tags")} == {
        "name": "bookings",
        "description": "Bookings",
        "kmsKeyId": KEY,
        "tags": {"owner": "platform"},
    }
    assert outputs["arn"] == life.id


def test_a_policy_of_its_own_lives_as_declared(workbench: Workbench) -> None:
    secret = workbench.made(SECRET, name="bookings")
    life = workbench.made(POLICY, logical="policy", secretArn=secret.id, policy=_policy())
    secrets = life.boto("secretsmanager")
    assert json.loads(secrets.get_resource_policy(SecretId=secret.id)["ResourcePolicy"]) == json.loads(_policy())
    assert life.refresh() == []
    assert secret.refresh() == [], "a secret says nothing of a policy it was not given"

    life.update(secretArn=secret.id, policy=_policy("secretsmanager:DescribeSecret"))
    assert "DescribeSecret" in secrets.get_resource_policy(SecretId=secret.id)["ResourcePolicy"]
    assert life.replaced_by(secretArn=secret.id + "x", policy=_policy()) == {"secretArn"}
    assert json.loads(life.imported()[0]["policy"]) == json.loads(_policy("secretsmanager:DescribeSecret"))

    secrets.put_resource_policy(SecretId=secret.id, ResourcePolicy=_policy())
    assert {change.path for change in life.refresh()} == {"policy"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    "inputs, path",
    [
        ({"recoveryWindowInDays": 5}, "recoveryWindowInDays"),
        ({"name": "no spaces"}, "name"),
        ({"name": "bookings", "policy": "{"}, "policy"),
        ({"name": "bookings", "policy": {"Statement": [{"Effect": "Permit"}]}}, "policy"),
        ({"name": "bookings", "description": "x" * 2049}, "description"),
    ],
)
def test_what_the_service_would_refuse_of_a_secret_is_refused_in_the_preview(
    workbench: Workbench, inputs: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(SECRET).check(**inputs)
    assert path in {failure.path for failure in refused.value.failures}
