"""Whom alerts reach: Alertmanager's configuration, worked out from the escalation matrix (OBS-6, D6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from components.platform.monitoring.escalation_rules import Matrix
from components.platform.monitoring.rule import SEVERITIES, Severity
from components.platform.monitoring.watching_rules import WATCHDOG

Kind = Literal["slack", "email", "on-call"]
KINDS: tuple[Kind, ...] = ("slack", "email", "on-call")
"""How people are told; `on-call` is the region's alert topic, which reaches whom AWS's own alarms reach."""
SECRETS = "/etc/alertmanager/secrets/alertmanager-credentials"
"""Where the operator mounts the secret whose files hold what Alertmanager signs in with."""
SLACK_FILE, SMTP_FILE, HEARTBEAT_FILE = "slack-url", "smtp-password", "heartbeat-url"
SILENT, HEARTBEAT = "nobody", "heartbeat"
MAINTENANCE = "maintenance"
_ALERTS = "{{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.description }}\n{{ end }}"
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp:
    """The server that takes alerts for e-mail; the password is a file."""

    host: str
    port: int
    sender: str
    username: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MuteWindow:
    """A weekly window, in UTC, in which warnings wait."""

    day: int
    """0 is Sunday."""
    start: str
    """Such as `04:00`."""
    end: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Routing:
    """Who is told of what.

    Raises ValueError when the matrix leaves out a severity, or tells somebody by a way that is not set up.
    """

    matrix: Matrix
    smtp: Smtp
    emails: Sequence[str]
    channels: Mapping[Severity, str]
    """Slack's channel for each severity."""
    topic_arn: str
    region: str
    tenants: Mapping[str, str] = field(default_factory=dict)
    """Tenant to the e-mail address that is told of the tenant's own alerts as well."""
    windows: Sequence[MuteWindow] = ()

    def __post_init__(self) -> None:
        missing = [severity for severity in SEVERITIES if severity not in self.matrix]
        if missing:
            raise ValueError(f"the escalation matrix must name {', '.join(SEVERITIES)} (missing: {', '.join(missing)})")
        for severity in SEVERITIES:
            strange = set(self.matrix[severity].tell) - set(KINDS)
            if strange:
                raise ValueError(f"escalation of {severity}: tell must be of {', '.join(KINDS)} (got {', '.join(sorted(strange))})")
            if "email" in self.matrix[severity].tell and not self.emails:
                raise ValueError(f"escalation of {severity} tells by email, and there is no address: name one in emails")
            if "slack" in self.matrix[severity].tell and severity not in self.channels:
                raise ValueError(f"escalation of {severity} tells by slack, and there is no channel: name one in channels")


def alertmanager_config(routing: Routing) -> dict[str, Any]:
    """Return the whole configuration; what is secret is named as a file and stands nowhere in it.

    Source: https://prometheus.io/docs/alerting/latest/configuration/
    """
    return {
        "global": {
            "resolve_timeout": "5m",
            "smtp_smarthost": f"{routing.smtp.host}:{routing.smtp.port}",
            "smtp_from": routing.smtp.sender,
            "smtp_auth_username": routing.smtp.username,
            "smtp_auth_password_file": f"{SECRETS}/{SMTP_FILE}",
            "smtp_require_tls": True,
            "slack_api_url_file": f"{SECRETS}/{SLACK_FILE}",
        },
        "route": _route(routing),
        "inhibit_rules": _inhibitions(),
        "receivers": _receivers(routing),
        **({"time_intervals": [{"name": MAINTENANCE, "time_intervals": _intervals(routing.windows)}]} if routing.windows else {}),
    }


def _route(routing: Routing) -> dict[str, Any]:
    muted = {"mute_time_intervals": [MAINTENANCE]} if routing.windows else {}
    return {
        "receiver": "warning",
        "group_by": ["alertname", "tenant"],
        "group_wait": "10s",
        "group_interval": "10s",
        "repeat_interval": "1h",
        "routes": [
            {
                "matchers": [f'alertname="{WATCHDOG}"'],
                "receiver": HEARTBEAT,
                "group_wait": "0s",
                # The outside service waits for this; once an hour would be too late.
                "group_interval": "1m",
                "repeat_interval": "1m",
            },
            {"matchers": ['severity="none"'], "receiver": SILENT},
            *(
                {"matchers": [f'tenant="{tenant}"', 'severity=~"critical|page"'], "receiver": f"tenant-{tenant}", "continue": True}
                for tenant in sorted(routing.tenants)
            ),
            {"matchers": ['severity="page"'], "receiver": "page"},
            {"matchers": ['severity="critical"'], "receiver": "critical"},
            {"matchers": ['severity="warning"'], "receiver": "warning", **muted},
        ],
    }


def _inhibitions() -> list[dict[str, Any]]:
    """What is known from a louder alert is not told twice."""
    return [
        {
            # The same objective burns fast: that it burns slowly too is no news.
            "source_matchers": ['severity="page"', 'slo=~".+"'],
            "target_matchers": ['severity=~"warning|critical"', 'slo=~".+"'],
            "equal": ["slo"],
        },
        {
            # A database that does not answer has no connections to count.
            "source_matchers": ['alertname="DatabaseDown"'],
            "target_matchers": ['alertname=~"Database.+"', 'alertname!="DatabaseDown"'],
            "equal": ["database"],
        },
        {
            # A node that is gone is neither busy nor full.
            "source_matchers": ['alertname="NodeNotReady"'],
            "target_matchers": ['alertname=~"HighCPUUsage|HighMemoryUsage|NodeDiskFilling"'],
            "equal": ["node"],
        },
    ]


def _receivers(routing: Routing) -> list[dict[str, Any]]:
    return [
        {"name": SILENT},
        {
            "name": HEARTBEAT,
            "webhook_configs": [{"url_file": f"{SECRETS}/{HEARTBEAT_FILE}", "send_resolved": False}],
        },
        *(_receiver(severity, routing) for severity in SEVERITIES),
        *({"name": f"tenant-{tenant}", "email_configs": [_email(address)]} for tenant, address in sorted(routing.tenants.items())),
    ]


def _receiver(severity: Severity, routing: Routing) -> dict[str, Any]:
    told = routing.matrix[severity].tell
    found: dict[str, Any] = {"name": severity}
    if "slack" in told:
        found["slack_configs"] = [_slack(routing.channels[severity])]
    if "email" in told:
        found["email_configs"] = [_email(address) for address in routing.emails]
    if "on-call" in told:
        found["sns_configs"] = [_topic(routing)]
    return found


def _slack(channel: str) -> dict[str, Any]:
    return {
        "channel": channel,
        "send_resolved": True,
        "title": "{{ .Status | toUpper }} {{ .CommonLabels.alertname }}{{ with .CommonLabels.tenant }} ({{ . }}){{ end }}",
        "title_link": "{{ .CommonAnnotations.runbook_url }}",
        "text": _ALERTS,
    }


def _email(address: str) -> dict[str, Any]:
    return {"to": address, "send_resolved": True}


def _topic(routing: Routing) -> dict[str, Any]:
    return {
        "topic_arn": routing.topic_arn,
        "sigv4": {"region": routing.region},
        "send_resolved": True,
        "subject": "{{ .Status | toUpper }} {{ .CommonLabels.alertname }}",
        "message": f"{_ALERTS}\n{{{{ .CommonAnnotations.runbook_url }}}}",
    }


def _intervals(windows: Sequence[MuteWindow]) -> list[dict[str, Any]]:
    return [{"weekdays": [_DAYS[each.day]], "times": [{"start_time": each.start, "end_time": each.end}]} for each in windows]
