"""What stands in other regions is told apart from what stands at home."""

import pytest

from config.load import load
from scripts.reference.estate.facts import Copies
from scripts.reference.estate.read_copies import at_home, read_copies
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack

COMPONENT = resource("morefocus:data:Bucket", "euc1-files")
GRAPH = graph_of(
    COMPONENT,
    resource("aws:s3/bucket:Bucket", "files", bucket="files"),
    resource("aws:rds/instance:Instance", "standby-replica", region="eu-west-1"),
    resource("aws:s3/bucket:Bucket", "euc1-files-bucket", COMPONENT.urn, bucket="far", region="eu-central-1"),
    resource("aws:kms/key:Key", "euc1-key", tags={"data-class": "personal"}, region="eu-central-1"),
)


def test_what_is_given_another_region_is_not_at_home() -> None:
    assert {each.name for each in at_home(GRAPH).resources} == {"euc1-files", "files", "standby-replica"}


def test_what_stands_in_a_region_is_told_without_its_code() -> None:
    assert read_copies(GRAPH) == (
        Copies(
            region="eu-central-1",
            keys=("personal",),
            buckets=("files",),
            standbys=(),
            recovery_points=False,
            database_backups=False,
        ),
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_region_that_the_config_copies_to_has_buckets_and_recovery_points(name: str) -> None:
    plan = load(name).plan
    copies = {each.region: each for each in shipped_stack(name).copies}
    assert set(plan.copies) <= set(copies)
    assert all(copies[region].recovery_points and copies[region].buckets == ("backups", "files") for region in plan.copies)
    assert [region for region, each in copies.items() if each.database_backups] == [plan.database.backups_region] * bool(
        plan.database.backups_region
    )


def test_the_standby_stands_where_the_config_says_whoever_makes_it() -> None:
    for name in NAMES:
        target = load(name).plan.database.standby_region
        made = [each for each in shipped_stack(name).copies if each.standbys]
        if made:
            assert [each.region for each in made] == [target]
        elif target is not None:
            assert len(shipped_stack(target).standbys) == 1
