"""Macie: the account's session, the jobs that look for personal data, and what they look for beyond what Macie knows."""

from __future__ import annotations

from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure, passing
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, moment

_JOB = Translation("macie2", "CreateClassificationJob", apart=frozenset({"scheduleFrequency", "jobStatus", "namePrefix"}))
_IDENTIFIER = Translation("macie2", "CreateCustomDataIdentifier", apart=frozenset({"namePrefix"}))
_RUNS = {"IDLE": "RUNNING", "COMPLETE": "RUNNING"}
"""A job between two runs is one that runs, to a program."""


class Account(Handler):
    """Macie of an account in a region."""

    token = "aws:macie2/account:Account"
    defaults = {"findingPublishingFrequency": "FIFTEEN_MINUTES", "status": "ENABLED"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("macie2", "EnableMacie", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        macie = call.client("macie2")
        macie.enable_macie(**self._request(inputs), clientToken=call.token())
        return call.account, self._outputs(macie.get_macie_session())

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = _session(call)
        if live is None:
            return None
        return {
            **self._outputs(live),
            "findingPublishingFrequency": live["findingPublishingFrequency"],
            "status": live["status"],
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        macie = call.client("macie2")
        macie.update_macie_session(**self._request(new))
        return self._outputs(macie.get_macie_session())

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _session(call) is not None:
            call.client("macie2").disable_macie()

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, findingPublishingFrequency="findingPublishingFrequency", status="status")

    def _outputs(self, session: Properties) -> Properties:
        times = {key: moment(session[key]) for key in ("createdAt", "updatedAt")}
        return {**times, "serviceRole": session["serviceRole"]}


class ClassificationJob(Handler):
    """A job that reads objects and says what personal data is in them; it can be paused and cancelled, and else stays as made."""

    token = "aws:macie2/classificationJob:ClassificationJob"
    create_only = frozenset(
        {
            *("customDataIdentifierIds", "description", "initialRun", "jobType", "name", "namePrefix"),
            *("s3JobDefinition", "samplingPercentage", "scheduleFrequency"),
        }
    )
    unordered = frozenset({"customDataIdentifierIds"})
    autoname = "name"
    autoname_limit = 500

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("macie2", "CreateClassificationJob", self._request(call, inputs, naming.predicted(inputs)))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        filled = {"jobStatus": "RUNNING", "samplingPercentage": 100, "customDataIdentifierIds": [], "description": ""}
        return {**filled, **{key: inputs[key] for key in filled if key in inputs}, "userPausedDetails": []}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        macie, name = call.client("macie2"), naming.chosen(call, inputs)
        request = self._request(call, inputs, name)
        made = macie.create_classification_job(**request, **tagging.whole(inputs))
        if inputs.get("jobStatus") == "USER_PAUSED":
            macie.update_classification_job(jobId=made["jobId"], jobStatus="USER_PAUSED")
        live = macie.describe_classification_job(jobId=made["jobId"])
        return made["jobId"], {
            **self.preview(call, inputs),
            "name": name,
            "namePrefix": inputs.get("namePrefix", ""),
            "jobId": made["jobId"],
            "jobArn": made["jobArn"],
            "createdAt": moment(live["createdAt"]),
        }

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if _session(call) is None:
            return None
        live = call.client("macie2").describe_classification_job(jobId=resource_id)
        if live["jobStatus"] == "CANCELLED":
            return None
        found = _JOB.properties(self.token, live)
        schedule = _schedule_read(live.get("scheduleFrequency") or {})
        return {
            **{key: aligned(state[key], value) if key in state else value for key, value in found.items()},
            **({"scheduleFrequency": schedule} if schedule else {}),
            "jobStatus": _RUNS.get(live["jobStatus"], live["jobStatus"]),
            "jobId": live["jobId"],
            "jobArn": live["jobArn"],
            "createdAt": moment(live["createdAt"]),
            "userPausedDetails": [],
            "tags": live.get("tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        macie, kept = call.client("macie2"), ("jobId", "jobArn", "createdAt", "userPausedDetails")
        wanted = new.get("jobStatus", old["jobStatus"])
        if wanted != old["jobStatus"]:
            macie.update_classification_job(jobId=resource_id, jobStatus=wanted)
        tagging.retag(macie, old["jobArn"], old, new)
        return {**self.preview(call, new), **{key: old[key] for key in kept}, "jobStatus": wanted}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if self.read(call, resource_id, state) is not None:
            call.client("macie2").update_classification_job(jobId=resource_id, jobStatus="CANCELLED")

    def _request(self, call: Call, inputs: Properties, name: str) -> Properties:
        schedule = _schedule(inputs.get("scheduleFrequency"))
        return {**_JOB.request({**inputs, "name": name}), **schedule, "clientToken": call.token()}


class CustomDataIdentifier(Handler):
    """Something to look for, by a regular expression and the words that stand near it."""

    token = "aws:macie/customDataIdentifier:CustomDataIdentifier"
    create_only = frozenset({"description", "ignoreWords", "keywords", "maximumMatchDistance", "name", "namePrefix", "regex"})
    unordered = frozenset({"ignoreWords", "keywords"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _IDENTIFIER.failures({**inputs, "name": naming.predicted(inputs)})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"maximumMatchDistance": inputs.get("maximumMatchDistance", 50)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        macie, name = call.client("macie2"), naming.chosen(call, inputs)
        request = _IDENTIFIER.request({**inputs, "name": name})
        made = macie.create_custom_data_identifier(**request, **tagging.whole(inputs), clientToken=call.token())["customDataIdentifierId"]
        live = macie.get_custom_data_identifier(id=made)
        named = {"name": name, "namePrefix": inputs.get("namePrefix", "")}
        return made, {**self.preview(call, inputs), **named, "arn": live["arn"], "createdAt": moment(live["createdAt"])}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        if _session(call) is None:
            return None
        live = call.client("macie2").get_custom_data_identifier(id=resource_id)
        if live.get("deleted"):
            return None
        found = _IDENTIFIER.properties(self.token, live)
        return {**found, "arn": live["arn"], "createdAt": moment(live["createdAt"]), "tags": live.get("tags", {})}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        tagging.retag(call.client("macie2"), old["arn"], old, new)
        return {"arn": old["arn"], "createdAt": old["createdAt"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if self.read(call, resource_id, state) is not None:
            call.client("macie2").delete_custom_data_identifier(id=resource_id)


def _schedule(wanted: Any) -> Properties:
    """The service has an object for each kind of schedule; a program has a switch, a number or a name."""
    if not wanted:
        return {}
    if wanted is UNKNOWN:
        return {"scheduleFrequency": UNKNOWN}
    if wanted.get("dailySchedule"):
        return {"scheduleFrequency": {"dailySchedule": {}}}
    if "monthlySchedule" in wanted:
        return {"scheduleFrequency": {"monthlySchedule": {"dayOfMonth": wanted["monthlySchedule"]}}}
    return {"scheduleFrequency": {"weeklySchedule": {"dayOfWeek": wanted.get("weeklySchedule")}}}


def _schedule_read(live: Properties) -> Properties:
    if "dailySchedule" in live:
        return {"dailySchedule": True}
    if "monthlySchedule" in live:
        return {"monthlySchedule": live["monthlySchedule"]["dayOfMonth"]}
    return {"weeklySchedule": live["weeklySchedule"]["dayOfWeek"]} if "weeklySchedule" in live else {}


def _session(call: Call) -> Properties | None:
    """Macie of the account; None where it is off, of which Macie says that access is denied."""
    with passing("AccessDeniedException"):
        return dict(call.client("macie2").get_macie_session())
    return None
