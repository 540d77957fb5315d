"""Prices of what watches and guards: logs, alarms, keys, secrets, firewalls, trails, findings (SEC-2 to SEC-8, OBS-1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scripts.cost.graph import Item
from scripts.cost.line import Till

GROUP = "monitoring-and-security"
MILLION = Decimal(1_000_000)
_FAST_SECONDS = 60
"""A period below this makes an alarm one of high resolution. Source: https://aws.amazon.com/cloudwatch/pricing/"""


def log_group(item: Item, till: Till) -> None:
    """What is written, an even share for each group, and what of it is kept, compressed."""
    written = till.assumed("logs_gb", item.type)
    till.bill(item, "logs:written", written, group=GROUP, service="CloudWatch", what="logs written", driver="traffic", assumes="logs_gb")
    months = min(Decimal(item.inputs.get("retentionInDays") or 3650) / 30, till.usage.assumptions["log_months_kept"].value)
    kept = written * months * till.usage.assumptions["log_compression"].value
    till.bill(item, "logs:kept", kept, group=GROUP, service="CloudWatch", what="logs kept", driver="traffic", assumes="logs_gb")


def alarm(item: Item, till: Till) -> None:
    """An alarm is billed for every metric it looks at."""
    queries = [query for query in item.inputs.get("metricQueries") or () if query.get("metric")]
    periods = [int(query["metric"].get("period") or 60) for query in queries] or [int(item.inputs.get("period") or 60)]
    key = "alarm:fast" if min(periods) < _FAST_SECONDS else "alarm:standard"
    till.bill(item, key, len(periods), group=GROUP, service="CloudWatch", what="alarm")


def metric_filter(item: Item, till: Till) -> None:
    """Each filter makes one metric of our own."""
    till.bill(item, "metric:custom", 1, group=GROUP, service="CloudWatch", what="metric made of logs")


def dashboard(item: Item, till: Till) -> None:
    """A dashboard; the three that are free an account are not subtracted."""
    till.bill(item, "dashboard:month", 1, group=GROUP, service="CloudWatch", what="dashboard")


def key(item: Item, till: Till) -> None:
    """A key of our own, and its calls."""
    till.bill(item, "kms:key", 1, group=GROUP, service="KMS", what="key")
    calls = till.assumed("kms_calls", item.type) / 10_000
    till.bill(item, "kms:calls", calls, group=GROUP, service="KMS", what="calls", driver="traffic", assumes="kms_calls")


def secret(item: Item, till: Till) -> None:
    """A secret, each of its replicas as one more, and its calls."""
    replicas = len(item.inputs.get("replicas") or ())
    till.bill(item, "secrets:secret", 1 + replicas, group=GROUP, service="Secrets Manager", what="secret")
    calls = till.assumed("secret_calls", item.type) / 10_000
    till.bill(item, "secrets:calls", calls, group=GROUP, service="Secrets Manager", what="calls", driver="traffic", assumes="secret_calls")


def web_acl(item: Item, till: Till) -> None:
    """An access list, its rules (a group counts as one here), and the requests it judges."""
    till.bill(item, "waf:acl", 1, group=GROUP, service="WAF", what="web ACL")
    till.bill(item, "waf:rule", len(item.inputs.get("rules") or ()), group=GROUP, service="WAF", what="rules")
    requests = till.assumed("waf_requests", item.type) / MILLION
    till.bill(item, "waf:requests", requests, group=GROUP, service="WAF", what="requests", driver="traffic", assumes="waf_requests")


def trail(item: Item, till: Till) -> None:
    """Data events; the first copy of management events is free, and this is it."""
    if not _data_events(item.inputs):
        return
    events = till.assumed("trail_data_events") / 100_000
    till.bill(
        item, "trail:data", events, group=GROUP, service="CloudTrail", what="data events", driver="traffic", assumes="trail_data_events"
    )


def _data_events(inputs: Mapping[str, Any]) -> bool:
    selectors = inputs.get("advancedEventSelectors") or ()
    fields = [each for selector in selectors for each in selector.get("fieldSelectors") or ()]
    return any(each.get("field") == "eventCategory" and "Data" in (each.get("equals") or ()) for each in fields)


def recorder(item: Item, till: Till) -> None:
    """Configuration items that are recorded as things change."""
    items = till.assumed("config_items")
    till.bill(item, "config:item", items, group=GROUP, service="Config", what="items recorded", driver="nodes", assumes="config_items")


def rule(item: Item, till: Till) -> None:
    """Evaluations of one rule."""
    runs = till.assumed("rule_evaluations")
    till.bill(
        item, "config:evaluation", runs, group=GROUP, service="Config", what="evaluations", driver="nodes", assumes="rule_evaluations"
    )


def detector(item: Item, till: Till) -> None:
    """Calls and flows that GuardDuty looks through."""
    events = till.assumed("guard_events") / MILLION
    till.bill(
        item, "guardduty:events", events, group=GROUP, service="GuardDuty", what="calls looked at", driver="traffic", assumes="guard_events"
    )
    flows = till.assumed("guard_gb")
    till.bill(item, "guardduty:flows", flows, group=GROUP, service="GuardDuty", what="flows and DNS", driver="traffic", assumes="guard_gb")


def detector_feature(item: Item, till: Till) -> None:
    """A protection plan; each has its own unit, of which one amount is assumed for all."""
    name = str(item.inputs.get("name") or "unknown").lower()
    if item.inputs.get("status") != "ENABLED":
        return
    size = till.assumed("guard_feature_units")
    till.bill(
        item,
        f"guardduty:{name}",
        size,
        group=GROUP,
        service="GuardDuty",
        what=name.replace("_", " "),
        driver="traffic",
        assumes="guard_feature_units",
    )


def security_hub(item: Item, till: Till) -> None:
    """Checks that Security Hub makes of its standards."""
    checks = till.assumed("hub_checks", item.type)
    till.bill(item, "securityhub:check", checks, group=GROUP, service="Security Hub", what="checks", driver="nodes", assumes="hub_checks")


def inspector(item: Item, till: Till) -> None:
    """Instances that are scanned; images and functions are assumed to be few beside them."""
    nodes = till.assumed("scanned_instances")
    till.bill(
        item,
        "inspector:instance",
        nodes,
        group=GROUP,
        service="Inspector",
        what="instances scanned",
        driver="nodes",
        assumes="scanned_instances",
    )


def discovery(item: Item, till: Till) -> None:
    """What Macie looks through of the objects."""
    size = till.assumed("macie_gb", item.type)
    till.bill(item, "macie:gb", size, group=GROUP, service="Macie", what="objects looked through", driver="storage", assumes="macie_gb")


def topic(item: Item, till: Till) -> None:
    """Notices that are published."""
    notices = till.assumed("notices", item.type) / MILLION
    till.bill(item, "sns:requests", notices, group=GROUP, service="SNS", what="notices", driver="traffic", assumes="notices")
