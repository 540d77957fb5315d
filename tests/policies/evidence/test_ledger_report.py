"""A report of a period counts runs, gaps, violations, how long they lasted, and how much of the time all was well."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.evidence.ledger_chain import NOTHING, Entry, Run, chained
from policies.evidence.ledger_report import UNKNOWN, Period, Record, records, to_json, to_text
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from tests.policies.evidence.test_ledger import START, URN, run

OTHER = f"{URN}-other"
DAY = 24.0


def period(days: float = 10, *, start: float = 0, gap: float = 2) -> Period:
    begin = START + timedelta(days=start)
    return Period(start=begin, end=begin + timedelta(days=days), gap=timedelta(days=gap))


def entries(*runs: Run) -> list[Entry]:
    found: list[Entry] = []
    for number, each in enumerate(runs, 1):
        found.append(chained(each, number, found[-1].hash if found else NOTHING))
    return found


def only(runs: Iterable[Run], about: Period) -> Record:
    (found,) = records(entries(*runs), about)
    return found


def test_a_violation_is_opened_closed_and_timed() -> None:
    days = {0: (), 1: (URN,), 2: (URN, OTHER), 3: (OTHER,), 5: (), 6: (URN,)}
    found = only([run(day * DAY, failing=failing) for day, failing in days.items()], period())
    assert [each.urn for each in found.opened] == [URN, OTHER, URN]
    assert [each.urn for each in found.closed] == [URN, OTHER]
    assert found.fixes == (timedelta(days=2), timedelta(days=3))
    assert [(each.urn, each.opened) for each in found.standing] == [(URN, START + timedelta(days=6))]
    assert found.gaps == ((START + timedelta(days=6), START + timedelta(days=10)),), "the end of the period counts; two days are no gap"
    # Right on days 0 and 5, wrong on 1 to 4 and 6 to 7; after that no run speaks.
    assert found.shares == pytest.approx({"pass": 0.2, "violation": 0.6, UNKNOWN: 0.2})


def test_what_was_open_before_the_period_is_timed_from_its_beginning() -> None:
    runs = [run(0, failing=(URN,)), run(2 * DAY, failing=(URN,)), run(4 * DAY)]
    found = only(runs, period(5, start=1))
    assert not found.opened and found.fixes == (timedelta(days=4),)
    assert [each - START for each in found.runs] == [timedelta(days=2), timedelta(days=4)]
    assert found.shares == pytest.approx({"pass": 0.4, "violation": 0.6}), "the run before it speaks for its first day"


def test_a_line_after_the_period_says_nothing_of_it() -> None:
    found = only([run(0, failing=(URN,)), run(11 * DAY)], period())
    assert not found.closed and found.standing


def test_layers_and_controls_are_told_apart() -> None:
    runs = [
        run(0, failing=(URN,)),
        run(0, layer=Layer.RUNNING),
        run(0, layer=Layer.PREVIEW, control="NET-04"),
    ]
    found = records(entries(*runs), period(1))
    assert [(each.control, each.layer, len(each.standing)) for each in found] == [
        ("NET-04", Layer.PREVIEW, 0),
        ("RET-01", Layer.STATE, 1),
        ("RET-01", Layer.RUNNING, 0),
    ]
    assert [each.layer for each in records(entries(*runs), period(1), [Layer.RUNNING])] == [Layer.RUNNING]


@given(
    st.lists(st.tuples(st.floats(0, 20, allow_nan=False), st.booleans()), min_size=1, max_size=12),
    st.floats(0, 15),
    st.floats(0.5, 10),
    st.floats(0.1, 5),
)
def test_shares_of_time_add_up_and_each_violation_is_closed_or_stands(
    seen: list[tuple[float, bool]], start: float, days: float, gap: float
) -> None:
    about = period(days, start=start, gap=gap)
    found = records(entries(*(run(day * DAY, failing=(URN,) if bad else ()) for day, bad in sorted(seen))), about)
    for each in found:
        assert sum(each.shares.values()) == pytest.approx(1)
        assert all(share > 0 for share in each.shares.values())
        assert set(each.opened) <= set(each.closed) | set(each.standing)
        assert all(after - before > about.gap for before, after in each.gaps)
        assert all(about.start <= time < about.end for time in each.runs)


def test_the_report_is_text_for_people_and_json_for_programs() -> None:
    runs = [run(0, failing=(URN,)), run(1.5 * DAY), run(2 * DAY, failing=(OTHER,))]
    about = period(5)
    found = records(entries(*runs), about)
    text = to_text(found, about)
    assert "RET-01   state    passing  10.0%  runs 3 (2026-01-01T00:00:00Z to 2026-01-03T00:00:00Z)" in text
    assert "opened 2, closed 1, open 1, to fix 36 h in the median, 36 h at most" in text
    assert "no run from 2026-01-03T00:00:00Z to 2026-01-06T00:00:00Z" in text and f"open since 2026-01-03T00:00:00Z: {OTHER}" in text
    (row,) = json.loads(to_json(found, about))["controls"]
    assert row["hours_to_fix"] == {"median": 36, "longest": 36} and row["shares"][Verdict.VIOLATION] == 0.7
    assert row["gaps"] == [{"from": "2026-01-03T00:00:00Z", "to": "2026-01-06T00:00:00Z"}]
    assert row["standing"] == [{"urn": OTHER, "opened": "2026-01-03T00:00:00Z", "closed": None}]


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(start=START, end=START, gap=timedelta(days=1))
    with pytest.raises(ValueError, match="times with their zone"):
        Period(start=START.replace(tzinfo=None), end=START, gap=timedelta(days=1))
