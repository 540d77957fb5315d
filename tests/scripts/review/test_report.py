"""The review puts together what each stack says, and knows which data is at stake."""

from decimal import Decimal
from typing import Any

from policies.verdict import Finding, Verdict
from scripts.review.judging import Verdicts
from scripts.review.preview import Action
from scripts.review.reading import parse
from scripts.review.report import signed
from tests.scripts.review import samples
from tests.scripts.review.samples import (
    DATABASE,
    QUEUE,
    ROLE,
    create,
    delete,
    previewed,
    replace,
    reviewed,
    same,
    state,
    step,
    stream,
    update,
)

BUCKET = "aws:s3/bucketV2:BucketV2"


def test_stores_that_are_replaced_or_deleted_are_told_and_what_stays_in_the_cloud_is_not() -> None:
    found = reviewed(
        previewed(
            replace(DATABASE, "primary", {"engine": "x"}, {"engine": "y"}, "engine"),
            delete(BUCKET, "files"),
            delete(BUCKET, "kept", retainOnDelete=True),
            delete(ROLE, "worker"),
            update(QUEUE, "jobs", {"a": 1}, {"a": 2}, "a"),
            create(QUEUE, "new"),
        )
    )
    assert [(loss.step.name, loss.step.action, loss.stake) for loss in found.losses] == [
        ("primary", Action.REPLACE, "its rows"),
        ("files", Action.DELETE, "its objects"),
    ]
    # What is lost comes first, then by gravity.
    assert [each.name for each, _ in found.stacks[0].differences] == ["primary", "files", "worker", "kept", "jobs", "new"]


def test_sums_are_over_all_stacks() -> None:
    one, other = previewed(create(QUEUE, "a"), delete(ROLE, "b")), previewed(create(QUEUE, "a"), stack="eu-west-1")
    violation = Finding(control="TST-01", urn="u", verdict=Verdict.VIOLATION)
    told = Verdicts(findings=(violation,), before=(), faults=("row 1",))
    found = reviewed(one, other, verdicts={"us-east-1": told, "eu-west-1": Verdicts(findings=(violation,), before=(violation,))})
    assert found.counts == {Action.CREATE: 2, Action.DELETE: 1} and not found.failed
    assert (found.new_violations, found.blocking, found.faults) == (1, 2, ("row 1",))


def test_the_cost_of_a_stack_that_failed_leaves_the_whole_open() -> None:
    whole = reviewed(previewed(create(ROLE, "a")))
    assert whole.cost == (Decimal(0), True)
    failed = reviewed(previewed(create(ROLE, "a")), parse(stream(create(ROLE, "b"), result="failed"), "eu-west-1"))
    assert failed.cost == (Decimal(0), False) and [each.stack for each in failed.failed] == ["eu-west-1"]
    assert reviewed(previewed(create("aws:kms/key:Key", "a"))).cost[1] is False


def test_what_changes_is_priced_by_itself_and_what_is_only_shared_out_anew_is_one_sum() -> None:
    group = "aws:cloudwatch/logGroup:LogGroup"
    steps = (delete(group, "gone"), *(same(group, f"kept-{index}") for index in range(3)))
    found = reviewed(previewed(*steps), prices={"logs__written": "1", "logs__kept": "1"}).stacks[0]
    assert found.cost and len(found.cost.differences) == 4
    assert [each.urn.rpartition("::")[2] for each in found.priced] == ["gone"]
    assert found.shifted > 0 and found.shifted + found.priced[0].amount == found.cost.amount
    assert reviewed(previewed(create(QUEUE, "a"))).stacks[0].shifted == 0


def test_components_are_no_resources_that_change() -> None:
    component: dict[str, Any] = {**state("morefocus:data:Bucket", "files"), "custom": False}
    assert not reviewed(previewed([step("create", None, component)])).stacks[0].differences


def test_amounts_have_signs_and_separators() -> None:
    assert [signed(Decimal(amount)) for amount in ("1204.5", "-3", "0.00")] == ["+1,204.50", "-3.00", "±0.00"]


def test_a_samples_stream_is_one_of_a_stack() -> None:
    assert previewed(create(QUEUE, "a")).stack == samples.STACK
