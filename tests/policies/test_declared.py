"""What is declared of stores is short, has reasons, and is about stores that there are."""

from fnmatch import fnmatchcase

import pytest
from pydantic import ValidationError

from config.vocabulary import DataClass
from policies.declared import Declared, declared
from policies.holdings import ABOUT_PERSONS
from tests.kit.policies import STACKS, shipped

ROW = {"kept_days": {"personal": 365}, "erased_days": 90, "until_erased": {"files": "the erasure deletes them"}, "rebuilt": {}}


def test_every_class_about_persons_has_a_limit() -> None:
    assert set(declared().kept_days) == ABOUT_PERSONS
    assert declared().kept_days[DataClass.LOGS] >= 365, "a year of records (COM-2)"


def test_every_row_is_about_a_store_of_the_estate() -> None:
    names = {resource.name for stack in STACKS for resource in shipped(stack).of("aws:s3/bucket:Bucket")}
    for pattern in [*declared().until_erased, *declared().rebuilt]:
        assert any(fnmatchcase(name, pattern) for name in names), f"{pattern} is nobody: remove the row"


def test_a_store_is_known_by_its_logical_name_and_patterns_of_it() -> None:
    assert declared().stays_until_erased("euc1-files-bucket") and declared().stays_until_erased("tenant-acme-bucket")
    assert not declared().stays_until_erased("files-bucket-2") and not declared().stays_until_erased("backups-bucket")
    assert declared().is_rebuilt("releases-bucket") and not declared().is_rebuilt("files-bucket")


@pytest.mark.parametrize(
    "change",
    [{"kept_days": {"personal": 0}}, {"kept_days": {"private": 30}}, {"until_erased": {"files": "because"}}, {"erased": 90}],
    ids=["no days", "no class", "no reason", "no such key"],
)
def test_a_row_that_says_nothing_is_refused(change: dict[str, object]) -> None:
    assert Declared.model_validate(ROW)
    with pytest.raises(ValidationError, match=next(iter(change))):
        Declared.model_validate(ROW | change)
