"""Connections of a database, from the memory of its class."""

import pytest

from config.connections import KEPT_FREE, memory_gib, most_connections


@pytest.mark.parametrize(
    "instance_class, gib",
    [("db.r5.xlarge", 32), ("db.r6g.large", 16), ("db.m7g.2xlarge", 32), ("db.t3.micro", 1), ("db.t4g.2xlarge", 32), ("db.x2g.large", 32)],
)
def test_memory_follows_family_and_size(instance_class: str, gib: int) -> None:
    assert memory_gib(instance_class) == gib


@pytest.mark.parametrize("instance_class", ["db.z9.large", "db.r5.metal", "db.t3.nano"])
def test_what_is_not_known_is_not_guessed(instance_class: str) -> None:
    assert memory_gib(instance_class) is None and most_connections(instance_class) is None


def test_rds_lets_no_more_than_5000_in_however_large_the_class() -> None:
    assert most_connections("db.r5.24xlarge") == 5000 - KEPT_FREE


def test_poolers_leave_connections_for_others_below_what_rds_lets_in() -> None:
    rds = 32 * 2**30 // 9531392
    most = most_connections("db.r5.xlarge")
    assert most is not None and 0.8 * rds < most < rds - 3
