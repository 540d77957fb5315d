"""A plan is applied with its receipt: of this stack, this commit, this file, and not too old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.deploy import receipt
from scripts.deploy.receipt import LONGEST, ReceiptError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = "urn:pulumi:staging::morefocus::pulumi:pulumi:Stack::morefocus-staging"


def planned(*, step: str = "same", **differing: Any) -> str:
    other = {"urn:pulumi:staging::morefocus::x:y:Z::z": {"goal": {"outputDiff": {"adds": {"arn": "x"}}}, "steps": ["create"]}}
    return json.dumps({"resourcePlans": {ROOT: {"goal": {"outputDiff": differing}, "steps": [step]}, **other}})


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "staging.json"
    path.write_text(planned(adds={"vpc_id": "x"}, updates={"hub_zone_id": "y"}, deletes=["old"]))
    receipt.issue(path, stack="staging", commit="c0ffee", changes={"create": 1}, now=NOW)
    return path


def test_the_receipt_names_every_output_that_changes(plan: Path) -> None:
    found = receipt.check(plan, stack="staging", commit="c0ffee", now=NOW + LONGEST)
    assert found.exports == ("hub_zone_id", "old", "vpc_id") and found.changes == {"create": 1}


@pytest.mark.parametrize(
    ("stack", "commit", "later", "said"),
    [
        ("sa-east-1", "c0ffee", timedelta(0), "is the plan of stack staging, not of sa-east-1"),
        ("staging", "beef", timedelta(0), "made of commit c0ffee, and this is beef"),
        ("staging", "c0ffee", LONGEST + timedelta(seconds=1), "2 days old, and 2 are allowed"),
    ],
)
def test_the_plan_of_another_stack_commit_or_time_is_refused(plan: Path, stack: str, commit: str, later: timedelta, said: str) -> None:
    with pytest.raises(ReceiptError, match=rf"{said}.*: make a new one with `make plan STACK={stack}`"):
        receipt.check(plan, stack=stack, commit=commit, now=NOW + later)


def test_a_plan_that_was_changed_or_is_gone_is_refused(plan: Path) -> None:
    plan.write_text(planned())
    with pytest.raises(ReceiptError, match="not the one that was looked at"):
        receipt.check(plan, stack="staging", commit="c0ffee", now=NOW)
    plan.unlink()
    with pytest.raises(ReceiptError, match="is missing"):
        receipt.check(plan, stack="staging", commit="c0ffee", now=NOW)


def test_what_is_no_receipt_or_no_plan_is_told(plan: Path) -> None:
    receipt.beside(plan).write_text('{"stack": "staging"}')
    with pytest.raises(ReceiptError, match="is no receipt of a plan"):
        receipt.read(plan)
    receipt.beside(plan).unlink()
    with pytest.raises(ReceiptError, match="make both with `make plan`"):
        receipt.read(plan)
    for text in ("[]", "{}", "no JSON"):
        plan.write_text(text)
        with pytest.raises(ReceiptError, match="no plan of the engine"):
            receipt.issue(plan, stack="staging", commit="c0ffee", changes={}, now=NOW)


def test_the_first_up_of_a_stack_is_made_by_hand(plan: Path) -> None:
    plan.write_text(planned(step="create"))
    receipt.issue(plan, stack="staging", commit="c0ffee", changes={"create": 1}, now=NOW)
    with pytest.raises(ReceiptError, match=r"never brought up.*`pulumi up -s staging` by hand once"):
        receipt.check(plan, stack="staging", commit="c0ffee", now=NOW)


def test_when_a_plan_was_applied_is_known_to_who_watches(plan: Path) -> None:
    assert receipt.applied_at(plan) is None
    receipt.applied(plan, NOW)
    assert receipt.applied_at(plan) == NOW
