"""Rules about n8n and the APIs that it calls, tried with promtool."""

from pathlib import Path

from components.platform.monitoring.automation_rules import automation_rules, external_api_rules
from tests.kit.promtool import Case, findings, uncovered, values

RULES = automation_rules(slow_seconds=60, deep_queue=100)
APIS = external_api_rules(slow_seconds=2)
OF = 'namespace="automation", tenant="acme"'
TENANT = {"tenant": "acme"}
NAME = "n8n_workflow_execution_duration_seconds"


def executions(succeeded: float, failed: float, *, mode: str = "webhook", pod: str = "worker-0") -> dict[str, str]:
    """Executions a minute."""
    label = f'{OF}, pod="{pod}", mode="{mode}"'
    return {
        f'{NAME}_count{{{label}, status="success"}}': f"0+{succeeded}x60",
        f'{NAME}_count{{{label}, status="failed"}}': f"0+{failed}x60",
    }


def lasting(above: int) -> dict[str, str]:
    """100 executions a minute, of which `above` last more than 60 seconds."""
    label = f'{OF}, pod="worker-0", mode="webhook", status="success"'
    return {
        f'{NAME}_bucket{{{label}, le="60"}}': f"0+{100 - above}x60",
        f'{NAME}_bucket{{{label}, le="120"}}': "0+100x60",
        f'{NAME}_bucket{{{label}, le="+Inf"}}': "0+100x60",
    }


def queue(waiting: int, completed: float) -> dict[str, str]:
    label = f'{OF}, pod="main-0"'
    return {
        f"n8n_scaling_mode_queue_jobs_waiting{{{label}}}": f"{waiting}x60",
        f"n8n_scaling_mode_queue_jobs_completed{{{label}}}": f"0+{completed}x60",
    }


def leaders(*mains: int) -> dict[str, str]:
    return {f'n8n_instance_role_leader{{{OF}, pod="main-{order}"}}': f"{value}x60" for order, value in enumerate(mains)}


def versions(*found: str) -> dict[str, str]:
    return {f'n8n_version_info{{{OF}, pod="p{order}", version="{version}"}}': "1x60" for order, version in enumerate(found)}


CASES = (
    Case(alert="WorkflowErrorRateHigh", fires=executions(98.9, 1.1), quiet=executions(99.1, 0.9), labels=TENANT),
    Case(alert="WorkflowExecutionSlow", fires=lasting(6), quiet=lasting(4), labels=TENANT),
    Case(alert="WorkflowQueueDeep", fires=queue(101, 5), quiet=queue(100, 5), labels=TENANT),
    Case(alert="WorkflowQueueStalled", fires=queue(1, 0), quiet=queue(1, 0.2), labels=TENANT),
    Case(alert="AutomationWithoutLeader", fires=leaders(0, 0), quiet=leaders(0, 1), labels=TENANT),
    Case(alert="AutomationLeadersDiffer", fires=leaders(1, 1), quiet=leaders(1, 0), labels=TENANT),
    Case(
        alert="AutomationEventLoopSlow",
        fires={f'n8n_nodejs_eventloop_lag_p99_seconds{{{OF}, pod="main-0"}}': "0.51x60"},
        quiet={f'n8n_nodejs_eventloop_lag_p99_seconds{{{OF}, pod="main-0"}}': "0.5x60"},
        labels=TENANT,
    ),
    Case(alert="AutomationVersionsDiffer", fires=versions("v2.40.5", "v2.41.0"), quiet=versions("v2.40.5", "v2.40.5"), labels=TENANT),
)


def probes(seconds: float, success: str) -> dict[str, str]:
    label = 'api="stripe", instance="https://api.stripe.com", job="external-apis"'
    return {f"probe_duration_seconds{{{label}}}": f"{seconds}x60", f"probe_success{{{label}}}": success}


API_CASES = (
    Case(alert="ExternalApiSlow", fires=probes(2.1, "1x60"), quiet=probes(2, "1x60"), labels={"api": "stripe"}),
    Case(alert="ExternalApiDown", fires=probes(1, "1x30 0x30"), quiet=probes(1, "1x30 0 1 1 0 1 1 1 0 1 1 1x30"), at="40m"),
)


def test_each_alert_on_n8n_fires_on_its_threshold_bears_the_tenant_and_is_quiet_below(tmp_path: Path) -> None:
    assert not uncovered(RULES, CASES)
    assert not findings(RULES, CASES, tmp_path)


def test_each_alert_on_apis_of_others_fires_on_its_threshold_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(APIS, API_CASES)
    assert not findings(APIS, API_CASES, tmp_path)


def test_what_is_tried_in_the_editor_counts_neither_as_execution_nor_as_failure(tmp_path: Path) -> None:
    tried = executions(0, 60, mode="manual")
    wanted = {"automation:executions:rate5m": 2.0, "automation:failures:percent": 5.0}
    assert not values(RULES, executions(57, 3) | executions(57, 3, pod="worker-1") | tried, wanted, tmp_path)


def test_mains_that_all_tell_the_same_queue_are_not_added_up(tmp_path: Path) -> None:
    told = {f'n8n_scaling_mode_queue_jobs_waiting{{{OF}, pod="main-{main}"}}': "7x60" for main in (0, 1)}
    assert not values(RULES, told, {"automation:queue_waiting:max": 7.0}, tmp_path)
