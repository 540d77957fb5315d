"""CloudWatch Synthetics: checks from outside, by a script on a schedule. No script is run here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, known

_CODE = frozenset({"handler", "s3Bucket", "s3Key", "s3Version", "zipFile"})
_NAMES = {"failureRetentionPeriod": "FailureRetentionPeriodInDays", "successRetentionPeriod": "SuccessRetentionPeriodInDays"}
_APART = _CODE | {"deleteLambda", "startCanary"}
_CREATE = Translation("synthetics", "CreateCanary", names=_NAMES, apart=_APART)
_CHANGE = Translation("synthetics", "UpdateCanary", names=_NAMES, apart=_APART)
_RUN = {"activeTracing": False, "memoryInMb": 1000, "timeoutInSeconds": 840, "ephemeralStorage": 1024}
"""What a run has unless told."""
_SCHEDULE = {"durationInSeconds": 0}


class Canary(Handler):
    """A script that looks at the service as a client would, and how often."""

    token = "aws:synthetics/canary:Canary"
    create_only = frozenset({"name"})
    defaults = {"deleteLambda": False, "failureRetentionPeriod": 31, "startCanary": False, "successRetentionPeriod": 31}
    autoname = "name"
    autoname_limit = 21
    volatile = frozenset({"status", "timelines"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        given = [key for key in ("s3Bucket", "zipFile") if key in inputs]
        if len(given) != 1 or ("s3Bucket" in inputs) != ("s3Key" in inputs):
            got = ", ".join(given) or "none"
            return [Failure("s3Bucket", f"exactly one of zipFile, and s3Bucket with s3Key, is needed (got {got})")]
        place = inputs["artifactS3Location"]
        if known(place) and not place.startswith("s3://"):
            return [Failure("artifactS3Location", f"must begin with s3:// (got {place!r})")]
        return _CREATE.failures(inputs, Code=UNKNOWN)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("synthetics", f"canary:{inputs['name']}")} if known(inputs["name"]) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        synthetics = call.client("synthetics")
        synthetics.create_canary(**_CREATE.request(inputs), Code=_code(inputs), **tagging.whole(inputs, "Tags"))
        if inputs["startCanary"]:
            synthetics.start_canary(Name=inputs["name"])
        return inputs["name"], self._outputs(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("synthetics").get_canary(Name=resource_id)["Canary"]
        found = _CREATE.properties(self.token, live)
        told = {key: aligned(state[key], value, defaults=_RUN | _SCHEDULE) if key in state else value for key, value in found.items()}
        return {
            **told,
            **self._computed(call, live),
            "name": resource_id,
            "handler": live["Code"]["Handler"],
            "startCanary": live["Status"]["State"] == "RUNNING",
            "tags": live.get("Tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        synthetics = call.client("synthetics")
        code = {"Code": _code(new)} if any(old.get(key) != new.get(key) for key in _CODE) else {}
        synthetics.update_canary(**_CHANGE.request(new), **code)
        running = synthetics.get_canary(Name=resource_id)["Canary"]["Status"]["State"] == "RUNNING"
        if new["startCanary"] and not running:
            synthetics.start_canary(Name=resource_id)
        if running and not new["startCanary"]:
            synthetics.stop_canary(Name=resource_id)
        tagging.retag(synthetics, old["arn"], old, new)
        return self._outputs(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        synthetics = call.client("synthetics")
        if synthetics.get_canary(Name=resource_id)["Canary"]["Status"]["State"] == "RUNNING":
            synthetics.stop_canary(Name=resource_id)
        synthetics.delete_canary(Name=resource_id, DeleteLambda=bool(state.get("deleteLambda")))

    def _outputs(self, call: Call, inputs: Properties) -> Properties:
        live = call.client("synthetics").get_canary(Name=inputs["name"])["Canary"]
        found = {key: value for key, value in _CREATE.properties(self.token, live).items() if key not in inputs and key != "vpcConfig"}
        return with_blanks(self.token, inputs, found | self._computed(call, live) | self.preview(call, inputs))

    def _computed(self, call: Call, live: Properties) -> Properties:
        name = f"cwsyn-{live['Name']}-{live['Id']}"
        return {
            "arn": call.arn("synthetics", f"canary:{live['Name']}"),
            "engineArn": call.arn("lambda", f"function:{name}:1"),
            "sourceLocationArn": call.arn("lambda", f"layer:{name}:1"),
            "status": live["Status"]["State"],
            "timelines": [_timeline(live["Timeline"])],
        }


def _timeline(live: Properties) -> Properties:
    names = {"created": "Created", "lastModified": "LastModified", "lastStarted": "LastStarted", "lastStopped": "LastStopped"}
    return {key: str(live[member]) if live.get(member) else "" for key, member in names.items()}


def _code(inputs: Properties) -> Any:
    if "zipFile" in inputs:
        return {"Handler": inputs["handler"], "ZipFile": Path(inputs["zipFile"]).read_bytes()}
    names = {"s3Bucket": "S3Bucket", "s3Key": "S3Key", "s3Version": "S3Version"}
    return {"Handler": inputs["handler"], **{member: inputs[key] for key, member in names.items() if key in inputs}}
