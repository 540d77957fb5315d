"""Of what people are told, and who: the rules and routes of a stack, from its plan (OBS-2, OBS-3, OBS-6, OBS-7)."""

from components.platform.monitoring.alertmanager import MuteWindow, Routing, Smtp
from components.platform.monitoring.automation_rules import automation_rules, external_api_rules
from components.platform.monitoring.business_rules import business_rules
from components.platform.monitoring.escalation_rules import Matrix, Step, escalation_rules
from components.platform.monitoring.node_rules import node_rules, workload_rules
from components.platform.monitoring.objective_rules import Objectives, Window, objective_rules
from components.platform.monitoring.rule import Group
from components.platform.monitoring.stack_values import ALERTMANAGERS
from components.platform.monitoring.store_rules import cache_rules, database_rules
from components.platform.monitoring.watching_rules import watching_rules
from config.load import Settings
from config.platform.monitoring import MonitoringPlan
from config.platform.monitoring import Step as StepPlan
from config.vocabulary import Environment
from stacks.site import ClusterSite

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def rule_groups(settings: Settings) -> list[Group]:
    """Return every rule of a stack."""
    plan, monitoring = settings.plan, settings.plan.platform.monitoring
    limits = monitoring.thresholds
    silent = ["node_cpu_seconds_total", "kube_pod_info", "pg_up", "aws_applicationelb_request_count_sum"]
    if plan.platform.automation.enabled:
        silent.append("n8n_version_info")
    return [
        node_rules(),
        workload_rules(),
        database_rules(connections=limits.database_connections, storage_gb=plan.database.storage_gb),
        cache_rules(),
        automation_rules(slow_seconds=limits.execution_seconds, deep_queue=limits.queue_jobs),
        external_api_rules(slow_seconds=limits.api_seconds),
        business_rules(least_satisfaction=limits.satisfaction),
        objective_rules(objectives_of(monitoring), [window_of(plan.database.maintenance_window)]),
        watching_rules(silent=silent, members=ALERTMANAGERS),
        escalation_rules(_matrix(monitoring)),
    ]


def runbooks(settings: Settings) -> str:
    """Return the address under which the repository's runbooks are read."""
    gitlab = settings.estate.facts.identity.gitlab
    return f"{str(gitlab.url).rstrip('/')}/{gitlab.project}/-/blob/{gitlab.branches[Environment.PRODUCTION]}/docs/runbooks"


def window_of(text: str) -> Window:
    """Return a weekly window such as `sun:04:00-sun:05:00` as rules count it.

    One that crosses midnight counts to the end of its first day.
    """
    start, end = text.split("-")
    begin, finish = _minute(start), _minute(end)
    return Window(day=_DAYS.index(start[:3]), start_minute=begin, end_minute=finish if end[:3] == start[:3] and finish > begin else 1440)


def _minute(part: str) -> int:
    return int(part[4:6]) * 60 + int(part[7:9])


def objectives_of(plan: MonitoringPlan) -> Objectives:
    """Return what was promised, as rules and dashboards take it."""
    given = plan.objectives
    return Objectives(
        availability=given.availability,
        p95_seconds=given.p95_ms / 1000,
        requests_per_second=given.requests_per_second,
        concurrent_users=given.concurrent_users,
        planned_hours=given.planned_hours,
        unplanned_hours=given.unplanned_hours,
    )


def _matrix(plan: MonitoringPlan) -> Matrix:
    def step(given: StepPlan) -> Step:
        return Step(tell=given.tell, after_minutes=given.after_minutes)

    given = plan.escalation
    return {"warning": step(given.warning), "critical": step(given.critical), "page": step(given.page)}


def routing(site: ClusterSite) -> Routing:
    """Return whom a stack's alerts reach."""
    plan = site.plan.monitoring
    window = window_of(site.settings.plan.database.maintenance_window)
    clock = {minute: f"{minute // 60:02}:{minute % 60:02}" for minute in (window.start_minute, window.end_minute)}
    return Routing(
        matrix=_matrix(plan),
        smtp=Smtp(host=plan.mail.host, port=plan.mail.port, sender=plan.mail.sender, username=plan.mail.username),
        emails=plan.emails,
        channels={"warning": plan.channels.warning, "critical": plan.channels.critical, "page": plan.channels.page},
        topic_arn=topic_arn(site),
        region=site.context.region.value,
        tenants={tenant.name: tenant.alerts for tenant in site.settings.tenants if tenant.alerts is not None},
        windows=[MuteWindow(day=window.day, start=clock[window.start_minute], end=clock[window.end_minute])],
    )


def topic_arn(site: ClusterSite) -> str:
    """Return the region's alert topic, by which those on call are told."""
    return site.context.arn("sns", site.context.physical("alerts", limit=256))
