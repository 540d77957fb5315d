"""Functions of every region find the layer of their own region."""

import pytest

from config.secrets_extension import VERSIONS, layer_arn
from config.vocabulary import Region


def test_every_region_of_the_vocabulary_has_its_layer() -> None:
    assert set(VERSIONS) == set(Region)


def test_each_region_has_its_layer_in_an_account_of_aws_of_its_own() -> None:
    accounts = [account for account, _ in VERSIONS.values()]
    assert len(set(accounts)) == len(accounts) and all(len(account) == 12 and account.isdigit() for account in accounts)
    assert all(version > 0 for _, version in VERSIONS.values())


@pytest.mark.parametrize("region", ["us-east-1", "sa-east-1"])
def test_a_layer_is_named_for_arm_in_its_region(region: str) -> None:
    arn = layer_arn(Region(region)).split(":")
    assert arn[:4] == ["arn", "aws", "lambda", region]
    assert arn[5:7] == ["layer", "AWS-Parameters-and-Secrets-Lambda-Extension-Arm64"]
