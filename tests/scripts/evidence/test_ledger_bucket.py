"""Lines of a ledger lie locked in a bucket, from which the chain comes back whole whatever was done to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from policies.evidence.ledger import Ledger, LedgerError
from policies.evidence.ledger_chain import NOTHING, chained
from scripts.evidence.ledger_bucket import Bucket, against_copy
from tests.policies.evidence.test_ledger import URN, chain, run

NAME = "records"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-1")
        place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
        client.create_bucket(Bucket="plain", **place)
        client.create_bucket(Bucket=NAME, ObjectLockEnabledForBucket=True, **place)
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}}
        client.put_object_lock_configuration(Bucket=NAME, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
        yield client


@pytest.fixture
def copy(s3: Any) -> Bucket:
    return Bucket(s3, NAME, "eu-west-1")


def keys(s3: Any) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=NAME).get("Contents", ())]


def test_each_line_is_uploaded_once_and_locked(s3: Any, copy: Bucket) -> None:
    entries = chain(3)
    assert copy.upload(entries[:2]) == 2
    assert (copy.upload(entries), copy.upload(entries)) == (1, 0)
    assert keys(s3) == [f"ledger/eu-west-1/{each.sequence:08}-{each.hash}.json" for each in entries]
    found = s3.get_object(Bucket=NAME, Key=keys(s3)[0])
    assert found["Body"].read() == entries[0].line and found["ObjectLockMode"] == "GOVERNANCE"
    held, problems = copy.read()
    assert (list(held.entries), problems) == (entries, [])


def test_two_that_upload_at_once_write_a_line_once(s3: Any, copy: Bucket) -> None:
    (entry,) = chain(1)
    copy._put(entry)
    copy._put(entry)
    assert len(s3.list_object_versions(Bucket=NAME)["Versions"]) == 1


def test_a_ledger_comes_back_from_its_copy(copy: Bucket, tmp_path: Path) -> None:
    ledger = Ledger.of(tmp_path, "eu-west-1")
    for hours in range(3):
        ledger.append(run(hours))
    copy.upload(ledger.entries())
    another = Ledger.of(tmp_path / "another", "eu-west-1")
    another.restore(copy.read()[0].entries)
    assert another.path.read_bytes() == ledger.path.read_bytes() and another.append(run(3)).sequence == 4


def test_what_is_put_over_a_line_or_hides_it_is_told_and_the_first_version_holds(s3: Any, copy: Bucket) -> None:
    entries = chain(3)
    copy.upload(entries)
    first, second, _ = keys(s3)
    s3.put_object(Bucket=NAME, Key=first, Body=chained(run(failing=(URN,)), 1, NOTHING).line, ChecksumAlgorithm="SHA256")
    s3.delete_object(Bucket=NAME, Key=second)
    held, problems = copy.read()
    assert list(held.entries) == entries
    assert [(each.line, each.text.partition(":")[0]) for each in problems] == [
        (1, "the copy's object was written again"),
        (2, "the copy's object was deleted"),
    ]


def test_a_line_that_is_missing_from_the_copy_or_doubled_is_named(s3: Any, copy: Bucket) -> None:
    entries = chain(4)
    for entry in (entries[0], entries[1], entries[3]):
        copy._put(entry)
    assert [str(each) for each in copy.read()[1]] == [
        "line 4: the copy goes on here without line 3: upload again where the ledger is whole"
    ]
    copy._put(chained(run(1, failing=(URN,)), 2, entries[0].hash))
    assert "line 2: the copy has two lines of this number" in str(copy.read()[1][0])


def test_an_object_that_is_not_what_its_name_says_is_told(s3: Any, copy: Bucket) -> None:
    (entry,) = chain(1)
    s3.put_object(Bucket=NAME, Key=f"ledger/eu-west-1/00000001-{'0' * 64}.json", Body=entry.line, ChecksumAlgorithm="SHA256")
    assert "holds another line than its name says" in str(copy.read()[1][0])


def test_a_ledger_that_contradicts_its_copy_is_not_uploaded(s3: Any, copy: Bucket) -> None:
    entries = chain(3)
    copy.upload(entries)
    forged = [chained(run(failing=(URN,)), 1, NOTHING)]
    with pytest.raises(LedgerError, match="line 1: the locked copy has another line"):
        copy.upload(forged)
    assert [str(each) for each in against_copy(entries[:2], entries)] == [
        "line 3: it is missing here, the locked copy has it: take the ledger back from the copy"
    ]
    assert against_copy(entries, entries[:2]) == []


def test_a_bucket_that_locks_nothing_is_refused(s3: Any) -> None:
    with pytest.raises(LedgerError, match="locks nothing by itself"):
        Bucket(s3, "plain", "eu-west-1").upload(chain(1))
    assert "Contents" not in s3.list_objects_v2(Bucket="plain")


def test_stacks_do_not_see_each_others_lines(s3: Any, copy: Bucket) -> None:
    copy.upload(chain(2))
    assert Bucket(s3, NAME, "staging").read()[0].entries == ()
