"""Alerts that become louder, tried with promtool."""

from pathlib import Path

import pytest
import yaml

from components.platform.monitoring.escalation_rules import Matrix, Step, escalation_rules
from components.platform.monitoring.rule import Alert, Group, rules_document
from tests.kit.tools import needs, run

MATRIX: Matrix = {
    "warning": Step(tell=["slack"], after_minutes=60),
    "critical": Step(tell=["slack", "email"], after_minutes=30),
    "page": Step(tell=["on-call"]),
}
BUSY = Alert(name="Busy", expr="load > 1", hold="0s", severity="warning", summary="Busy", description="It is busy.")
DOWN = Alert(name="Down", expr="alive == 0", hold="0s", severity="critical", summary="Down", description="It is down.")


def loud(series: str, found: str, at: str, folder: Path) -> list[str]:
    """Labels of the louder alerts that fire at a time."""
    groups = [Group(name="own", rules=[BUSY, DOWN]), escalation_rules(MATRIX)]
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules_document(groups, "https://example.com")), encoding="utf-8")
    query = 'count by (alertname, escalated, severity, tenant) (ALERTS{alertname=~".*Unattended", alertstate="firing"})'
    samples = [{"labels": found, "value": 1}] if found else []
    test = {
        "interval": "1m",
        "input_series": [{"series": series.partition("=>")[0], "values": series.partition("=>")[2]}],
        "promql_expr_test": [{"expr": query, "eval_time": at, "exp_samples": samples}],
    }
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (folder / "tests.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    done = run([needs("promtool"), "test", "rules", "tests.yaml"], folder)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize(
    ("series", "at", "found"),
    [
        ('load{tenant="acme"}=>2x200', "59m", ""),
        ('load{tenant="acme"}=>2x200', "62m", '{alertname="WarningUnattended", escalated="Busy", severity="critical", tenant="acme"}'),
        ('alive{tenant="acme"}=>0x200', "29m", ""),
        ('alive{tenant="acme"}=>0x200', "32m", '{alertname="CriticalUnattended", escalated="Down", severity="page", tenant="acme"}'),
        # Mended in between, the time begins anew.
        ('load{tenant="acme"}=>2x40 0x2 2x200', "70m", ""),
    ],
)
def test_an_alert_becomes_louder_after_its_time_with_its_name_and_tenant(series: str, at: str, found: str, tmp_path: Path) -> None:
    assert not loud(series, found, at, tmp_path)


def test_what_has_become_louder_does_not_become_louder_again() -> None:
    for alert in escalation_rules(MATRIX).alerts:
        assert 'alertname!~".*Unattended"' in alert.expr


def test_a_severity_without_a_time_stays_as_loud_as_it_is() -> None:
    quiet = {**MATRIX, "warning": Step(tell=["slack"])}
    assert [alert.name for alert in escalation_rules(quiet).alerts] == ["CriticalUnattended"]


def test_a_step_that_tells_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="tell somebody"):
        Step(tell=[])
