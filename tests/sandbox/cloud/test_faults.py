"""Rules for faults: what is refused, and when they strike."""

from typing import Any

import pytest

from sandbox.cloud.faults import Faults, InvalidRuleError
from sandbox.cloud.messages import Answer, HangupError
from tests.sandbox.cloud.test_aws_request import sent

OK = Answer("200 OK", (), b"")
KMS: tuple[str, str, dict[str, Any]] = ("kms", "create_key", {})
EC2: tuple[str, str, dict[str, Any]] = ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"})


def outcome(faults: Faults, call: tuple[str, str, dict[str, Any]]) -> tuple[int, bool]:
    """Status (0 for a broken connection) and whether the request reached the cloud."""
    reached = []

    def run() -> Answer:
        reached.append(1)
        return OK

    try:
        return faults.around(sent(*call), run).code, bool(reached)
    except HangupError:
        return 0, bool(reached)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"kind": "explode"}, "fault kind 'explode' is not one of throttle"),
        ({"kind": "delay", "when": 1}, "unknown field 'when' of a fault; allowed: kind, match"),
        ({"kind": "delay", "match": "ec3:*"}, "unknown AWS service 'ec3'"),
        ({"kind": "delay", "match": "ec2:MakeVpc"}, "ec2 has no action 'MakeVpc'"),
        ({"kind": "delay", "probability": 2}, "probability must be between 0 and 1"),
    ],
)
def test_a_rule_that_could_never_strike_is_refused(rule: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidRuleError, match=problem):
        Faults().set([rule])


@pytest.mark.parametrize(
    ("kind", "status", "reached"),
    [
        ("throttle", 400, False),
        ("error500", 500, False),
        ("error503", 503, False),
        ("reset-before", 0, False),
        ("reset-after", 0, True),
        ("delay", 200, True),
    ],
)
def test_each_kind_does_what_its_name_says(kind: str, status: int, reached: bool) -> None:
    faults = Faults()
    faults.set([{"match": "kms:CreateKey", "kind": kind, "seconds": 0.0}])
    assert outcome(faults, KMS) == (status, reached)
    assert outcome(faults, EC2) == (200, True)


def test_a_rule_strikes_as_often_as_it_says_and_counts() -> None:
    faults = Faults()
    faults.set([{"match": "kms:*", "kind": "error500", "times": 2}])
    assert [outcome(faults, KMS)[0] for _ in range(3)] == [500, 500, 200]
    (described,) = faults.described()
    assert (described["struck"], described["times"]) == (2, 2)


def test_the_first_rule_that_can_strike_does() -> None:
    faults = Faults()
    faults.set([{"match": "kms:*", "kind": "error500", "times": 1}, {"match": "*", "kind": "error503"}])
    assert [outcome(faults, call)[0] for call in (EC2, KMS, KMS)] == [503, 500, 503]


def test_chance_follows_the_seed() -> None:
    def series() -> list[int]:
        faults = Faults()
        faults.set([{"match": "*", "kind": "error500", "probability": 0.5, "seed": 3}])
        return [outcome(faults, KMS)[0] for _ in range(20)]

    first = series()
    assert first == series()
    assert 4 <= first.count(500) <= 16
