"""What a ledger tells of a period: whether each control was run, held, and was mended, as SOC 2 type II asks.

Source: AICPA, AT-C section 205 and TSP section 100: an opinion of type II is on how controls operated throughout a period, with deviations.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from policies.evidence.ledger_chain import Entry, Run
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict

UNKNOWN = "unknown"
"""The share of time that no run speaks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A time from `start` up to, and without, `end`; a run speaks for `gap` at most."""

    start: datetime
    end: datetime
    gap: timedelta

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs times with their zone, such as 2026-01-01T00:00:00Z")
        if not (self.start < self.end and self.gap > timedelta(0)):
            raise ValueError(f"a period ends after it starts, with a gap above 0 (got {self.start} to {self.end}, gap {self.gap})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Episode:
    """A violation of one resource, from the first run that saw it to the first that did not."""

    urn: str
    opened: datetime
    closed: datetime | None

    @property
    def lasted(self) -> timedelta | None:
        """Time to fix; None while it is open."""
        return None if self.closed is None else self.closed - self.opened


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One control in one layer over a period."""

    control: str
    layer: Layer
    runs: tuple[datetime, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    """Times without a run that are longer than allowed, those at both ends of the period too."""
    opened: tuple[Episode, ...]
    """Violations that began in the period."""
    closed: tuple[Episode, ...]
    """Violations that were mended in the period, whenever they began."""
    standing: tuple[Episode, ...]
    """Violations that are open at its end."""
    shares: dict[str, float]
    """Of the period by verdict, with `unknown` where no run speaks; their sum is 1."""

    @property
    def fixes(self) -> tuple[timedelta, ...]:
        """Times to fix of what was closed, the shortest first."""
        return tuple(sorted(each.lasted for each in self.closed if each.lasted is not None))

    @property
    def typical_fix(self) -> timedelta | None:
        """The median of the times to fix; None where nothing was closed."""
        return timedelta(seconds=median(each.total_seconds() for each in self.fixes)) if self.fixes else None

    @property
    def passing(self) -> float:
        """The share in which nothing was wrong: all passed, or there was nothing to judge."""
        return self.shares.get(Verdict.PASS, 0.0) + self.shares.get(Verdict.NOT_APPLICABLE, 0.0)


def records(entries: Iterable[Entry], period: Period, layers: Sequence[Layer] = tuple(Layer)) -> list[Record]:
    """Return a record for each control and layer that was ever run before the period's end, by control, then layer.

    Lines from before the period tell what was open when it began.
    """
    runs = sorted((entry.run for entry in entries if entry.run.time < period.end), key=lambda run: run.time)
    found = []
    for control in sorted({control for run in runs for control in run.controls}):
        for layer in layers:
            own = [run for run in runs if run.layer is layer and control in run.controls]
            if own:
                found.append(_record(control, layer, own, period))
    return found


def _record(control: str, layer: Layer, runs: Sequence[Run], period: Period) -> Record:
    episodes = _episodes(control, runs)
    times = tuple(run.time for run in runs if run.time >= period.start)
    bounds = [period.start, *times, period.end]
    return Record(
        control=control,
        layer=layer,
        runs=times,
        gaps=tuple((before, after) for before, after in pairwise(bounds) if after - before > period.gap),
        opened=tuple(each for each in episodes if each.opened >= period.start),
        closed=tuple(each for each in episodes if each.closed is not None and each.closed >= period.start),
        standing=tuple(each for each in episodes if each.closed is None),
        shares=_shares(control, runs, period),
    )


def _episodes(control: str, runs: Sequence[Run]) -> list[Episode]:
    since: dict[str, datetime] = {}
    found = []
    for run in runs:
        failing = set(run.controls[control].failing)
        found += [Episode(urn=urn, opened=since.pop(urn), closed=run.time) for urn in sorted(since.keys() - failing)]
        for urn in failing:
            since.setdefault(urn, run.time)
    found += [Episode(urn=urn, opened=opened, closed=None) for urn, opened in since.items()]
    return sorted(found, key=lambda each: (each.opened, each.urn))


def _shares(control: str, runs: Sequence[Run], period: Period) -> dict[str, float]:
    """Return how much of the period each verdict held: a run speaks until the next, and no longer than a gap may be."""
    seconds: dict[str, float] = {}
    ends = [*(run.time for run in runs[1:]), period.end]
    for run, end in zip(runs, ends, strict=True):
        until = min(end, run.time + period.gap, period.end)
        spoken = (until - max(run.time, period.start)).total_seconds()
        if spoken > 0:
            verdict = run.controls[control].verdict
            seconds[verdict] = seconds.get(verdict, 0.0) + spoken
    whole = (period.end - period.start).total_seconds()
    rest = whole - sum(seconds.values())
    shares = {str(verdict): part / whole for verdict, part in sorted(seconds.items())}
    return shares | ({UNKNOWN: rest / whole} if rest > 0 else {})


def to_json(found: Iterable[Record], period: Period) -> str:
    """Return the report as JSON; times in UTC, durations in whole hours, rounded up."""

    def episode(each: Episode) -> dict[str, Any]:
        return {"urn": each.urn, "opened": _time(each.opened), "closed": None if each.closed is None else _time(each.closed)}

    rows = [
        {
            "control": each.control,
            "layer": each.layer,
            "runs": len(each.runs),
            "first": _time(each.runs[0]) if each.runs else None,
            "last": _time(each.runs[-1]) if each.runs else None,
            "gaps": [{"from": _time(before), "to": _time(after)} for before, after in each.gaps],
            "opened": [episode(one) for one in each.opened],
            "closed": [episode(one) for one in each.closed],
            "standing": [episode(one) for one in each.standing],
            "hours_to_fix": {"median": _hours(each.typical_fix), "longest": _hours(each.fixes[-1])}
            if each.typical_fix is not None
            else None,
            "passing": round(each.passing, 4),
            "shares": {name: round(share, 4) for name, share in each.shares.items()},
        }
        for each in found
    ]
    about = {"from": _time(period.start), "to": _time(period.end), "gap_days": period.gap / timedelta(days=1)}
    return json.dumps({"period": about, "controls": rows}, indent=1, sort_keys=True) + "\n"


def to_text(found: Iterable[Record], period: Period) -> str:
    """Return the report as lines: one for each control and layer, and below it what is not as it should be."""
    lines = [f"{_time(period.start)} to {_time(period.end)}; a gap is more than {period.gap / timedelta(days=1):g} days without a run"]
    for each in found:
        typical = each.typical_fix
        fixes = "" if typical is None else f", to fix {_hours(typical)} h in the median, {_hours(each.fixes[-1])} h at most"
        seen = f"{_time(each.runs[0])} to {_time(each.runs[-1])}" if each.runs else "none"
        lines.append(
            f"{each.control:8} {each.layer:8} passing {each.passing:6.1%}  runs {len(each.runs)} ({seen}), "
            f"opened {len(each.opened)}, closed {len(each.closed)}, open {len(each.standing)}{fixes}"
        )
        lines += [f"    no run from {_time(before)} to {_time(after)}" for before, after in each.gaps]
        lines += [f"    open since {_time(one.opened)}: {one.urn or 'the stack'}" for one in each.standing]
    return "\n".join(lines) + "\n"


def _time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _hours(lasted: timedelta) -> int:
    return -(-lasted // timedelta(hours=1))
