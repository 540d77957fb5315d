"""Seconds that the review of a merge request takes for one stack of 2,000 resources, most of which change: read, priced, written.

Controls are judged beside it and told apart: in a pipeline packs judge while the engine previews.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from policies.catalogue import catalogue
from policies.verdict import Finding, Verdict
from sandbox.paths import REPOSITORY
from scripts.review.judging import Verdicts, judged
from scripts.review.reading import read
from scripts.review.report import Source, review
from scripts.review.writing import tariff, write

SIZE = 2000
BOUND = 2.0
"""Seconds for report and cost together."""
_RUNS = 3
_STACK = "us-east-1"
_ROOT = f"urn:pulumi:{_STACK}::bench::pulumi:pulumi:Stack::bench"
_TODAY = date(2026, 11, 22)
_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:*:*:jobs"]}] * 4,
}
_KINDS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("aws:kms/key:Key", {"enableKeyRotation": True, "policy": json.dumps(_POLICY)}),
    ("aws:sqs/queue:Queue", {"visibilityTimeoutSeconds": 60, "kmsMasterKeyId": "alias/jobs"}),
    ("aws:iam/role:Role", {"assumeRolePolicy": json.dumps(_POLICY), "maxSessionDuration": 3600}),
    ("aws:rds/instance:Instance", {"instanceClass": "db.r5.xlarge", "allocatedStorage": 100, "multiAz": True, "engine": "postgres"}),
    ("aws:s3/bucket:Bucket", {"forceDestroy": False}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 365}),
    ("aws:ec2/securityGroup:SecurityGroup", {"ingress": [{"fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}] * 5}),
    ("kubernetes:apps/v1:Deployment", {"spec": {"template": {"spec": {"containers": [{"name": "one", "image": "x@sha256:0"}] * 3}}}}),
)
_OPS = ("create", "update", "same", "update", "delete", "replace", "create", "same", "update", "create")


def measure(folder: Path, say: Callable[[str], None], size: int = SIZE) -> dict[str, Any]:
    """Return the least seconds of some runs; `folder` takes what is read and written."""
    say(f"review: {size} resources, {_RUNS} times")
    stream = folder / "preview.jsonl"
    stream.write_text("".join(f"{json.dumps(event)}\n" for event in events(size)), encoding="utf-8")
    reported = min(_seconds(lambda: _report(stream, folder / "review")) for _ in range(_RUNS))
    preview = read(stream, _STACK)
    controls = min(_seconds(lambda: judged(preview, None, _TODAY)) for _ in range(_RUNS))
    return {"resources": size, "seconds": {"report_and_cost": reported, "controls_before_and_after": controls}, "bound": BOUND}


def events(size: int) -> Iterator[dict[str, Any]]:
    """Give the events of a preview of so many resources in components of ten."""
    yield {"sequence": 0, "preludeEvent": {"config": {"aws:region": _STACK, "morefocus:environment": "production"}}}
    for number in range(size // 10):
        owner = {"urn": _urn("morefocus:data:Thing", number * 10), "type": "morefocus:data:Thing", "parent": _ROOT}
        yield _step("same", owner, owner)
        for index in range(number * 10, number * 10 + 10):
            type_, inputs = _KINDS[index % len(_KINDS)]
            tags = {"Name": f"thing-{index}", "owner": "platform", "component": f"thing-{number}", "environment": "production"}
            before, after = (
                {
                    "urn": _urn(type_, index),
                    "type": type_,
                    "custom": True,
                    "parent": owner["urn"],
                    "inputs": {**inputs, "tags": {**tags, "version": version}},
                    "outputs": {**inputs, "arn": f"arn:aws:x:::{index}", "tagsAll": tags},
                }
                for version in ("1", "2")
            )
            op = _OPS[index % len(_OPS)]
            yield _step(op, None if op == "create" else before, None if op == "delete" else before if op == "same" else after)
    yield {"sequence": 9, "summaryEvent": {"isPreview": True, "result": "succeeded"}}


def _step(op: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any]:
    either = new or old or {}
    detail = {"tags.version": {"diffKind": "update", "inputDiff": True}} if op in ("update", "replace") else None
    metadata = {"op": op, "urn": either["urn"], "type": either["type"], "old": old, "new": new, "detailedDiff": detail}
    return {"sequence": 1, "resourcePreEvent": {"metadata": metadata}}


def _urn(type_: str, index: int) -> str:
    return f"urn:pulumi:{_STACK}::bench::{type_}::thing-{index}"


def _report(stream: Path, folder: Path) -> None:
    preview = read(stream, _STACK)
    urns = [step.urn for step in preview.steps][:50]
    found = tuple(
        Finding(control=name, urn=urn, verdict=Verdict.VIOLATION, message="tags: allowed is more") for name in catalogue() for urn in urns
    )
    verdicts = Verdicts(findings=found, before=found[::2])
    write(review([Source(preview=preview)], tariff(REPOSITORY, _STACK), lambda _preview, _state: verdicts), folder, whole="there")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 2)
