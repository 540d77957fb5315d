"""Rules tried on made-up series with Prometheus' own tool: an alert fires on some, and does not on others that are close to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from components.platform.monitoring.rule import Group, rules_document
from tests.kit.tools import needs, run

RUNBOOKS = "https://example.com/docs/runbooks"
Series = Mapping[str, str]
"""Series to its values, a minute apart, in promtool's spelling: `0+1x60`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What an alert is tried on.

    Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
    """

    alert: str
    fires: Series
    quiet: Series
    """As close to firing as can be."""
    at: str = "1h"
    every: str = "1m"
    """How often rules are evaluated; less often where days pass."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels that it must bear when it fires, besides its severity."""


def findings(group: Group, cases: Sequence[Case], folder: Path) -> str:
    """Return what promtool has against the rules or the cases; empty when all hold."""
    promtool = needs("promtool")
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules_document([group], RUNBOOKS)), encoding="utf-8")
    severities = {alert.name: alert.severity for alert in group.alerts}
    commands = [[promtool, "check", "rules", "rules.yaml"]]
    for every in sorted({case.every for case in cases}):
        tests = [test for case in cases if case.every == every for test in _tests(case, severities[case.alert])]
        document = {"rule_files": ["rules.yaml"], "evaluation_interval": every, "tests": tests}
        (folder / f"tests-{every}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        commands.append([promtool, "test", "rules", f"tests-{every}.yaml"])
    said = [run(command, folder) for command in commands]
    return "\n".join(each.stdout + each.stderr for each in said if each.returncode != 0)


def values(group: Group, series: Series, expected: Mapping[str, float], folder: Path, at: str = "1h") -> str:
    """Return what promtool has against records: `expected` is a query to the one value that it must give."""
    promtool = needs("promtool")
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules_document([group], RUNBOOKS)), encoding="utf-8")
    asked = [
        {"expr": f"sum({query})", "eval_time": at, "exp_samples": [{"labels": "{}", "value": value}]} for query, value in expected.items()
    ]
    test = {"interval": "1m", "input_series": _inputs(series), "promql_expr_test": asked}
    document = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (folder / "tests.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    done = run([promtool, "test", "rules", "tests.yaml"], folder)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def uncovered(group: Group, cases: Sequence[Case]) -> set[str]:
    """Return alerts without a case, and cases without an alert."""
    return {alert.name for alert in group.alerts} ^ {case.alert for case in cases}


def _tests(case: Case, severity: str) -> list[dict[str, Any]]:
    kept = sorted({"alertname", "severity", *case.labels})
    query = f'count by ({", ".join(kept)}) (ALERTS{{alertname="{case.alert}", alertstate="firing"}})'
    labels = {"alertname": case.alert, "severity": severity, **case.labels}
    shown = "{" + ", ".join(f'{key}="{value}"' for key, value in labels.items()) + "}"
    return [
        {
            "name": f"{case.alert} fires",
            "interval": "1m",
            "input_series": _inputs(case.fires),
            "promql_expr_test": [{"expr": f"{query} > bool 0", "eval_time": case.at, "exp_samples": [{"labels": shown, "value": 1}]}],
        },
        {
            "name": f"{case.alert} is quiet",
            "interval": "1m",
            "input_series": _inputs(case.quiet),
            "promql_expr_test": [{"expr": query, "eval_time": case.at, "exp_samples": []}],
        },
    ]


def _inputs(series: Series) -> list[dict[str, str]]:
    return [{"series": name, "values": values} for name, values in series.items()]
