"""Rules as values, and as Prometheus reads them."""

from pathlib import Path

import pytest
import yaml

from components.platform.monitoring.rule import Alert, Group, Record, rules_document
from tests.kit.tools import needs, run


def an_alert(name: str = "DiskFull", hold: str = "5m", expr: str = "disk:usage:percent > 90") -> Alert:
    return Alert(name=name, expr=expr, hold=hold, severity="critical", summary="Full", description="{{ $value }} %", labels={"slo": "x"})


GROUP = Group(name="disks", rules=[Record(name="disk:usage:percent", expr="100 * used / size"), an_alert()])


def test_an_alert_carries_severity_text_and_the_address_of_its_runbook() -> None:
    (group,) = rules_document([GROUP], "https://example.com/runbooks/")["groups"]
    assert group["rules"][1] == {
        "alert": "DiskFull",
        "expr": "disk:usage:percent > 90",
        "for": "5m",
        "labels": {"severity": "critical", "slo": "x"},
        "annotations": {"summary": "Full", "description": "{{ $value }} %", "runbook_url": "https://example.com/runbooks/DiskFull.md"},
    }
    assert group["rules"][0] == {"record": "disk:usage:percent", "expr": "100 * used / size"}


def test_promtool_takes_good_rules_and_refuses_a_slip_in_a_query(tmp_path: Path) -> None:
    def verdict(group: Group) -> int:
        (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules_document([group], "https://example.com")), encoding="utf-8")
        return run([needs("promtool"), "check", "rules", "rules.yaml"], tmp_path).returncode

    assert verdict(GROUP) == 0
    assert verdict(Group(name="disks", rules=[an_alert(expr="disk >> 90")])) != 0


@pytest.mark.parametrize("name", ["diskFull", "Disk-Full", "disk full", "D"])
def test_an_alert_without_a_proper_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="words in capitals"):
        an_alert(name=name)


@pytest.mark.parametrize("hold", ["5", "5 m", "", "five minutes"])
def test_a_time_that_is_no_duration_is_refused(hold: str) -> None:
    with pytest.raises(ValueError, match="hold must be a duration"):
        an_alert(hold=hold)


@pytest.mark.parametrize("name", ["disk", "disk usage:percent", "Disk:usage:percent"])
def test_a_record_says_level_metric_and_operation(name: str) -> None:
    with pytest.raises(ValueError, match="level:metric:operation"):
        Record(name=name, expr="1")
