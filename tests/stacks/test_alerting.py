"""Of what people are told: every alert of every stack has its runbook, and stands on metrics that exist (D6)."""

from pathlib import Path

import pytest
import yaml

from components.platform.monitoring.objective_rules import Window
from components.platform.monitoring.rule import SEVERITIES, rules_document
from config.load import ROOT, load
from stacks.alerting import rule_groups, runbooks, window_of
from tests.components.platform.monitoring.known import exported
from tests.kit.plans import STACKS
from tests.kit.promql import metrics_of
from tests.kit.tools import needs, run

FOLDER = ROOT / "docs" / "runbooks"


@pytest.mark.parametrize("stack", STACKS)
def test_every_alert_has_a_runbook_and_every_runbook_an_alert(stack: str) -> None:
    alerts = {alert.name for group in rule_groups(load(stack)) for alert in group.alerts}
    assert alerts == {path.stem for path in FOLDER.glob("*.md")}


def test_every_runbook_says_what_it_means_where_to_look_and_what_to_do() -> None:
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.stem}\n") and "\n## Look\n- " in text and "\n## Do\n1. " in text, path.name


@pytest.mark.parametrize("stack", STACKS)
def test_every_rule_names_only_metrics_that_exist_or_that_a_rule_works_out(stack: str) -> None:
    groups = rule_groups(load(stack))
    recorded = {record.name for group in groups for record in group.records}
    asked = {name for group in groups for rule in group.rules for name in metrics_of(rule.expr)}
    assert not asked - exported() - recorded


def test_a_record_stands_above_what_reads_it() -> None:
    for group in rule_groups(load("us-east-1")):
        later = [record.name for record in group.records]
        for rule in group.rules:
            if rule.name in later:
                later.remove(rule.name)
            assert not metrics_of(rule.expr) & set(later), f"{group.name}: {rule.name}"


def test_every_severity_is_one_that_somebody_is_told_of_but_the_dead_man_switchs() -> None:
    found = {(alert.name, alert.severity) for group in rule_groups(load("us-east-1")) for alert in group.alerts}
    assert {name for name, severity in found if severity not in SEVERITIES} == {"Watchdog"}


@pytest.mark.parametrize("stack", STACKS)
def test_prometheus_own_tool_takes_all_rules_of_the_stack(stack: str, tmp_path: Path) -> None:
    settings = load(stack)
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules_document(rule_groups(settings), runbooks(settings))), encoding="utf-8")
    done = run([needs("promtool"), "check", "rules", "rules.yaml"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_runbooks_are_read_where_the_repository_is() -> None:
    assert runbooks(load("us-east-1")) == "https://gitlab.com/morefocus/platform/-/blob/main/docs/runbooks"


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("sun:04:00-sun:05:00", Window(day=0, start_minute=240, end_minute=300)),
        ("sat:23:30-sun:01:00", Window(day=6, start_minute=1410, end_minute=1440)),
    ],
)
def test_a_window_of_maintenance_is_counted_to_the_end_of_its_day(text: str, window: Window) -> None:
    assert window_of(text) == window


def test_a_stack_without_n8n_does_not_wait_for_its_metrics() -> None:
    def silent(stack: str) -> str:
        return next(alert.expr for group in rule_groups(load(stack)) for alert in group.alerts if alert.name == "MetricsSilent")

    assert "n8n_version_info" in silent("us-east-1") and "absent(pg_up)" in silent("us-east-1")
