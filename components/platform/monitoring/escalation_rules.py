"""Alerts that nobody mended in time become louder (OBS-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.platform.monitoring.rule import SEVERITIES, Alert, Group, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Who is told of a severity, and after how long it becomes the next one.

    Raises ValueError when nobody is told.
    """

    tell: Sequence[str]
    """Kinds of receivers, as in `alertmanager.KINDS`."""
    after_minutes: int | None = None
    """None: it becomes no louder."""

    def __post_init__(self) -> None:
        if not self.tell:
            raise ValueError("a step of the escalation matrix must tell somebody (got nobody)")


Matrix = Mapping[Severity, Step]


def escalation_rules(matrix: Matrix) -> Group:
    """Return an alert for each step of the matrix that becomes louder.

    Alertmanager sends at once or not at all, and knows no "after an hour": so Prometheus, which keeps how long an alert has fired, makes
    the louder one of it. It bears the labels of the first, tenant included, and its name in `escalated`.
    Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
    """
    rules = []
    for severity, louder in pairwise(SEVERITIES):
        minutes = matrix[severity].after_minutes
        if minutes is None:
            continue
        name = f"{severity.capitalize()}Unattended"
        firing = f'ALERTS{{alertstate="firing", severity="{severity}", alertname!~".*Unattended"}}'
        rules.append(
            Alert(
                name=name,
                expr=f'label_replace({firing}, "escalated", "$1", "alertname", "(.+)")',
                hold=f"{minutes}m",
                severity=louder,
                summary=f"Nobody mended a {severity} alert in {minutes} minutes",
                description="{{ $labels.escalated }} still fires; see its own runbook.",
            )
        )
    return Group(name="escalation", rules=rules)
