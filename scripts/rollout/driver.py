"""The steps of a rollout: more and more of the calls, watched at each, and back at once when something is wrong (DEL-3, ADR 26)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.rollout.aliases import Candidate, MovedError, candidate, share, take_back
from scripts.rollout.watching import compare, ringing

_LOOK_EVERY_SECONDS = 10.0


class RefusedError(Exception):
    """The rollout cannot begin; nothing was moved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollout:
    """How a rollout goes, and by what it asks and moves."""

    functions: Any
    """boto3's client of Lambda."""
    cloudwatch: Any
    steps: Sequence[int]
    """Rising percentages that end in 100."""
    bake: timedelta
    """How long each step is watched."""
    say: Callable[[str], None] = print
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self, alarms: Mapping[str, Sequence[str]]) -> bool:
        """Take every function of `alarms` (to the alarms that end its rollout) into service, all of them in the same steps.

        Returns whether the new versions are in service; False when they were taken back. What is under way already goes on from where
        it is. Raises RefusedError when a rollout must not begin.
        """
        self._may_begin(alarms)
        moved = {name: found for name in alarms if (found := candidate(self.functions, name)) is not None}
        if not moved:
            self.say("the newest versions are in service: nothing to do")
            return True
        watched = [alarm for name in moved for alarm in alarms[name]]
        reached = min(each.percent for each in moved.values())
        try:
            for percent in (step for step in self.steps if step > reached):
                self._step(moved, percent)
                if reason := self._wrong(moved, watched):
                    return self._back(moved, reason)
        except BaseException as error:
            self._back(moved, str(error) or type(error).__name__)
            if isinstance(error, MovedError | LookupError):
                return False
            raise
        self.say(f"in service: {_versions(moved)}")
        return True

    def _may_begin(self, alarms: Mapping[str, Sequence[str]]) -> None:
        blind = sorted(name for name, watched in alarms.items() if not watched)
        if blind:
            raise RefusedError(f"no alarm would end the rollout of {', '.join(blind)}: it would not be noticed that it fails")
        try:
            already = ringing(self.cloudwatch, [alarm for watched in alarms.values() for alarm in watched])
        except LookupError as error:
            raise RefusedError(str(error)) from None
        if already:
            raise RefusedError(f"alarms ring before anything was moved: {', '.join(already)}; mend that first, or go back with `--back`")

    def _step(self, moved: dict[str, Candidate], percent: int) -> None:
        for name, each in moved.items():
            moved[name] = share(self.functions, each, percent)
        self.say(f"{percent} % of the calls: {_versions(moved)}")

    def _wrong(self, moved: dict[str, Candidate], watched: Sequence[str]) -> str | None:
        """Watch one step to its end; return what is wrong as soon as something is."""
        began = self.now()
        while True:
            if alarms := ringing(self.cloudwatch, watched):
                return f"alarms ring: {', '.join(alarms)}"
            comparisons = [compare(self.cloudwatch, each, began, self.now()) for each in moved.values()]
            if worse := [reason for each in comparisons if (reason := each.worse)]:
                return "; ".join(worse)
            left = began + self.bake - self.now()
            if left <= timedelta(0):
                for each in comparisons:
                    self.say(f"  {each}")
                return None
            self.sleep(min(_LOOK_EVERY_SECONDS, left.total_seconds()))

    def _back(self, moved: dict[str, Candidate], reason: str) -> bool:
        for each in moved.values():
            take_back(self.functions, each)
        self.say(f"taken back, because {reason}: all calls have {', '.join(f'{each.function} {each.old}' for each in moved.values())}")
        return False


def _versions(moved: dict[str, Candidate]) -> str:
    return ", ".join(f"{each.function} {each.new}" for each in moved.values())
