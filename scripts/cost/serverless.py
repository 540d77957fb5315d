"""Prices of the scheduling service: API, functions, table with its copies, queues, users, mail (SCH-1 to SCH-11)."""

from __future__ import annotations

from decimal import Decimal

from scripts.cost.graph import Item
from scripts.cost.line import HOURS, Till

GROUP = "compute"
MILLION = Decimal(1_000_000)
_CALLED = ("scheduling-",)


def function(item: Item, till: Till) -> None:
    """Calls, and seconds times memory. Functions that users do not cause are called seldom."""
    name = "calls" if item.name.startswith(_CALLED) else "background_calls"
    calls = till.assumed(name) / (till.usage.assumptions["called_functions"].value if name == "calls" else 1)
    chip = "arm" if "arm64" in (item.inputs.get("architectures") or ()) else "x86"
    memory = Decimal(item.inputs.get("memorySize") or 128) / 1024
    seconds = calls * till.usage.assumptions["call_ms"].value / 1000 * memory
    till.bill(item, "lambda:calls", calls / MILLION, group=GROUP, service="Lambda", what="calls", driver="traffic", assumes=name)
    till.bill(item, f"lambda:{chip}", seconds, group=GROUP, service="Lambda", what="GB-seconds", driver="traffic", assumes=name)


def api(item: Item, till: Till) -> None:
    """Requests that the API takes."""
    requests = till.assumed("api_requests", item.type) / MILLION
    till.bill(item, "api:requests", requests, group=GROUP, service="API Gateway", what="requests", driver="traffic", assumes="api_requests")


def stage(item: Item, till: Till) -> None:
    """The hours of the cache, by its size (API-3)."""
    if item.inputs.get("cacheClusterEnabled"):
        size = item.inputs.get("cacheClusterSize") or "0.5"
        till.bill(item, f"api:cache-{size}", HOURS, group=GROUP, service="API Gateway", what=f"cache of {size} GB")


def table(item: Item, till: Till) -> None:
    """Writes, reads, what is kept, and recovery to any point; on demand, as the estate has it."""
    _units(item, till, "dynamodb:writes", "table_writes", "writes")
    _units(item, till, "dynamodb:reads", "table_reads", "reads")
    _kept(item, till)


def copy(item: Item, till: Till) -> None:
    """A copy in another region: each write once more, and all that is kept."""
    _units(item, till, "dynamodb:replicated-writes", "table_writes", "writes, replicated")
    _kept(item, till)


def _units(item: Item, till: Till, key: str, usage: str, what: str) -> None:
    units = till.assumed(usage) / MILLION
    till.bill(item, key, units, group="storage", service="DynamoDB", what=what, driver="traffic", assumes=usage)


def _kept(item: Item, till: Till) -> None:
    size = till.assumed("table_gb")
    till.bill(item, "dynamodb:gb", size, group="storage", service="DynamoDB", what="items", driver="storage", assumes="table_gb")
    recovery = item.inputs.get("pointInTimeRecovery")
    if recovery is True or (isinstance(recovery, dict) and recovery.get("enabled")):
        till.bill(
            item, "dynamodb:recovery", size, group="storage", service="DynamoDB", what="recovery", driver="storage", assumes="table_gb"
        )


def queue(item: Item, till: Till) -> None:
    """Requests: each job is sent, received and deleted."""
    requests = till.assumed("queue_requests", item.type) / MILLION
    till.bill(item, "sqs:requests", requests, group=GROUP, service="SQS", what="requests", driver="traffic", assumes="queue_requests")


def users(item: Item, till: Till) -> None:
    """Users who sign in within the month, at the pool's tier."""
    tier = str(item.inputs.get("userPoolTier") or "ESSENTIALS").lower()
    active = till.assumed("active_users", item.type)
    till.bill(
        item,
        f"cognito:{tier}",
        active,
        group="monitoring-and-security",
        service="Cognito",
        what="active users",
        driver="traffic",
        assumes="active_users",
    )


def mail(item: Item, till: Till) -> None:
    """Mails that are sent."""
    mails = till.assumed("mails", item.type) / 1000
    till.bill(item, "ses:mails", mails, group=GROUP, service="SES", what="mails", driver="traffic", assumes="mails")
