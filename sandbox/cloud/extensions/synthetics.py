"""Synthetics: checks can be changed, started, stopped, tagged and ended, and one that is not there is told so."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import answer, asked, last, now, refused

_SETTINGS = {
    "ArtifactConfig": "artifact_config",
    "ArtifactS3Location": "artifact_s3_location",
    "ExecutionRoleArn": "execution_role_arn",
    "FailureRetentionPeriodInDays": "failure_retention_period_in_days",
    "RuntimeVersion": "runtime_version",
    "SuccessRetentionPeriodInDays": "success_retention_period_in_days",
    "VpcConfig": "vpc_config",
}
_RUN = {"ActiveTracing": False, "MemoryInMB": 1000, "TimeoutInSeconds": 840, "EphemeralStorage": 1024}


def install() -> None:
    """Adds it to moto."""
    from moto.synthetics.models import Canary
    from moto.synthetics.responses import SyntheticsResponse
    from moto.synthetics.urls import url_paths

    SyntheticsResponse.get_canary = _get
    SyntheticsResponse.update_canary = _update
    SyntheticsResponse.delete_canary = _delete
    SyntheticsResponse.start_canary = _turned("RUNNING", "LastStarted")
    SyntheticsResponse.stop_canary = _turned("STOPPED", "LastStopped")
    SyntheticsResponse.list_tags_for_resource = _list_tags
    SyntheticsResponse.tag_resource = _tag
    SyntheticsResponse.untag_resource = _untag
    Canary.to_dict = _shown(Canary.to_dict)
    url_paths.pop("{0}/tags/(?P<resourceArn>[^/]+)$", None)
    url_paths["{0}/tags/(?P<resourceArn>.+)$"] = SyntheticsResponse.dispatch
    url_paths["{0}/canary/(?P<name>[^/]+)/start$"] = SyntheticsResponse.dispatch
    url_paths["{0}/canary/(?P<name>[^/]+)/stop$"] = SyntheticsResponse.dispatch


def _shown(original: Any) -> Any:
    @wraps(original)
    def to_dict(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = original(self)
        found["RunConfig"] = _RUN | found["RunConfig"]
        found["Timeline"] = {key: value for key, value in found["Timeline"].items() if value}
        found["Code"] = {key: value for key, value in found["Code"].items() if key == "Handler"}
        return {key: value for key, value in found.items() if value is not None}

    return to_dict


def _named(response: Any, name: str) -> Any:
    if name not in response.synthetics_backend.canaries:
        raise refused("ResourceNotFoundException", f"Canary {name} does not exist", 404)
    return response.synthetics_backend.canaries[name]


def _get(self: Any) -> str:
    return answer(Canary=_named(self, last(self, "/canary/")).to_dict())


def _update(self: Any) -> str:
    canary, wanted = _named(self, last(self, "/canary/")), asked(self)
    for key, attribute in _SETTINGS.items():
        if key in wanted:
            setattr(canary, attribute, wanted[key])
    if "Schedule" in wanted:
        canary.schedule = wanted["Schedule"]
    canary.run_config = wanted.get("RunConfig", {})
    canary.code = wanted.get("Code", canary.code)
    canary.timeline["LastModified"] = now()
    return answer()


def _delete(self: Any) -> str:
    canary = _named(self, last(self, "/canary/").partition("?")[0])
    if canary.state == "RUNNING":
        raise refused("ConflictException", f"Canary {canary.name} is running: stop it first", 409)
    del self.synthetics_backend.canaries[canary.name]
    return json.dumps({})


def _turned(state: str, moment: str) -> Any:
    def turn(self: Any) -> str:
        canary = _named(self, last(self, "/canary/").rpartition("/")[0])
        canary.state, canary.timeline[moment] = state, now()
        return answer()

    return turn


def _tags(response: Any) -> dict[str, str]:
    tags: dict[str, str] = _named(response, last(response, "/tags/").rpartition(":")[2]).tags
    return tags


def _list_tags(self: Any) -> str:
    return answer(Tags=_tags(self))


def _tag(self: Any) -> str:
    _tags(self).update(asked(self)["Tags"])
    return answer()


def _untag(self: Any) -> str:
    for key in self.querystring.get("tagKeys", []):
        _tags(self).pop(key, None)
    return answer()
