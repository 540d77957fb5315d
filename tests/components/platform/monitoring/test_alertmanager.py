"""Whom alerts reach, asked of Alertmanager's own tool."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from components.platform.monitoring.alertmanager import MuteWindow, Routing, Smtp, alertmanager_config
from components.platform.monitoring.escalation_rules import Step
from tests.kit.tools import needs, run

ROUTING = Routing(
    matrix={
        "warning": Step(tell=["slack"], after_minutes=240),
        "critical": Step(tell=["slack", "email"], after_minutes=30),
        "page": Step(tell=["slack", "email", "on-call"]),
    },
    smtp=Smtp(host="smtp.example.com", port=587, sender="alerts@example.com", username="alerts@example.com"),
    emails=["on-call@example.com"],
    channels={"warning": "#alerts", "critical": "#alerts", "page": "#incidents"},
    topic_arn="arn:aws:sns:us-east-1:123456789012:alerts",
    region="us-east-1",
    tenants={"acme": "it@acme.example.com"},
    windows=[MuteWindow(day=0, start="04:00", end="05:00")],
)
CONFIG = alertmanager_config(ROUTING)


def written(folder: Path, routing: Routing = ROUTING) -> str:
    """The configuration in a file; amtool before 0.26 does not know `url_file`, for which an address stands in there."""
    text = yaml.safe_dump(alertmanager_config(routing))
    found = re.search(r"version (\d+)\.(\d+)", run([needs("amtool"), "--version"], folder).stdout)
    if found is None or (int(found[1]), int(found[2])) < (0, 26):
        text = re.sub(r"url_file: (?=/etc/alertmanager/secrets/\S+/heartbeat-url)\S+", "url: https://example.com/heartbeat", text)
    (folder / "alertmanager.yml").write_text(text, encoding="utf-8")
    return "alertmanager.yml"


def receivers(folder: Path, *labels: str) -> str:
    """Who is told of an alert with these labels."""
    name = written(folder)
    return run([needs("amtool"), "config", "routes", "test", f"--config.file={name}", *labels], folder).stdout.strip()


def test_alertmanagers_own_tool_takes_the_configuration(tmp_path: Path) -> None:
    done = run([needs("amtool"), "check-config", written(tmp_path)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_alertmanagers_own_tool_refuses_a_receiver_that_is_not_there(tmp_path: Path) -> None:
    name = written(tmp_path)
    bent = (tmp_path / name).read_text(encoding="utf-8").replace("receiver: page", "receiver: nowhere")
    (tmp_path / name).write_text(bent, encoding="utf-8")
    assert run([needs("amtool"), "check-config", name], tmp_path).returncode != 0


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (("alertname=HighCPUUsage", "severity=warning"), "warning"),
        (("alertname=DatabaseConnectionsHigh", "severity=critical"), "critical"),
        (("alertname=DatabaseDown", "severity=page"), "page"),
        (("alertname=WorkflowErrorRateHigh", "severity=critical", "tenant=acme"), "tenant-acme,critical"),
        (("alertname=WorkflowQueueStalled", "severity=page", "tenant=acme"), "tenant-acme,page"),
        (("alertname=WorkflowQueueDeep", "severity=warning", "tenant=acme"), "warning"),
        (("alertname=WorkflowErrorRateHigh", "severity=critical", "tenant=zeta"), "critical"),
        (("alertname=Watchdog", "severity=none"), "heartbeat"),
        (("alertname=Info", "severity=none"), "nobody"),
        (("alertname=Forgotten",), "warning"),
    ],
)
def test_each_alert_reaches_those_whom_the_matrix_names(labels: tuple[str, ...], told: str, tmp_path: Path) -> None:
    assert receivers(tmp_path, *labels) == told


def test_times_are_those_of_the_sources_and_the_end_of_an_alert_is_told_too() -> None:
    route = CONFIG["route"]
    assert (route["group_wait"], route["group_interval"], route["repeat_interval"]) == ("10s", "10s", "1h")
    told = [
        each
        for receiver in CONFIG["receivers"]
        for key in ("slack_configs", "email_configs", "sns_configs")
        for each in receiver.get(key, [])
    ]
    assert len(told) == 7 and all(each["send_resolved"] is True for each in told)


def test_each_severity_is_told_by_the_ways_that_the_matrix_names() -> None:
    ways = {receiver["name"]: sorted(set(receiver) - {"name"}) for receiver in CONFIG["receivers"]}
    assert ways["warning"] == ["slack_configs"]
    assert ways["critical"] == ["email_configs", "slack_configs"]
    assert ways["page"] == ["email_configs", "slack_configs", "sns_configs"]


def test_the_sign_of_life_goes_out_each_minute_and_its_end_is_not_told() -> None:
    route = CONFIG["route"]["routes"][0]
    assert (route["group_wait"], route["group_interval"], route["repeat_interval"]) == ("0s", "1m", "1m")
    heartbeat = next(receiver for receiver in CONFIG["receivers"] if receiver["name"] == "heartbeat")
    assert heartbeat["webhook_configs"][0]["send_resolved"] is False


def test_nothing_secret_stands_in_the_configuration() -> None:
    text = yaml.safe_dump(CONFIG)
    assert not re.search(r"hooks\.slack\.com|smtp_auth_password:|slack_api_url:|\burl: ", text)
    files = re.findall(r"_file: (\S+)", text)
    assert len(files) == 3 and all(each.startswith("/etc/alertmanager/secrets/") for each in files)


def test_warnings_wait_while_maintenance_is_planned_and_louder_alerts_do_not() -> None:
    muted = {route["receiver"] for route in CONFIG["route"]["routes"] if "mute_time_intervals" in route}
    assert muted == {"warning"}
    assert CONFIG["time_intervals"][0]["time_intervals"] == [
        {"weekdays": ["sunday"], "times": [{"start_time": "04:00", "end_time": "05:00"}]}
    ]
    assert "time_intervals" not in alertmanager_config(replace(ROUTING, windows=()))


def test_a_way_that_is_not_set_up_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="name one in emails"):
        replace(ROUTING, emails=[])
    with pytest.raises(ValueError, match="name one in channels"):
        replace(ROUTING, channels={"warning": "#alerts"})
    with pytest.raises(ValueError, match="must be of slack, email, on-call"):
        replace(ROUTING, matrix={**ROUTING.matrix, "page": Step(tell=["pigeon"])})
    with pytest.raises(ValueError, match="missing: page"):
        replace(ROUTING, matrix={key: step for key, step in ROUTING.matrix.items() if key != "page"})
