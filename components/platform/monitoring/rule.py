"""Rules that Prometheus evaluates: what is worked out ahead of time, and what people are told of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["warning", "critical", "page", "none"]
SEVERITIES: tuple[Severity, ...] = ("warning", "critical", "page")
"""From what may wait for the morning to what wakes somebody."""

_ALERT = re.compile(r"[A-Z][A-Za-z0-9]+")
_RECORD = re.compile(r"[a-z_]+:[a-z0-9_]+(:[a-z0-9_]+)?")
_DURATION = re.compile(r"\d+[smhd]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A state that a person is told of.

    Raises ValueError when its name is not in capitals such as `HighCPUUsage`, or `hold` is no duration.
    """

    name: str
    expr: str
    """PromQL; the alert is for each series that it returns, and bears their labels, `tenant` among them."""
    hold: str
    """How long it must be so, such as `5m`; `0s` for at once."""
    severity: Severity
    summary: str
    description: str
    """What it means and how bad it is; templates such as `{{ $labels.instance }}` are filled in."""
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _ALERT.fullmatch(self.name):
            raise ValueError(f"an alert's name must be words in capitals such as HighCPUUsage (got {self.name!r})")
        if not _DURATION.fullmatch(self.hold):
            raise ValueError(f"alert {self.name}: hold must be a duration such as 5m (got {self.hold!r})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A series that is worked out ahead of time, so that dashboards and alerts read the same figure.

    Raises ValueError when its name is not `level:metric:operation`.
    Source: https://prometheus.io/docs/practices/rules/
    """

    name: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _RECORD.fullmatch(self.name):
            raise ValueError(f"a record's name must be level:metric:operation such as node:cpu_usage:percent (got {self.name!r})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rules that are evaluated one after another; an alert may read a record above it."""

    name: str
    rules: Sequence[Alert | Record]
    interval: str = "30s"

    @property
    def alerts(self) -> list[Alert]:
        """Those of its rules that tell people."""
        return [rule for rule in self.rules if isinstance(rule, Alert)]

    @property
    def records(self) -> list[Record]:
        """Those of its rules that are worked out ahead of time."""
        return [rule for rule in self.rules if isinstance(rule, Record)]


def rules_document(groups: Sequence[Group], runbooks: str) -> dict[str, Any]:
    """Return the rules as Prometheus reads them; `runbooks` is the address under which `<alert>.md` is found.

    Source: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
    """
    return {
        "groups": [
            {"name": group.name, "interval": group.interval, "rules": [_rule(rule, runbooks) for rule in group.rules]} for group in groups
        ]
    }


def _rule(rule: Alert | Record, runbooks: str) -> dict[str, Any]:
    if isinstance(rule, Record):
        return {"record": rule.name, "expr": rule.expr, **({"labels": dict(rule.labels)} if rule.labels else {})}
    return {
        "alert": rule.name,
        "expr": rule.expr,
        **({} if rule.hold == "0s" else {"for": rule.hold}),
        "labels": {"severity": rule.severity, **rule.labels},
        "annotations": {
            "summary": rule.summary,
            "description": rule.description,
            "runbook_url": f"{runbooks.rstrip('/')}/{rule.name}.md",
        },
    }
