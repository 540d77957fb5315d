"""The CodeDeploy application of a region's functions: which functions it has, which alarms end their rollout, and its own deployments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from scripts.rollout.aliases import ALIAS, Candidate


class UnknownError(Exception):
    """There is no such application, or no such function in it; says what there is."""


def alarms_of(codedeploy: Any, application: str, only: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the functions of an application to the alarms that end their rollout; `only` names some by the end of their name.

    Raises UnknownError for an application or a function that is not there.
    """
    try:
        codedeploy.get_application(applicationName=application)
        pages = codedeploy.get_paginator("list_deployment_groups").paginate(applicationName=application)
        names = [name for page in pages for name in page["deploymentGroups"]]
    except codedeploy.exceptions.ApplicationDoesNotExistException:
        raise UnknownError(f"there is no CodeDeploy application {application}: bring the stack up with scheduling.canary first") from None
    chosen = [name for name in names if not only or any(name == each or name.endswith(f"-{each}") for each in only)]
    missing = [each for each in only if not any(name == each or name.endswith(f"-{each}") for name in names)]
    if missing or not chosen:
        known = ", ".join(sorted(names)) or "none"
        raise UnknownError(f"{application} has no function {', '.join(missing) or 'at all'}; it has {known}")
    return {name: _alarms(codedeploy, application, name) for name in sorted(chosen)}


def _alarms(codedeploy: Any, application: str, group: str) -> list[str]:
    info = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=group)["deploymentGroupInfo"]
    configured = info.get("alarmConfiguration") or {}
    return [alarm["name"] for alarm in configured.get("alarms", [])] if configured.get("enabled") else []


def deploy(codedeploy: Any, application: str, moved: Candidate) -> str:
    """Have CodeDeploy take the version into service by itself: the first share, then all; return the deployment's id.

    Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
    """
    target = {"Name": moved.function, "Alias": ALIAS, "CurrentVersion": moved.old, "TargetVersion": moved.new}
    content = json.dumps({"version": 0.0, "Resources": [{moved.function: {"Type": "AWS::Lambda::Function", "Properties": target}}]})
    made = codedeploy.create_deployment(
        applicationName=application,
        deploymentGroupName=moved.function,
        description=f"version {moved.new} after {moved.old}",
        revision={
            "revisionType": "AppSpecContent",
            "appSpecContent": {"content": content, "sha256": hashlib.sha256(content.encode()).hexdigest()},
        },
    )
    return str(made["deploymentId"])
