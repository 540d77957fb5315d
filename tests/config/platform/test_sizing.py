import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.platform.sizing import (
    GROWTH,
    RECORDS_PER_HOUR,
    Load,
    batch_for,
    carried_per_day,
    connections,
    kept_executions,
    load_in,
    queue_bytes,
    workers_for,
)

FULL = Load(executions_per_day=25_000, seconds_per_execution=10)
loads = st.builds(Load, executions_per_day=st.integers(1, 10_000_000), seconds_per_execution=st.floats(0.01, 3600))


def test_the_day_of_the_source_is_carried_by_two_workers_and_three_leave_room() -> None:
    # 25,000 a day are 0.29 a second, at the peak 1.16, of 10 s each: 11.6 at once in places for ten, seven of which may be taken.
    assert FULL.per_second == pytest.approx(1.157, abs=0.001)
    assert FULL.at_once == pytest.approx(11.57, abs=0.01)
    assert workers_for(FULL, 10) == 2
    assert workers_for(FULL, 10, least=3) == 3
    assert carried_per_day(3, 10, 10) > FULL.executions_per_day


@given(loads, st.integers(5, 100))
def test_the_workers_that_a_load_needs_carry_it_and_one_fewer_do_not(load: Load, concurrency: int) -> None:
    workers = workers_for(load, concurrency)
    assert carried_per_day(workers, concurrency, load.seconds_per_execution) >= load.executions_per_day - 1
    if workers > 1:
        assert carried_per_day(workers - 1, concurrency, load.seconds_per_execution) < load.executions_per_day


def test_a_million_records_an_hour_of_one_workflow_come_in_batches() -> None:
    # Ten executions at a time, of 10 s each: 3,600 an hour, so 278 records in each.
    assert batch_for(seconds_per_batch=10, at_once=10) == 278
    assert batch_for(seconds_per_batch=10, at_once=10) * 3600 >= RECORDS_PER_HOUR
    # One by one they would be 278 executions a second, or 24 million a day, which no n8n of this size carries.
    assert pytest.approx(277.8, abs=0.1) == RECORDS_PER_HOUR / 3600
    assert workers_for(Load(executions_per_day=24_000_000, seconds_per_execution=1), 10) == 159


@given(st.integers(1, 10_000_000), st.floats(0.1, 600), st.integers(1, 500))
def test_batches_of_that_size_reach_the_records(records: int, seconds: float, at_once: int) -> None:
    assert batch_for(records, seconds_per_batch=seconds, at_once=at_once) * (at_once * 3600 / seconds) >= records * 0.999


def test_growth_is_that_of_the_source_and_ends_at_the_full_load() -> None:
    assert {each.month: each.tenants for each in GROWTH} == {1: 8, 6: 48, 12: 96, 24: 200}
    assert (GROWTH[0].workflows, GROWTH[-1].workflows) == (50, 1250)
    assert (GROWTH[0].gigabytes_per_day, GROWTH[-1].gigabytes_per_day) == (10, 250)
    assert load_in(GROWTH[-1], FULL) == FULL
    assert load_in(GROWTH[0], FULL).executions_per_day == 1000


def test_every_month_is_carried_by_the_three_workers_that_there_always_are() -> None:
    assert [workers_for(load_in(month, FULL), 10) for month in GROWTH] == [1, 1, 1, 2]


def test_the_queue_fits_into_the_smallest_node_that_the_plan_allows_for() -> None:
    gibi = 2**30
    # 8 answers of 64 MiB dominate; six hours without a worker are 25,000 jobs of 2 KiB.
    assert 1 * gibi < queue_bytes(FULL) < 1.2 * gibi
    # A cache.r5.large has 13.07 GiB.
    assert queue_bytes(Load(executions_per_day=2_500_000, seconds_per_execution=10)) < 13 * gibi


def test_connections_are_those_of_all_processes_and_of_the_export() -> None:
    assert connections(mains=1, webhooks=9, workers=12, pool_size=4) == 90


def test_two_weeks_of_executions_are_kept_whole() -> None:
    assert kept_executions(FULL, 336) == 420_000


def test_what_is_no_load_is_refused() -> None:
    with pytest.raises(ValueError, match="a load is one execution a day or more"):
        Load(executions_per_day=0, seconds_per_execution=1)
    with pytest.raises(ValueError, match="must be above 0"):
        batch_for(seconds_per_batch=0, at_once=1)
