"""Metrics, alerts, dashboards, and who watches from outside (OBS-1 to OBS-3, OBS-5 to OBS-7)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model, Share
from config.vocabulary import Law

Way = Literal["slack", "email", "on-call"]
Channel = Annotated[str, Field(pattern=r"^#[a-z0-9_-]{1,79}$", description="Slack channel such as '#alerts', in quotes")]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="e-mail address")]


class Objectives(Model):
    """What was promised of a region (OBS-7)."""

    availability: Annotated[Share, Field(gt=0, lt=1, description="share of requests without an error of ours, such as 0.999")]
    p95_ms: Annotated[Count, Field(ge=1, description="milliseconds in which 95 of 100 requests are answered")]
    requests_per_second: Annotated[Count, Field(ge=1, description="requests a second that the region is built for")]
    concurrent_users: Annotated[Count, Field(ge=1, description="users at a time that the region is built for")]
    planned_hours: Annotated[Share, Field(ge=0, description="hours a month that planned maintenance may take")]
    unplanned_hours: Annotated[Share, Field(ge=0, description="hours a month that the service may be down unplanned")]


class Thresholds(Model):
    """From which figures somebody is told (OBS-2, OBS-3); those on nodes are written with their rules."""

    database_connections: Annotated[Count, Field(ge=1, description="clients of one PostgreSQL server")]
    execution_seconds: Annotated[Count, Field(ge=1, description="95th percentile of an execution")]
    queue_jobs: Annotated[Count, Field(ge=1, description="jobs that wait for a worker")]
    api_seconds: Annotated[Share, Field(gt=0, description="mean answer of an API that workflows call")]
    satisfaction: Annotated[Share, Field(ge=1, le=5, description="mean answer of a tenant's customers, 1 to 5")]


class Step(Model):
    """Who is told of a severity, and when it becomes the next one (OBS-6)."""

    tell: Annotated[tuple[Way, ...], Field(min_length=1, description="slack, email, on-call (the region's alert topic)")]
    after_minutes: Annotated[Count | None, Field(ge=1, le=10_080, description="minutes after which it becomes louder; null: never")] = None


class Escalation(Model):
    """The matrix (OBS-6)."""

    warning: Step
    critical: Step
    page: Step

    @model_validator(mode="after")
    def _ends(self) -> "Escalation":
        if self.page.after_minutes is not None:
            raise refuse("null: nothing is louder than a page", "leave it out", key="page.after_minutes", given=self.page.after_minutes)
        return self


class Mail(Model):
    """The server that sends alerts; its password is the secret `alertmanager-smtp`."""

    host: Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.[a-z]+$", description="name of an SMTP server")]
    port: Annotated[Count, Field(description="587, with STARTTLS")]
    sender: Address
    username: Annotated[str, Field(min_length=1, description="user of the server")]

    @model_validator(mode="after")
    def _is_let_out(self) -> "Mail":
        if self.port != 587:
            raise refuse("587, mail submission: no other port of mail is let out of the network", "write 587", key="port", given=self.port)
        return self


class Channels(Model):
    """Slack's channel for each severity."""

    warning: Channel
    critical: Channel
    page: Channel


class Switch(Model):
    """Whether a stack has it."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]


class Datadog(Switch):
    """Datadog's agents."""

    site: Annotated[
        Literal["datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com", "ap2.datadoghq.com"],
        Field(description="site of the account, which decides where figures are kept: datadoghq.eu is in the European Union"),
    ]


class NewRelic(Switch):
    """New Relic's agent in n8n."""

    site: Annotated[Literal["us", "eu"], Field(description="data centre of the account")]


class Watchers(Model):
    """Services of others that watch (OBS-5, D10)."""

    new_relic: NewRelic
    datadog: Datadog
    sentry: Switch
    uptime_robot: Switch


class MonitoringPlan(Model):
    """Whether a stack has it, and how."""

    enabled: Annotated[bool, Field(description="false: the stack has none of it")]
    retention_days: Annotated[Count, Field(ge=1, le=90, description="days that metrics are kept, 1 to 90")]
    replicas: Annotated[Count, Field(ge=1, le=3, description="Prometheus servers, 1 to 3; one alone is missed while it starts anew")]
    pods_per_node: Annotated[Count, Field(ge=1, le=110, description="pods that a node carries, for the size of Prometheus")]
    automation_pods: Annotated[Count, Field(ge=0, description="pods of n8n of all tenants, for the size of Prometheus")]
    objectives: Objectives
    thresholds: Thresholds
    escalation: Escalation
    emails: Annotated[tuple[Address, ...], Field(description="who is mailed")]
    mail: Mail
    channels: Channels
    external_apis: Annotated[dict[str, str], Field(description="short name to https address of an API that workflows call")]
    watchers: Watchers

    @model_validator(mode="after")
    def _reaches_people(self) -> "MonitoringPlan":
        steps = (self.escalation.warning, self.escalation.critical, self.escalation.page)
        if any("email" in step.tell for step in steps) and not self.emails:
            raise refuse("one address at least, since the escalation tells by email", "name one", key="emails", given="none")
        for name, address in self.external_apis.items():
            if not address.startswith("https://"):
                raise refuse("an address that begins with https://", "correct it", key=f"external_apis.{name}", given=address)
        return self

    def stays(self, law: Law) -> None:
        """Raise where a service of others would keep, in the United States, what a law binds elsewhere (D1)."""
        if law is Law.NONE:
            return
        watchers = self.watchers
        new_relic, datadog = watchers.new_relic, watchers.datadog
        sites = (("new_relic", new_relic.enabled, new_relic.site, "eu"), ("datadog", datadog.enabled, datadog.site, "datadoghq.eu"))
        for name, enabled, site, allowed in sites:
            if enabled and site != allowed:
                key = f"platform.monitoring.watchers.{name}.site"
                raise refuse(f"{allowed} under {law}", "choose it, and an account of that site", key=key, given=site)
