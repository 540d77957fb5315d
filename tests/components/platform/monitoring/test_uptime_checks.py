"""Checks from outside, as the cluster keeps them."""

import json
from functools import cache
from typing import Any

import pytest

from components.platform.monitoring.uptime_checks import Check, UptimeChecks, UptimeChecksArgs, checks_document
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

CHECKS = {"web": Check(url="https://morefocus.com"), "hooks": Check(url="https://hooks.morefocus.com/webhook/none", up=(404, 200))}


@cache
def graph() -> Graph:
    args = UptimeChecksArgs(image="docker.io/library/python:3", program="print()", secret="uptime-robot", checks=CHECKS)
    return record(lambda: UptimeChecks("uptime-checks", a_context(), args))


def test_checks_are_named_after_the_environment_and_written_as_the_service_takes_them() -> None:
    found = json.loads(checks_document(a_context(), CHECKS))
    assert found["prefix"] == "morefocus-prod "
    assert found["checks"] == {
        "morefocus-prod web": {"url": "https://morefocus.com", "interval": "60"},
        "morefocus-prod hooks": {
            "url": "https://hooks.morefocus.com/webhook/none",
            "interval": "60",
            "custom_http_statuses": "200:1_404:1",
        },
    }


def test_the_program_runs_each_hour_one_at_a_time_and_gives_up() -> None:
    spec = graph().one("kubernetes:batch/v1:CronJob").inputs["spec"]
    assert (spec["schedule"], spec["concurrencyPolicy"]) == ("17 * * * *", "Forbid")
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 300 and spec["jobTemplate"]["spec"]["backoffLimit"] == 2


def test_the_pod_may_do_little_and_has_the_key_as_a_file() -> None:
    pod: dict[str, Any] = graph().one("kubernetes:batch/v1:CronJob").inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False and pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {each["name"]: each["value"] for each in container["env"]}["API_KEY_FILE"] == "/var/run/uptime-robot/api-key"
    assert next(each for each in pod["volumes"] if each["name"] == "secret")["secret"]["secretName"] == "uptime-robot"


@pytest.mark.parametrize(
    ("wrong", "said"), [({"url": "http://x.example.com"}, "https"), ({"url": "https://x", "seconds": 10}, "30 or more")]
)
def test_a_check_that_the_service_would_not_make_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Check(**wrong)


def test_no_check_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="leave the component out"):
        UptimeChecksArgs(image="x", program="x", secret="x", checks={})
