"""Waits after a deployment and watches the alarms of the region: the first that goes off ends it (DEL-3)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from config.load import Settings
from config.vocabulary import Region

EVERY = timedelta(seconds=15)
"""Between two looks. Alarms are evaluated once a minute, so none rings and ends between two."""

HEALTH_CHECKS = Region.US_EAST_1
"""Where alone metrics of Route 53's health checks are."""


class AlarmError(Exception):
    """The deployment must not go on; says which alarms ring, or that none could be watched, and what to do."""


def watched(settings: Settings) -> dict[Region, str]:
    """Return in which regions a change of a stack can ring alarms, and how their names begin there.

    In its own region these are all of its environment; elsewhere those that it owns, of standbys and of its fronts' health checks.
    """
    plan = settings.plan
    environment = f"morefocus-{plan.environment.short}-"
    elsewhere = {other.region for other in settings.estate.plans.values() if other.environment is plan.environment} | {HEALTH_CHECKS}
    return {plan.region: environment} | dict.fromkeys(sorted(elsewhere - {plan.region}), f"{environment}{plan.region.code}-")


@dataclass(kw_only=True)
class Bake:
    """One bake time. `sleep` and `now` are what waits and what tells the time."""

    places: Sequence[tuple[Any, str]]
    """CloudWatch of each region, as boto3's client, with how the names of its alarms begin."""
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self, length: timedelta, since: datetime | None = None) -> None:
        """Look until `length` has passed.

        An alarm that rang already before the moment `since` (as given, or now) is no sign of the deployment: it is named, and counts
        again once it ended.

        Raises AlarmError as soon as any other alarm rings, or when there is none to watch.
        """
        began = self.now()
        since, until = since or began, began + length
        told: set[str] = set()
        while True:
            alarms = self._alarms()
            if not alarms:
                beginnings = " or ".join(beginning for _, beginning in self.places)
                raise AlarmError(f"no alarm's name begins with {beginnings}, so nothing would be watched: bring the stack up first")
            ringing = {name: since_when for name, (state, since_when) in alarms.items() if state == "ALARM"}
            new = sorted(name for name, when in ringing.items() if when >= since)
            if new:
                raise AlarmError(
                    f"{', '.join(new)} went off after the deployment: what follows is not deployed. Find out why (docs/runbooks), "
                    "then go forward with a repaired commit or go back by reverting this one"
                )
            for name in sorted(ringing.keys() - told):
                self.say(f"{name} rings since {ringing[name]:%Y-%m-%d %H:%M} UTC, before the deployment: not counted")
            told |= ringing.keys()
            left = until - self.now()
            if left <= timedelta(0):
                self.say(f"{len(alarms)} alarms watched for {length}: none went off")
                return
            self.sleep(min(EVERY, left).total_seconds())

    def _alarms(self) -> dict[str, tuple[str, datetime]]:
        """Return the state of each alarm, and since when it has it."""
        found: dict[str, tuple[str, datetime]] = {}
        for cloudwatch, beginning in self.places:
            pages = cloudwatch.get_paginator("describe_alarms").paginate(
                AlarmNamePrefix=beginning, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
            )
            for page in pages:
                for each in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ())):
                    # When the value changed; the other moment moves with each new reason as well.
                    found[each["AlarmName"]] = each["StateValue"], each.get("StateTransitionedTimestamp") or each["StateUpdatedTimestamp"]
        return found
