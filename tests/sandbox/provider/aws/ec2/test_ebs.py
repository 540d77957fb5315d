"""EBS's settings of an account against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ENCRYPTION = "aws:ebs/encryptionByDefault:EncryptionByDefault"
KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey"


def encrypted(life: Life) -> bool:
    return bool(life.boto("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"])


def test_encryption_by_default_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(ENCRYPTION)
    assert encrypted(life)
    assert life.refresh() == []
    life.update(enabled=False)
    assert not encrypted(life)
    life.update(enabled=True)
    assert encrypted(life)
    assert life.imported()[0]["enabled"] is True
    life.delete()
    assert not encrypted(life)


def test_encryption_turned_off_elsewhere_shows_as_drift(workbench: Workbench) -> None:
    life = workbench.made(ENCRYPTION)
    life.boto("ec2").disable_ebs_encryption_by_default()
    assert [change.path for change in life.refresh()] == ["enabled"]


def test_encryption_is_a_setting_of_one_region(workbench: Workbench) -> None:
    workbench.made(ENCRYPTION, region="sa-east-1")
    elsewhere = workbench.life(ENCRYPTION, region="us-east-1")
    assert not encrypted(elsewhere)


def key_of_a_new_volume(life: Life) -> str:
    volume = life.boto("ec2").create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=True)
    return str(volume["KmsKeyId"])


def test_new_volumes_use_the_default_key(workbench: Workbench) -> None:
    life = workbench.life(KEY)
    key = life.boto("kms").create_key()["KeyMetadata"]["Arn"]
    life.create(keyArn=key)
    assert life.id == key
    assert key_of_a_new_volume(life) == key
    assert life.boto("ec2").get_ebs_default_kms_key_id()["KmsKeyId"] == key
    assert life.refresh() == []
    assert life.imported()[0]["keyArn"] == key
    other = key.replace(key[-4:], "0000")
    assert life.replaced_by(keyArn=other) == {"keyArn"}
    life.delete()
    assert key_of_a_new_volume(life) != key


def test_another_default_key_shows_as_drift(workbench: Workbench) -> None:
    life = workbench.life(KEY)
    ours, theirs = (life.boto("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    life.create(keyArn=ours)
    life.boto("ec2").modify_ebs_default_kms_key_id(KmsKeyId=theirs)
    assert [change.path for change in life.refresh()] == ["keyArn"]


def test_a_default_key_that_is_not_there_fails(workbench: Workbench) -> None:
    with pytest.raises(Exception, match="NotFound"):
        workbench.made(KEY, keyArn="arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000")


def test_the_key_must_be_given(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="keyArn"):
        workbench.life(KEY).check()
