"""Checks from outside, against the emulated cloud."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

CANARY = "aws:synthetics/canary:Canary"
INPUTS: dict[str, Any] = {
    "name": "bookings-api",
    "artifactS3Location": "s3://checks/bookings",
    "executionRoleArn": "arn:aws:iam::123456789012:role/checks",
    "handler": "check.handler",
    "runtimeVersion": "syn-nodejs-puppeteer-10.0",
    "s3Bucket": "releases",
    "s3Key": "checks/1.zip",
    "schedule": {"expression": "rate(5 minutes)"},
}


def test_a_check_lives_as_declared(workbench: Workbench) -> None:
    running = {**INPUTS, "runConfig": {"timeoutInSeconds": 60, "activeTracing": True}, "startCanary": True}
    life = workbench.made(CANARY, **running, tags={"owner": "platform"})
    synthetics = life.boto("synthetics")

    def live() -> dict[str, Any]:
        found: dict[str, Any] = synthetics.get_canary(Name="bookings-api")["Canary"]
        return found

    assert (live()["Status"]["State"], live()["RunConfig"]["TimeoutInSeconds"], live()["Tags"]) == ("RUNNING", 60, {"owner": "platform"})
    assert life.outputs["arn"] == "arn:aws:synthetics:eu-west-1:123456789012:canary:bookings-api"
    assert life.refresh() == []
    life.update(**running | {"startCanary": False, "successRetentionPeriod": 7}, tags={"owner": "security"})
    assert (live()["Status"]["State"], live()["SuccessRetentionPeriodInDays"], live()["Tags"]) == ("STOPPED", 7, {"owner": "security"})
    assert life.refresh() == []
    assert life.imported()[0]["handler"] == "check.handler"
    assert life.replaced_by(**running | {"name": "other"}) == {"name"}
    synthetics.start_canary(Name="bookings-api")
    assert {change.path for change in life.refresh()} == {"startCanary"}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"s3Key": None}, "s3Bucket"),
        ({"zipFile": "/tmp/check.zip"}, "s3Bucket"),
        ({"artifactS3Location": "checks/bookings"}, "artifactS3Location"),
        ({"name": "Bookings API"}, "name"),
    ],
)
def test_a_check_that_synthetics_would_refuse_is_refused(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as error:
        workbench.life(CANARY).check(**{key: value for key, value in {**INPUTS, **change}.items() if value is not None})
    assert path in {failure.path for failure in error.value.failures}
