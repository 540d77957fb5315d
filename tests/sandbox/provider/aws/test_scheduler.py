"""Schedules against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

SCHEDULE = "aws:scheduler/schedule:Schedule"
ROLE = "arn:aws:iam::123456789012:role/clock"
CALL = json.dumps({"ClusterName": "estate", "NodegroupName": "standard"})


def schedule(**more: Any) -> dict[str, Any]:
    target = {"arn": "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupVersion", "roleArn": ROLE, "input": CALL}
    window = {"mode": "FLEXIBLE", "maximumWindowInMinutes": 60}
    return {"name": "weekly", "scheduleExpression": "cron(0 5 ? * SUN *)", "flexibleTimeWindow": window, "target": target} | more


def test_a_schedule_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(SCHEDULE, **schedule(description="Weekly"))
    client = life.boto("scheduler")
    live = client.get_schedule(Name="weekly")
    assert (live["ScheduleExpression"], live["Target"]["Input"], live["Description"]) == ("cron(0 5 ? * SUN *)", CALL, "Weekly")
    assert (live["State"], live["FlexibleTimeWindow"]) == ("ENABLED", {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60})
    assert life.outputs["arn"] == live["Arn"] and life.refresh() == []
    life.update(**schedule(description="Daily", scheduleExpression="rate(1 day)", state="DISABLED", flexibleTimeWindow={"mode": "OFF"}))
    live = client.get_schedule(Name="weekly")
    assert (live["ScheduleExpression"], live["State"]) == ("rate(1 day)", "DISABLED")
    assert life.refresh() == [] and life.imported()[0]["target"]["roleArn"] == ROLE
    assert life.replaced_by(**schedule(name="other")) == {"name"}
    client.update_schedule(
        Name="weekly",
        ScheduleExpression="rate(2 days)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:sqs:x", "RoleArn": ROLE},
    )
    assert "scheduleExpression" in {change.path for change in life.refresh()}
    life.delete()
    assert life.gone()


@pytest.mark.parametrize("window", [{"mode": "FLEXIBLE"}, {"mode": "OFF", "maximumWindowInMinutes": 5}])
def test_a_window_has_a_length_if_it_is_one(workbench: Workbench, window: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputs, match="maximumWindowInMinutes with mode FLEXIBLE"):
        workbench.life(SCHEDULE).check(**schedule(flexibleTimeWindow=window))
