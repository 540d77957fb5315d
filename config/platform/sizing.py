"""How much n8n needs for what it must carry: processes, connections, memory of the queue, quota (N8N-5, TEN-3).

Arithmetic alone. What is measured and what is assumed is said at each figure.
"""

from dataclasses import dataclass
from math import ceil

SECONDS_PER_DAY = 86_400
PEAK = 4.0
"""The busiest quarter of an hour against the day's mean: work bunches on full hours and in working time. Assumed."""
BUSY = 0.7
"""Share of a worker's places that may be taken at the peak, so that the queue stays short. Assumed."""
BYTES_PER_JOB = 2_048
"""A waiting job in Redis: ids and options, since the data of an execution is in PostgreSQL. Assumed, twice what Bull writes."""
QUEUE_HOURS = 6
"""How long the queue may grow while no worker runs."""
RELAY_BYTES = 64 * 1024 * 1024 * 3 // 2
"""Memory of one largest response of a webhook on its way back through Redis: 64 MiB, one and a half times.

Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/scaling/enable-queue-mode
"""
PUBSUB_BYTES = 256 * 1024 * 1024
"""Redis itself, its replication backlog and channels."""
RECORDS_PER_HOUR = 1_000_000
"""Of one workflow (N8N-5)."""
EXPORT_CONNECTIONS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What must be carried.

    Raises ValueError for what is no load.
    """

    executions_per_day: int
    seconds_per_execution: float

    def __post_init__(self) -> None:
        if self.executions_per_day < 1 or self.seconds_per_execution <= 0:
            given = f"{self.executions_per_day} of {self.seconds_per_execution} s"
            raise ValueError(f"a load is one execution a day or more, of more than 0 seconds (got {given})")

    @property
    def per_second(self) -> float:
        """Executions that begin in a second of the busiest quarter of an hour."""
        return self.executions_per_day / SECONDS_PER_DAY * PEAK

    @property
    def at_once(self) -> float:
        """Executions that run at the same time then: Little's law."""
        return self.per_second * self.seconds_per_execution


def workers_for(load: Load, concurrency: int, least: int = 1) -> int:
    """Return how many workers of `concurrency` places carry the load's peak with places to spare."""
    return max(least, ceil(load.at_once / (concurrency * BUSY)))


def carried_per_day(workers: int, concurrency: int, seconds_per_execution: float) -> int:
    """Return the executions a day that so many workers carry, peaks included."""
    return int(workers * concurrency * BUSY / seconds_per_execution / PEAK * SECONDS_PER_DAY)


def connections(*, mains: int, webhooks: int, workers: int, pool_size: int) -> int:
    """Return the most connections that all processes and the export hold to the pooler."""
    return (mains + webhooks + workers) * pool_size + EXPORT_CONNECTIONS


def queue_bytes(load: Load, *, large_responses: int = 8) -> int:
    """Return the memory Redis needs: hours of waiting jobs, some of the largest responses, and itself."""
    waiting = ceil(load.per_second * 3600 * QUEUE_HOURS)
    return waiting * BYTES_PER_JOB + large_responses * RELAY_BYTES + PUBSUB_BYTES


def batch_for(records_per_hour: int = RECORDS_PER_HOUR, *, seconds_per_batch: float, at_once: int) -> int:
    """Return the records that each execution must take, for one workflow to reach `records_per_hour` with `at_once` executions at a time.

    One record per execution is out of reach of any n8n: 278 executions a second. Records come in batches.
    """
    if at_once < 1 or seconds_per_batch <= 0:
        raise ValueError(f"at_once and seconds_per_batch must be above 0 (got {at_once} and {seconds_per_batch})")
    batches = at_once * 3600 / seconds_per_batch
    return ceil(records_per_hour / batches)


def kept_executions(load: Load, hours: int) -> int:
    """Return how many finished executions are kept in `hours`, with a fifth to spare."""
    return ceil(load.executions_per_day * hours / 24 * 1.2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A row of the growth that is planned for (TEN-3)."""

    month: int
    tenants: int
    workflows: int
    gigabytes_per_day: int


GROWTH = (
    Month(month=1, tenants=8, workflows=50, gigabytes_per_day=10),
    Month(month=6, tenants=48, workflows=300, gigabytes_per_day=60),
    Month(month=12, tenants=96, workflows=600, gigabytes_per_day=120),
    Month(month=24, tenants=200, workflows=1250, gigabytes_per_day=250),
)
"""Months 1 and 24 and all tenants as the source gives them; workflows and data between go with the tenants."""
DESIGN_WORKFLOWS = GROWTH[-1].workflows
"""Workflows at which the 25,000 executions a day are reached."""


def load_in(month: Month, full: Load) -> Load:
    """Return the load of a month: `full`, in proportion to the workflows."""
    return Load(
        executions_per_day=ceil(full.executions_per_day * month.workflows / DESIGN_WORKFLOWS),
        seconds_per_execution=full.seconds_per_execution,
    )
