"""Who watches a deployment sees the first alarm that goes off, on the emulated cloud, by a clock that tests wind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.load import load
from scripts.deploy.bake import EVERY, AlarmError, Bake, watched
from tests.kit.cloud import EmulatedCloud

OWN, FRONTS = "morefocus-prod-sae1-", "morefocus-prod-sae1-use1-"
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass
class Site:
    """Alarms of a stack in its region and in that of health checks, and a clock that begins after whatever they did before."""

    clients: tuple[Any, Any]
    clock: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(seconds=1))
    said: list[str] = field(default_factory=list)
    looks: int = 0
    then: Callable[[Site], None] | None = None

    def ring(self, name: str, state: str = "ALARM", *, fronts: bool = False) -> None:
        self.clients[fronts].set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")

    def wait(self, seconds: float) -> None:
        assert 0 < seconds <= EVERY.total_seconds()
        self.clock += timedelta(seconds=seconds)
        self.looks += 1
        if self.then is not None:
            self.then(self)

    def bake(self, length: timedelta = HALF_AN_HOUR, since: datetime | None = None) -> None:
        places = list(zip(self.clients, (OWN, FRONTS), strict=True))
        Bake(places=places, say=self.said.append, sleep=self.wait, now=lambda: self.clock).run(length, since)


def _alarm(client: Any, name: str) -> None:
    client.put_metric_alarm(
        AlarmName=name, Namespace="AWS/SQS", MetricName="Age", Statistic="Maximum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip


@pytest.fixture
def site(emulated_cloud: EmulatedCloud) -> Iterator[Site]:
    clients = (emulated_cloud.boto("cloudwatch", "sa-east-1"), emulated_cloud.boto("cloudwatch", "us-east-1"))
    names: tuple[list[str], list[str]] = (
        [f"{OWN}queue", f"{OWN}table", "morefocus-stg-sae1-queue"],
        [f"{FRONTS}front-unhealthy", "morefocus-prod-use1-queue"],
    )
    for client, own in zip(clients, names, strict=True):
        for name in own:
            _alarm(client, name)
    yield Site(clients)
    for client, own in zip(clients, names, strict=True):
        client.delete_alarms(AlarmNames=own)


def test_a_quiet_half_hour_is_watched_to_its_end(site: Site) -> None:
    site.bake()
    assert site.looks == HALF_AN_HOUR / EVERY
    assert site.said == ["3 alarms watched for 0:30:00: none went off"]


@pytest.mark.parametrize(("name", "fronts"), [(f"{OWN}table", False), (f"{FRONTS}front-unhealthy", True)])
def test_the_first_alarm_that_goes_off_ends_it_at_once(site: Site, name: str, fronts: bool) -> None:
    # The emulated cloud keeps the real time, so the deployment is of before that.
    site.then = lambda each: each.ring(name, fronts=fronts) if each.looks == 3 else None
    with pytest.raises(AlarmError, match=rf"{name} went off after the deployment"):
        site.bake(since=datetime.now(UTC) - timedelta(minutes=1))
    assert site.looks == 3


def test_alarms_of_others_and_what_is_not_known_yet_do_not_count(site: Site) -> None:
    site.ring("morefocus-stg-sae1-queue")
    site.ring("morefocus-prod-use1-queue", fronts=True)
    site.ring(f"{OWN}queue", "INSUFFICIENT_DATA")
    site.bake(EVERY, since=datetime.now(UTC) - timedelta(minutes=1))


def test_an_alarm_that_rang_before_the_deployment_is_named_once_and_not_counted(site: Site) -> None:
    site.ring(f"{OWN}queue")
    site.bake(since=site.clock + timedelta(seconds=1))
    assert [line for line in site.said if "queue rings since" in line and "not counted" in line] == site.said[:1]


def test_where_no_alarm_is_nothing_is_watched(site: Site) -> None:
    with pytest.raises(AlarmError, match="no alarm's name begins with morefocus-prod-none-"):
        Bake(places=[(site.clients[0], "morefocus-prod-none-")], say=site.said.append).run(HALF_AN_HOUR)


@pytest.mark.parametrize(
    ("stack", "places"),
    [
        ("sa-east-1", {"sa-east-1": "morefocus-prod-", "eu-west-1": OWN, "us-east-1": OWN}),
        ("us-east-1", {"us-east-1": "morefocus-prod-", "eu-west-1": "morefocus-prod-use1-", "sa-east-1": "morefocus-prod-use1-"}),
        ("staging", {"us-east-1": "morefocus-stg-"}),
    ],
)
def test_a_stack_is_watched_where_it_stands_and_where_its_standbys_and_health_checks_do(stack: str, places: dict[str, str]) -> None:
    assert {str(region): beginning for region, beginning in watched(load(stack)).items()} == places
