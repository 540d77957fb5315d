"""Macie: off until it is switched on, classification jobs, identifiers of one's own, tags."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import Tags, answer, asked, last, moment, own_arn, refused, tagging


def install() -> None:
    """Adds it to moto."""
    from moto.macie2.models import MacieBackend
    from moto.macie2.responses import MacieResponse
    from moto.macie2.urls import url_paths

    MacieBackend.__init__ = _off(MacieBackend.__init__)
    MacieBackend.enable_macie = _enabled(MacieBackend.enable_macie)
    MacieBackend.get_macie_session = _session(MacieBackend.get_macie_session)
    MacieBackend.disable_macie = _disabled(MacieBackend.disable_macie)
    operations = {
        "update_macie_session": _update_session,
        "create_classification_job": _create_job,
        "describe_classification_job": _describe_job,
        "update_classification_job": _update_job,
        "list_classification_jobs": _list_jobs,
        "create_custom_data_identifier": _create_identifier,
        "get_custom_data_identifier": _get_identifier,
        "delete_custom_data_identifier": _delete_identifier,
        "list_custom_data_identifiers": _list_identifiers,
        **tagging(_tags),
    }
    for name, operation in operations.items():
        setattr(MacieResponse, name, operation)
    for path in (
        "jobs",
        "jobs/(?P<job_id>[^/]+)",
        "custom-data-identifiers",
        "custom-data-identifiers/(?P<identifier_id>[^/]+)",
        "tags/(?P<arn>.+)",
    ):
        url_paths[f"{{0}}/{path}$"] = MacieResponse.dispatch


def _off(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.macie_session = None
        self.jobs, self.identifiers = {}, {}

    return create


def _enabled(original: Any) -> Any:
    @wraps(original)
    def enable(self: Any, *args: Any, **kwargs: Any) -> None:
        if self.macie_session:
            raise refused("ConflictException", "Macie has already been enabled", status=409)
        original(self, *args, **kwargs)

    return enable


def _session(original: Any) -> Any:
    @wraps(original)
    def get(self: Any) -> Any:
        if not self.macie_session:
            raise refused("AccessDeniedException", "Macie is not enabled", status=403)
        return original(self)

    return get


def _disabled(original: Any) -> Any:
    @wraps(original)
    def disable(self: Any) -> None:
        self.get_macie_session()
        original(self)
        self.jobs, self.identifiers = {}, {}

    return disable


def _update_session(self: Any) -> str:
    self.macie_backend.get_macie_session()
    self.macie_backend.macie_session.update(asked(self))
    return answer()


def _create_job(self: Any) -> str:
    wanted, identity = asked(self), uuid.uuid4().hex
    job = {
        "samplingPercentage": 100,
        "initialRun": False,
        **{key: value for key, value in wanted.items() if key != "tags"},
        "tags": wanted.get("tags") or {},
        "jobId": identity,
        "jobArn": own_arn(self, "macie2", f"classification-job/{identity}"),
        # A job that runs by itself waits until its hour.
        "jobStatus": "IDLE" if wanted["jobType"] == "SCHEDULED" else "RUNNING",
        "createdAt": moment(),
    }
    _held(self, "jobs")[identity] = job
    return answer(jobArn=job["jobArn"], jobId=identity)


def _describe_job(self: Any) -> str:
    return answer(**_job(self))


def _update_job(self: Any) -> str:
    job, status = _job(self), asked(self)["jobStatus"]
    if job["jobStatus"] == "CANCELLED":
        raise refused("ConflictException", "The job is cancelled: its status cannot change", status=409)
    job["jobStatus"] = "IDLE" if status == "RUNNING" and job["jobType"] == "SCHEDULED" else status
    return answer()


def _list_jobs(self: Any) -> str:
    shown = ("jobId", "jobType", "jobStatus", "name", "createdAt")
    return answer(items=[{key: job[key] for key in shown} for job in _held(self, "jobs").values()])


def _create_identifier(self: Any) -> str:
    wanted, identity = asked(self), str(uuid.uuid4())
    _held(self, "identifiers")[identity] = {
        "maximumMatchDistance": 50,
        **{key: value for key, value in wanted.items() if key not in ("clientToken", "tags")},
        "tags": wanted.get("tags") or {},
        "id": identity,
        "arn": own_arn(self, "macie2", f"custom-data-identifier/{identity}"),
        "createdAt": moment(),
        "deleted": False,
    }
    return answer(customDataIdentifierId=identity)


def _get_identifier(self: Any) -> str:
    return answer(**_identifier(self))


def _delete_identifier(self: Any) -> str:
    """Macie keeps what has matched before; it only says that it is deleted."""
    _identifier(self)["deleted"] = True
    return answer()


def _list_identifiers(self: Any) -> str:
    shown = ("id", "arn", "name", "createdAt")
    held = _held(self, "identifiers").values()
    return answer(items=[{key: each[key] for key in shown} for each in held if not each["deleted"]])


def _job(response: Any) -> dict[str, Any]:
    return _one(response, "jobs", last(response, "/jobs/"))


def _identifier(response: Any) -> dict[str, Any]:
    return _one(response, "identifiers", last(response, "/custom-data-identifiers/"))


def _one(response: Any, kind: str, identity: str) -> dict[str, Any]:
    held = _held(response, kind)
    if identity not in held:
        raise refused("ResourceNotFoundException", "The request failed because the specified resource doesn't exist.", status=404)
    found: dict[str, Any] = held[identity]
    return found


def _held(response: Any, kind: str) -> dict[str, Any]:
    response.macie_backend.get_macie_session()
    found: dict[str, Any] = getattr(response.macie_backend, kind)
    return found


def _tags(response: Any, arn: str) -> Tags:
    kind = "jobs" if ":classification-job/" in arn else "identifiers"
    tags: Tags = _one(response, kind, arn.rpartition("/")[2])["tags"]
    return tags
