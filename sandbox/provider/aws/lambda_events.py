"""How events reach a function: pollers of queues and streams, and what becomes of a call that nobody waits for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.lambda_alias import plain_name
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, known

_OWN = frozenset({"useResourceTimeoutForPropagation"})
_NAMES = {"destinationArn": "Destination"}
_FIXED = frozenset(
    {"amazonManagedKafkaEventSourceConfig", "eventSourceArn", "queues", "selfManagedEventSource", "startingPosition", "topics"}
)
_FIXED_TOO = frozenset({"selfManagedKafkaEventSourceConfig", "startingPositionTimestamp"})
_CREATE = Translation("lambda", "CreateEventSourceMapping", names=_NAMES, apart=_OWN)
_CHANGE = Translation("lambda", "UpdateEventSourceMapping", names=_NAMES, apart=_OWN | _FIXED | _FIXED_TOO)
_STREAMS_ONLY = (
    "bisectBatchOnFunctionError",
    "maximumRecordAgeInSeconds",
    "maximumRetryAttempts",
    "parallelizationFactor",
    "startingPosition",
)
_RESETS: Mapping[str, Any] = {
    "DestinationConfig": {},
    "FilterCriteria": {},
    "FunctionResponseTypes": [],
    "KMSKeyArn": "",
    "ScalingConfig": {},
}
"""What takes a setting back when the program no longer gives it."""
_FOR_EVER = {"maximumRecordAgeInSeconds": -1, "maximumRetryAttempts": -1, "parallelizationFactor": 1}
"""What a stream's mapping has unless told."""


class EventSourceMapping(Handler):
    """A poller that gives a function what it finds in a queue or in a stream. Nothing is polled here: no function is run."""

    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    create_only = _FIXED | _FIXED_TOO
    defaults = {"enabled": True}
    volatile = frozenset({"lastModified", "lastProcessingResult", "state", "stateTransitionReason"})
    unordered = frozenset({"functionResponseTypes", "sourceAccessConfigurations", "topics"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = _CREATE.failures(inputs)
        source = inputs.get("eventSourceArn")
        if source is None or not known(source):
            return found + _patterns(inputs)
        if ":sqs:" in source:
            path = next((key for key in _STREAMS_ONLY if key in inputs), None)
            if path:
                found.append(Failure(path, f"is for streams: {source.rpartition(':')[2]} is a queue"))
        elif "scalingConfig" in inputs:
            found.append(Failure("scalingConfig", f"is for queues (got {source})"))
        elif "startingPosition" not in inputs:
            found.append(Failure("startingPosition", "a stream is read from LATEST, TRIM_HORIZON or AT_TIMESTAMP: give one"))
        return found + _patterns(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"functionArn": _arn(call, inputs["functionName"])} if known(inputs["functionName"]) else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("lambda").create_event_source_mapping(**_CREATE.request(inputs), **tagging.whole(inputs, "Tags"))
        return made["UUID"], self._outputs(call, inputs, made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        functions = call.client("lambda")
        live = functions.get_event_source_mapping(UUID=resource_id)
        found = _CREATE.properties(self.token, live)
        told = {key: aligned(state[key], value, defaults=_FOR_EVER) if key in state else value for key, value in found.items()}
        for key in ("destinationConfig", "filterCriteria", "scalingConfig", "metricsConfig"):
            if key not in state and not any((told.get(key) or {}).values()):
                told.pop(key, None)
        name = state.get("functionName", live["FunctionArn"])
        told["functionName"] = name if _arn(call, name) == live["FunctionArn"] else live["FunctionArn"]
        tags = functions.list_tags(Resource=live["EventSourceMappingArn"])["Tags"]
        return told | self._computed(live) | {"enabled": live["State"] not in ("Disabled", "Disabling"), "tags": tags}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        functions = call.client("lambda")
        request = _CHANGE.request(new)
        before = _CHANGE.request({key: value for key, value in old.items() if _CHANGE.accepts(key)})
        resets = {key: value for key, value in _RESETS.items() if key not in request and before.get(key)}
        live = functions.update_event_source_mapping(UUID=resource_id, **resets, **request)
        tagging.retag(functions, old["arn"], old, new)
        return self._outputs(call, new, live)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("lambda").delete_event_source_mapping(UUID=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "functionName" and known(old, new):
            return _qualified(old) == _qualified(new)
        return super().equal(path, old, new)

    def _outputs(self, call: Call, inputs: Properties, live: Properties) -> Properties:
        found = {"batchSize": live["BatchSize"]} if "batchSize" not in inputs and "BatchSize" in live else {}
        return with_blanks(self.token, inputs, found | self._computed(live))

    def _computed(self, live: Properties) -> Properties:
        changed = live["LastModified"]
        return {
            "arn": live["EventSourceMappingArn"],
            "functionArn": live["FunctionArn"],
            "lastModified": changed if isinstance(changed, str) else f"{changed:%Y-%m-%dT%H:%M:%SZ}",
            "lastProcessingResult": live.get("LastProcessingResult") or "No records processed",
            "state": live["State"],
            "stateTransitionReason": live.get("StateTransitionReason") or "",
            "uuid": live["UUID"],
        }


_INVOKE = Translation("lambda", "PutFunctionEventInvokeConfig")


class FunctionEventInvokeConfig(Handler):
    """How long and how often a call that nobody waits for is tried, and where it goes at the end."""

    token = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    create_only = frozenset({"functionName", "qualifier"})
    defaults = {"maximumRetryAttempts": 2}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _INVOKE.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("lambda").put_function_event_invoke_config(**_INVOKE.request(inputs))
        name, qualifier = inputs["functionName"], inputs.get("qualifier")
        return f"{name}:{qualifier}" if qualifier else name, {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        name, qualifier = self._place(resource_id, state)
        live = call.client("lambda").get_function_event_invoke_config(FunctionName=name, **qualifier)
        found = _INVOKE.properties(self.token, live)
        given = {key: value for key, value in found.pop("destinationConfig", {}).items() if value}
        destinations = aligned(state.get("destinationConfig", {}), given)
        shown = {"destinationConfig": destinations} if any((destinations or {}).values()) or "destinationConfig" in state else {}
        return self.defaults | found | shown | {"functionName": name} | ({"qualifier": qualifier["Qualifier"]} if qualifier else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("lambda").put_function_event_invoke_config(**_INVOKE.request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        name, qualifier = self._place(resource_id, state)
        call.client("lambda").delete_function_event_invoke_config(FunctionName=name, **qualifier)

    def _place(self, resource_id: str, state: Properties) -> tuple[str, dict[str, str]]:
        if state:
            return state["functionName"], {"Qualifier": state["qualifier"]} if state.get("qualifier") else {}
        name, _, qualifier = resource_id.partition(":")
        return name, {"Qualifier": qualifier} if qualifier else {}


def _arn(call: Call, function: str) -> str:
    name, qualifier = _qualified(function)
    return call.arn("lambda", f"function:{name}:{qualifier}" if qualifier else f"function:{name}")


def _qualified(function: str) -> tuple[str, str]:
    """A function's name and its qualifier, which may be none."""
    parts = function.split(":")
    rest = parts[7:] if function.startswith("arn:") else parts[1:]
    return plain_name(function), rest[0] if rest else ""


def _patterns(inputs: Properties) -> list[Failure]:
    """Filters that are no JSON objects; what Lambda would refuse."""
    criteria = inputs.get("filterCriteria")
    if not criteria or criteria is UNKNOWN or not known(criteria):
        return []
    found = []
    for position, each in enumerate(criteria.get("filters", [])):
        try:
            parsed = json.loads(each.get("pattern", ""))
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict) or not parsed:
            path = f"filterCriteria.filters[{position}].pattern"
            found.append(Failure(path, f"must be a JSON object that names at least one field (got {each.get('pattern')!r})"))
    return found
