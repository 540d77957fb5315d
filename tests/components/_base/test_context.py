"""Names, tags and ARNs of a stack come from one place and are known before anything exists."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components._base import Context
from config.vocabulary import Backup, DataClass, Environment, Law, Region, TagKey

CONTEXT = Context(
    environment=Environment.PRODUCTION,
    region=Region.EU_WEST_1,
    owner="platform",
    jurisdiction=Law.GDPR,
    cost_centre="platform",
    account_id="123456789012",
)
NAMES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,6}", fullmatch=True)


def test_a_physical_name_says_project_environment_and_region() -> None:
    assert CONTEXT.physical("bookings") == "morefocus-prod-euw1-bookings"
    assert replace(CONTEXT, environment=Environment.STAGING).physical("bookings") == "morefocus-stg-euw1-bookings"


@given(name=NAMES, limit=st.integers(32, 255))
def test_a_physical_name_keeps_its_limit_its_prefix_and_its_alphabet(name: str, limit: int) -> None:
    physical = CONTEXT.physical(name, limit)
    assert len(physical) <= limit
    assert physical.startswith("morefocus-prod-euw1-")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", physical)


@given(first=NAMES, second=NAMES)
def test_different_names_stay_different_when_cut(first: str, second: str) -> None:
    cut = [CONTEXT.physical("the-same-long-beginning-" + name, limit=32) for name in (first, second)]
    assert (cut[0] == cut[1]) == (first == second)


@pytest.mark.parametrize("name", ["", "Upper", "under_score", "-front", "back-", "double--hyphen", "dot.ted"])
def test_a_name_aws_would_refuse_somewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="single hyphens"):
        CONTEXT.physical(name)


def test_a_limit_without_room_for_prefix_and_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves no room"):
        CONTEXT.physical("a-name-that-is-too-long", limit=24)


def test_tags_are_the_closed_set() -> None:
    tags = CONTEXT.tags("database", DataClass.PERSONAL, name="x", tenant="t1", backup=Backup.SIX_HOURLY)
    assert set(tags) == {key.value for key in TagKey}
    assert tags["data-class"] == "personal" and tags["jurisdiction"] == "gdpr" and tags["tenant"] == "t1"


def test_name_tenant_and_backup_are_absent_when_there_is_none() -> None:
    absent = set(TagKey) - {TagKey(key) for key in CONTEXT.tags("vpc", DataClass.OPERATIONAL)}
    assert absent == {TagKey.NAME, TagKey.TENANT, TagKey.BACKUP}


def test_arns_of_regional_and_global_services() -> None:
    assert CONTEXT.arn("rds", "db:x") == "arn:aws:rds:eu-west-1:123456789012:db:x"
    assert CONTEXT.arn("iam", "role/x", region="") == "arn:aws:iam::123456789012:role/x"
    assert CONTEXT.arn("s3", "bucket", region="", account="") == "arn:aws:s3:::bucket"


@pytest.mark.parametrize("account", ["", "12345", "1234567890123", "12345678901a"])
def test_an_account_is_twelve_digits(account: str) -> None:
    with pytest.raises(ValueError, match="twelve digits"):
        replace(CONTEXT, account_id=account)


def test_copies_of_two_regions_in_a_third_never_share_a_name() -> None:
    there = CONTEXT.copy_in(Region.EU_CENTRAL_1)
    assert (there.region, there.physical("vault")) == (Region.EU_CENTRAL_1, "morefocus-prod-euw1-euc1-vault")
    assert there.physical("vault") != replace(CONTEXT, region=Region.SA_EAST_1).copy_in(Region.EU_CENTRAL_1).physical("vault")
    assert there.tags("copies", DataClass.PERSONAL)[TagKey.REGION] == "eu-central-1"
    assert there.tags("copies", DataClass.PERSONAL)[TagKey.JURISDICTION] == "gdpr"


def test_what_stands_in_another_region_is_named_after_its_code_once() -> None:
    here = replace(CONTEXT, region=Region.EU_WEST_1)
    there = here.copy_in(Region.EU_CENTRAL_1)
    assert here.logical("backups") == "backups"
    assert there.logical("backups") == "euc1-backups"
    assert there.physical(there.logical("backups")) == there.physical("backups") == "morefocus-prod-euw1-euc1-backups"
