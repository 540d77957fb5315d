"""What CloudWatch calls when an alarm of a function rings: a rollout that is under way goes back, whoever drives it (DEL-3)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3


@cache
def connect(service: str) -> Any:
    """A client of the function's own region; one for each service, for as long as the function lives."""
    return boto3.client(service)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Entry point: gives the version in service all calls of every function whose alias shares them, and returns which those were.

    All functions of `FUNCTIONS` go back together, as they are released together. Asked again it finds nothing to do. Raises KeyError
    for an event that is no alarm's. Shape: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
    """
    del context
    alarm = event["alarmData"]
    rings = alarm["state"]["value"] == "ALARM"
    back = [name for name in os.environ["FUNCTIONS"].split(",") if rings and take_back(connect("lambda"), name, os.environ["ALIAS"])]
    report = {"alarm": alarm["alarmName"], "state": alarm["state"]["value"], "taken_back": back}
    sys.stdout.write(f"{json.dumps(report)}\n")
    return report


def take_back(functions: Any, function: str, alias: str) -> bool:
    """Give the version in service all calls; return whether another one had some of them."""
    found = functions.get_alias(FunctionName=function, Name=alias)
    if not (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        return False
    functions.update_alias(FunctionName=function, Name=alias, RoutingConfig={"AdditionalVersionWeights": {}})
    return True
