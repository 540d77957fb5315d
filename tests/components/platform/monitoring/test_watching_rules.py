"""Rules about monitoring itself, tried with promtool."""

from pathlib import Path

from components.platform.monitoring.watching_rules import WATCHDOG, watching_rules
from tests.kit.promtool import Case, findings, uncovered

RULES = watching_rules(silent=["pg_up", "n8n_version_info"], members=3)
THERE = {'pg_up{database="primary"}': "1x60", 'n8n_version_info{pod="main"}': "1x60"}


def targets(down: int, of: int = 10) -> dict[str, str]:
    return {f'up{{job="node", namespace="node-agents", instance="{each}"}}': f"{0 if each < down else 1}x60" for each in range(of)}


def sent(failed: float) -> dict[str, str]:
    return {
        'alertmanager_notifications_total{integration="slack"}': "0+100x60",
        'alertmanager_notifications_failed_total{integration="slack"}': f"0+{failed}x60",
    }


def members(*seen: int) -> dict[str, str]:
    return {f'alertmanager_cluster_members{{pod="alertmanager-{order}"}}': f"{each}x60" for order, each in enumerate(seen)}


CASES = (
    Case(alert="TargetDown", fires=targets(2), quiet=targets(1), labels={"job": "node"}),
    Case(alert="MetricsSilent", fires={next(iter(THERE)): "1x60"}, quiet=THERE, labels={"metric": "n8n_version_info"}),
    Case(
        alert="PrometheusRulesFailing",
        fires={'prometheus_rule_evaluation_failures_total{rule_group="nodes"}': "0+1x60"},
        quiet={'prometheus_rule_evaluation_failures_total{rule_group="nodes"}': "0x30 1x5 2x60"},
    ),
    Case(
        alert="PrometheusNearSeriesLimit",
        fires={'prometheus_target_scrapes_exceeded_sample_limit_total{pod="prometheus-0"}': "0x50 1x10"},
        quiet={'prometheus_target_scrapes_exceeded_sample_limit_total{pod="prometheus-0"}': "1x60"},
    ),
    Case(alert="AlertmanagerNotificationsFailing", fires=sent(1.1), quiet=sent(0.9), labels={"integration": "slack"}),
    Case(alert="AlertmanagerMembersMissing", fires=members(3, 3, 2), quiet=members(3, 3, 3)),
    Case(
        alert="CloudwatchNotRead",
        fires={'yace_cloudwatch_request_errors{api_name="GetMetricData"}': "0+1x60"},
        quiet={'yace_cloudwatch_request_errors{api_name="GetMetricData"}': "0x20 3x60"},
    ),
)


def test_each_alert_on_monitoring_fires_and_is_quiet_when_all_is_well(tmp_path: Path) -> None:
    # The dead-man switch is never quiet: that is its use.
    assert uncovered(RULES, CASES) == {WATCHDOG}
    assert not findings(RULES, CASES, tmp_path)


def test_the_dead_man_switch_fires_when_there_is_nothing_at_all() -> None:
    switch = next(alert for alert in RULES.alerts if alert.name == WATCHDOG)
    assert (switch.expr, switch.hold, switch.severity) == ("vector(1)", "0s", "none")
