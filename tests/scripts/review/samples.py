"""Streams of events as the engine writes them, small enough to know what a review of them must say."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.review.costing import Tariff
from scripts.review.judging import Verdicts
from scripts.review.preview import Preview
from scripts.review.reading import parse
from scripts.review.report import Review, Source, review
from tests.scripts.cost.kit import SPOT, book_of, usage

STACK = "us-east-1"
ROOT = f"urn:pulumi:{STACK}::morefocus::pulumi:pulumi:Stack::morefocus-{STACK}"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
DATABASE = "aws:rds/instance:Instance"
QUEUE = "aws:sqs/queue:Queue"
ROLE = "aws:iam/role:Role"


def urn(type_: str, name: str, stack: str = STACK) -> str:
    """Return the urn of a resource or component at the top of a stack."""
    return f"urn:pulumi:{stack}::morefocus::{type_}::{name}"


def state(type_: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return one side of a step."""
    held = dict(inputs or {})
    return {"urn": urn(type_, name), "type": type_, "custom": True, "parent": ROOT, "inputs": held, "outputs": {**held}, **more}


def step(op: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    """Return the event of a step."""
    either = new or old or {}
    metadata = {"op": op, "urn": either["urn"], "type": either["type"], "old": old, "new": new, "detailedDiff": None, **more}
    return {"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": metadata, "planning": True}}


def create(type_: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
    """Return what is told of a new resource."""
    return [step("create", None, state(type_, name, inputs, **more))]


def delete(type_: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
    """Return what is told of a resource that goes."""
    return [step("delete", state(type_, name, inputs, **more), None)]


def same(type_: str, name: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
    """Return what is told of a resource that stays."""
    return [step("same", state(type_, name, inputs, **more), state(type_, name, inputs, **more))]


def update(type_: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any], *paths: str) -> list[dict[str, Any]]:
    """Return what is told of a resource that is changed at paths."""
    detail = {path: {"diffKind": "update", "inputDiff": True} for path in paths}
    return [step("update", state(type_, name, old), state(type_, name, new), detailedDiff=detail)]


def replace(type_: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    """Return what is told of a resource that cannot be changed in place at a path: three steps of one urn."""
    before, after = state(type_, name, old, delete=True), state(type_, name, new)
    more = {"detailedDiff": {path: {"diffKind": "update-replace", "inputDiff": True}}, "keys": [path.partition(".")[0]]}
    return [
        step("create-replacement", before, after, **more),
        step("replace", before, after, **more),
        step("delete-replaced", before, None),
    ]


def prelude(**config: str) -> dict[str, Any]:
    """Return the event that a stream begins with."""
    return {
        "sequence": 0,
        "timestamp": 1,
        "preludeEvent": {"config": {"aws:region": "us-east-1", "morefocus:environment": "production", **config}},
    }


def error(message: str) -> dict[str, Any]:
    """Return the event of an error."""
    return {"sequence": 2, "timestamp": 1, "diagnosticEvent": {"message": message, "severity": "error"}}


def refusal(policy: str, message: str, level: str = "mandatory", resource: str = "") -> dict[str, Any]:
    """Return the event of a policy that is not kept."""
    content = {"policyName": policy, "policyPackName": "all", "enforcementLevel": level, "message": message, "resourceUrn": resource}
    return {"sequence": 2, "timestamp": 1, "policyEvent": content}


def summary(result: str = "succeeded") -> dict[str, Any]:
    """Return the event that a stream ends with."""
    return {"sequence": 9, "timestamp": 1, "summaryEvent": {"isPreview": True, "result": result, "resourceChanges": {}}}


def stream(*steps: Iterable[Mapping[str, Any]], result: str = "succeeded", config: Mapping[str, str] | None = None) -> str:
    """Return the text of a whole stream, notes for debugging in between."""
    noise = {"sequence": 3, "timestamp": 1, "diagnosticEvent": {"message": "registering", "severity": "debug"}}
    events = [prelude(**(config or {})), noise, *(event for group in steps for event in group), summary(result)]
    return "".join(f"{json.dumps(event, separators=(',', ':'))}\n" for event in events)


def previewed(*steps: Iterable[Mapping[str, Any]], stack: str = STACK) -> Preview:
    """Return the preview of steps."""
    return parse(stream(*steps), stack)


def tariff(**prices: str | None) -> Tariff:
    """Return round prices of one region; names have `__` for a colon."""
    return Tariff(book=book_of({key.replace("__", ":"): value for key, value in prices.items()}), usage=usage(), spot_discount=SPOT)


def reviewed(
    *previews: Preview,
    verdicts: Mapping[str, Verdicts] | None = None,
    commit: str = "",
    absent: Iterable[str] = (),
    prices: Mapping[str, str] | None = None,
) -> Review:
    """Return the review of previews with verdicts that are given by stack; what has none was not judged."""
    return review(
        [Source(preview=each) for each in previews],
        tariff(**(prices or {})),
        lambda preview, _: (verdicts or {}).get(preview.stack),
        commit,
        absent,
    )
