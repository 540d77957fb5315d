"""KMS handlers against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"


def policy(principal: str = "arn:aws:iam::123456789012:root", action: str = "kms:*") -> str:
    statement = {"Sid": "Administer", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def tags(kms: Any, key: str) -> dict[str, str]:
    return {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}


def test_a_key_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(
        KEY,
        description="personal data",
        policy=policy(),
        enableKeyRotation=True,
        rotationPeriodInDays=180,
        deletionWindowInDays=7,
        tags={"data-class": "personal"},
    )
    kms = life.boto("kms")
    key = kms.describe_key(KeyId=life.id)["KeyMetadata"]
    assert (key["Description"], key["KeySpec"], key["MultiRegion"]) == ("personal data", "SYMMETRIC_DEFAULT", False)
    assert life.outputs["arn"] == key["Arn"]
    rotation = kms.get_key_rotation_status(KeyId=life.id)
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 180)
    assert json.loads(kms.get_key_policy(KeyId=life.id, PolicyName="default")["Policy"]) == json.loads(policy())
    assert tags(kms, life.id) == {"data-class": "personal"}
    assert life.refresh() == []

    changed = policy("arn:aws:iam::123456789012:role/keeper")
    life.update(description="credentials", policy=changed, isEnabled=False, tags={"data-class": "credentials"})
    key = kms.describe_key(KeyId=life.id)["KeyMetadata"]
    assert (key["Description"], key["Enabled"]) == ("credentials", False)
    assert not kms.get_key_rotation_status(KeyId=life.id)["KeyRotationEnabled"]
    assert json.loads(kms.get_key_policy(KeyId=life.id, PolicyName="default")["Policy"]) == json.loads(changed)
    assert tags(kms, life.id) == {"data-class": "credentials"}
    assert life.refresh() == []


def test_a_deleted_key_waits_for_its_window_and_counts_as_gone(workbench: Workbench) -> None:
    life = workbench.made(KEY, deletionWindowInDays=7)
    life.delete()
    key = life.boto("kms").describe_key(KeyId=life.id)["KeyMetadata"]
    assert key["KeyState"] == "PendingDeletion"
    assert 6 <= (key["DeletionDate"] - key["CreationDate"]).days <= 7
    assert life.gone()


def test_a_multi_region_key_is_one(workbench: Workbench) -> None:
    life = workbench.made(KEY, multiRegion=True)
    assert life.id.startswith("mrk-")
    assert life.boto("kms").describe_key(KeyId=life.id)["KeyMetadata"]["MultiRegion"]
    assert life.refresh() == []
    assert life.replaced_by(multiRegion=False) == {"multiRegion"}


def test_a_key_is_in_the_store_that_it_was_made_in(workbench: Workbench) -> None:
    life = workbench.made(KEY, customKeyStoreId="cks-1234567890abcdef0")
    assert life.boto("kms").describe_key(KeyId=life.id)["KeyMetadata"]["CustomKeyStoreId"] == "cks-1234567890abcdef0"
    assert life.refresh() == []
    assert life.replaced_by() == {"customKeyStoreId"}


def test_a_key_without_a_policy_gets_the_accounts(workbench: Workbench) -> None:
    life = workbench.made(KEY)
    assert "arn:aws:iam::123456789012:root" in life.outputs["policy"]
    assert life.refresh() == []


def test_purpose_and_kind_replace_a_key(workbench: Workbench) -> None:
    life = workbench.made(KEY)
    changed = life.replaced_by(keyUsage="SIGN_VERIFY", customerMasterKeySpec="ECC_NIST_P256")
    assert changed == {"keyUsage", "customerMasterKeySpec"}


def test_drift_of_a_key_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(KEY, policy=policy(), enableKeyRotation=True)
    kms = life.boto("kms")
    kms.disable_key_rotation(KeyId=life.id)
    kms.put_key_policy(KeyId=life.id, PolicyName="default", Policy=policy("*"))
    assert {change.path for change in life.refresh()} == {"enableKeyRotation", "policy"}


def test_a_key_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(KEY, description="logs", policy=policy(), enableKeyRotation=True, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert (inputs["description"], inputs["enableKeyRotation"]) == ("logs", True)
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["arn"] == life.outputs["arn"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"deletionWindowInDays": 5}, "deletionWindowInDays: must be at least 7"),
        ({"deletionWindowInDays": 31}, "deletionWindowInDays: must be at most 30"),
        ({"enableKeyRotation": True, "rotationPeriodInDays": 30}, "rotationPeriodInDays"),
        ({"rotationPeriodInDays": 180}, "without enableKeyRotation"),
        ({"enableKeyRotation": True, "customerMasterKeySpec": "RSA_2048"}, "only symmetric keys rotate"),
        ({"keyUsage": "ENCRYPT"}, "ENCRYPT_DECRYPT"),
        ({"customerMasterKeySpec": "AES_256"}, "SYMMETRIC_DEFAULT"),
        ({"policy": policy("arn:aws:iam::999999999999:root")}, "could never be managed again"),
        ({"policy": policy(action="kms:Decrypt")}, "could never be managed again"),
        ({"policy": "{}"}, "at least one Statement"),
    ],
)
def test_a_key_that_kms_would_refuse_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(KEY).check(**inputs)


def test_a_policy_that_locks_out_is_allowed_when_told_so(workbench: Workbench) -> None:
    foreign = policy("arn:aws:iam::999999999999:root")
    assert workbench.life(KEY).check(policy=foreign, bypassPolicyLockoutSafetyCheck=True)


def test_an_alias_lives_as_declared(workbench: Workbench) -> None:
    first, second = workbench.made(KEY), workbench.made(KEY, logical="other")
    life = workbench.life(ALIAS)
    promised = life.preview(name="alias/estate/personal", targetKeyId=first.id)
    assert promised["arn"] == "arn:aws:kms:eu-west-1:123456789012:alias/estate/personal"
    life.create(name="alias/estate/personal", targetKeyId=first.id)
    kms = life.boto("kms")
    assert kms.describe_key(KeyId="alias/estate/personal")["KeyMetadata"]["KeyId"] == first.id
    assert life.outputs["targetKeyArn"] == first.outputs["arn"]
    assert life.refresh() == []

    life.update(name="alias/estate/personal", targetKeyId=second.outputs["arn"])
    assert kms.describe_key(KeyId="alias/estate/personal")["KeyMetadata"]["KeyId"] == second.id
    assert life.refresh() == []
    assert life.imported()[0]["targetKeyId"] == second.id
    assert life.replaced_by(name="alias/other", targetKeyId=second.id) == {"name"}

    kms.update_alias(AliasName="alias/estate/personal", TargetKeyId=first.id)
    assert [change.path for change in life.refresh()] == ["targetKeyId"]
    life.delete()
    assert life.gone()


def test_a_key_named_by_id_or_by_arn_is_the_same_target(workbench: Workbench) -> None:
    key = workbench.made(KEY)
    life = workbench.made(ALIAS, name="alias/logs", targetKeyId=key.id)
    assert life.diff(name="alias/logs", targetKeyId=key.outputs["arn"]) == []


def test_an_alias_without_a_name_gets_one_that_kms_takes(workbench: Workbench) -> None:
    key = workbench.made(KEY)
    life = workbench.made(ALIAS, targetKeyId=key.id)
    assert life.id.startswith("alias/sample-")
    assert life.diff(targetKeyId=key.id) == []


@pytest.mark.parametrize("name", ["personal", "alias/aws/s3", "alias/with space"])
def test_an_alias_that_kms_would_refuse_is_refused(workbench: Workbench, name: str) -> None:
    with pytest.raises(InvalidInputs, match=r"alias|AliasName"):
        workbench.life(ALIAS).check(name=name, targetKeyId="1234")
