"""What EventBridge calls with a severe finding of GuardDuty."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3

from services.incident_response import access_key, instance

_SUBJECT_LIMIT = 100


@cache
def connect(service: str) -> Any:
    """A client of the function's own region; one for each service, for as long as the function lives."""
    return boto3.client(service)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Entry point: contains what the finding names, tells the alert topic what was done, and returns it.

    Asked again with the same finding it does only what is missing, and stays silent when nothing is. `DRY_RUN=true` changes nothing
    and tells what would be done. Raises KeyError for an event that is no finding.
    """
    del context
    finding, dry_run = event["detail"], os.environ.get("DRY_RUN") == "true"
    done = respond(finding, os.environ["QUARANTINE_GROUP"], dry_run=dry_run)
    report = {"finding": finding["id"], "type": finding["type"], "severity": finding["severity"], "dry_run": dry_run, "done": done}
    sys.stdout.write(f"{json.dumps(report)}\n")
    if done:
        said = f"{'Would contain' if dry_run else 'Contained'}: {finding['type']}"
        connect("sns").publish(TopicArn=os.environ["ALERT_TOPIC"], Subject=said[:_SUBJECT_LIMIT], Message=json.dumps(report, indent=1))
    return report


def respond(finding: Mapping[str, Any], quarantine_group: str, *, dry_run: bool) -> list[str]:
    """Return what was done about what the finding names: an instance, an IAM user's access key, both or neither.

    Shape: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html
    """
    resource, done = finding.get("resource", {}), list[str]()
    if instance_id := resource.get("instanceDetails", {}).get("instanceId"):
        done += instance.isolate(connect, instance_id, quarantine_group, finding["id"], dry_run=dry_run)
    key = resource.get("accessKeyDetails", {})
    # Keys of roles end by themselves within hours, and belong to no user.
    if key.get("userType") == "IAMUser" and key.get("accessKeyId"):
        done += access_key.disable(connect, key["userName"], key["accessKeyId"], dry_run=dry_run)
    return done
