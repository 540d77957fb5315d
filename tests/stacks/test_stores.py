"""A store without a backup is refused, with the row to write."""

import copy
from fnmatch import fnmatchcase
from typing import Any

import pytest

from components.data.bucket import Bucket, BucketArgs
from config.errors import ConfigError
from config.load import Settings, load
from config.transfers import TransferRegister
from config.vocabulary import Backup, DataClass
from stacks.compose import context_of
from stacks.stores import SNAPSHOTS_OF_THEIR_OWN, STORES, Stores, judge
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import failure, record

BUCKET = "aws:s3/bucket:Bucket"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load("eu-west-1")


def tags(data: str = "personal", backup: str | None = "six-hourly", region: str = "eu-west-1") -> dict[str, Any]:
    found = {"data-class": data, "region": region, "environment": "production"}
    return {"tags": found | ({} if backup is None else {"backup": backup})}


def test_a_store_that_the_plan_selects_is_well(settings: Settings) -> None:
    assert judge(settings, BUCKET, "files-bucket", tags()) == []


@pytest.mark.parametrize("data", ["personal", "credentials", "operational"])
@pytest.mark.parametrize("backup", [None, "none"])
@pytest.mark.parametrize("type_", sorted(STORES))
def test_a_store_that_nothing_backs_up_is_named_with_the_row_to_write(
    settings: Settings, type_: str, data: str, backup: str | None
) -> None:
    (problem,) = judge(settings, type_, "bookings", tags(data, backup))
    assert (problem.file, problem.key) == ("config/estate.yaml", "defaults.backup.exempt")
    assert problem.given == f"bookings ({type_}), a store without a backup"
    assert "`bookings: <reason>` under backup.exempt" in problem.remedy


@pytest.mark.parametrize("data", ["logs", "public"])
def test_logs_and_public_data_need_no_backup(settings: Settings, data: str) -> None:
    assert judge(settings, BUCKET, "logs-bucket", tags(data, "none")) == []


@pytest.mark.parametrize("name", ["database-replica-a", "database-replica-c", "backups-bucket"])
def test_a_store_that_config_exempts_needs_no_backup(settings: Settings, name: str) -> None:
    assert judge(settings, "aws:rds/instance:Instance", name, tags(backup="none")) == []


def test_a_copy_in_another_region_is_not_backed_up_again(settings: Settings) -> None:
    assert judge(settings, BUCKET, "euc1-files-bucket", tags(backup="none", region="eu-central-1")) == []


def test_a_store_without_tags_is_refused(settings: Settings) -> None:
    (problem,) = judge(settings, BUCKET, "stray-bucket", {})
    assert "without the tag data-class" in problem.given


@pytest.mark.parametrize(("days", "count"), [(7, 0), (0, 1), (None, 1)])
@pytest.mark.parametrize("type_", sorted(SNAPSHOTS_OF_THEIR_OWN))
def test_what_aws_backup_does_not_know_keeps_snapshots_of_its_own(settings: Settings, type_: str, days: int | None, count: int) -> None:
    assert len(judge(settings, type_, "cache-cluster", tags(backup=None) | {"snapshot_retention_limit": days})) == count


def test_a_backup_is_copied_only_where_the_register_lets_its_data_go(settings: Settings) -> None:
    rows = [row for row in settings.estate.register.transfers if (row.data, row.destination) != ("personal", "eu-central-1")]
    estate, changed = copy.copy(settings.estate), copy.copy(settings)
    object.__setattr__(estate, "register", TransferRegister(transfers=tuple(rows)))
    object.__setattr__(changed, "estate", estate)
    (problem,) = judge(changed, BUCKET, "files-bucket", tags())
    assert problem.file == "config/transfers.yaml"
    assert "personal data from eu-west-1 to eu-central-1" in problem.given


def _program(settings: Settings, backup: Backup | None) -> None:
    stores = Stores(settings)
    args = BucketArgs(data_class=DataClass.PERSONAL, key_arn=None, log_bucket=None, backup=backup)
    Bucket("bookings", context_of(settings), args)
    stores.check()


def test_the_program_is_refused_at_preview_when_a_store_has_no_backup(settings: Settings) -> None:
    error, _ = failure(lambda: _program(settings, Backup.NONE), preview=True)
    assert isinstance(error, ConfigError)
    assert "write `bookings-bucket: <reason>` under backup.exempt" in str(error)


def test_the_program_goes_on_when_every_store_has_one(settings: Settings) -> None:
    assert record(lambda: _program(settings, None), preview=True).of_type(BUCKET)


@pytest.mark.parametrize("pattern", load("us-east-1").plan.backup.exempt)
def test_every_exemption_is_of_a_store_that_there_is(pattern: str) -> None:
    names = {each.name for stack in STACKS for each in shipped_graph(stack).resources if each.type in STORES}
    assert [name for name in names if fnmatchcase(name, pattern)]
