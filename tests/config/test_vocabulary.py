"""The vocabulary agrees with AWS, and its short forms are unique."""

import re

import botocore.session
import pytest

from config.vocabulary import Environment, Region, TagKey


def test_regions_are_exactly_those_of_the_commercial_partition() -> None:
    offered = botocore.session.get_session().get_available_regions("ec2")
    assert {region.value for region in Region} == set(offered)


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("us-east-1", "use1"),
        ("eu-west-1", "euw1"),
        ("sa-east-1", "sae1"),
        ("eu-central-1", "euc1"),
        ("us-west-2", "usw2"),
        ("ap-southeast-2", "apse2"),
    ],
)
def test_code_shortens_the_compass_word(region: str, code: str) -> None:
    assert Region(region).code == code


def test_no_two_regions_share_a_code() -> None:
    assert len({region.code for region in Region}) == len(Region)


def test_environments_have_short_forms_that_differ() -> None:
    assert [environment.short for environment in Environment] == ["prod", "stg"]


def test_tag_keys_are_accepted_by_aws() -> None:
    assert all(re.fullmatch(r"[\w.:/=+@-]{1,128}", key) and not key.startswith("aws:") for key in TagKey)
