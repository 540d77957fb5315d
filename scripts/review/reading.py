"""Reads a preview: the engine's events, one a line, or the document of `pulumi preview --json`.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts.review.masking import Secrets, holds_secrets
from scripts.review.preview import Action, Preview, Refusal, Step, ordered

_MARKED = "holds secrets"
_REPLACING = {"replace", "create-replacement", "delete-replaced", "import-replacement"}
_GENERIC = {"preview failed", "update failed", ""}
"""Errors that only repeat that something failed."""
_MEANINGS = {"create": Action.CREATE, "update": Action.UPDATE, "import": Action.IMPORT, "delete": Action.DELETE, "same": Action.SAME}
"""Other steps, such as reading what another stack owns, change nothing."""


class PreviewError(Exception):
    """A file that is no preview: which, and what to give instead."""


def read(path: Path, stack: str = "") -> Preview:
    """Return the preview of a file. Raises PreviewError for a file that is missing, or holds none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PreviewError(f"{path} cannot be read ({type(error).__name__}): give what `pulumi preview --json` printed") from None
    try:
        return parse(text, stack)
    except PreviewError as error:
        raise PreviewError(f"{path}: {error}") from None


def parse(text: str, stack: str = "") -> Preview:
    """Return the preview that a text holds, in either form; without `stack` its resources say whose it is."""
    try:
        document: Any = json.loads(text)
    except json.JSONDecodeError:
        document = None
    if isinstance(document, dict) and ("steps" in document or "changeSummary" in document):
        return _of_document(document, stack)
    return _of_events(_lines(text), stack)


def _lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        # Most of a stream are notes for debugging; reading them would take most of the time.
        if not line.startswith("{") or ('"diagnosticEvent"' in line[:80] and '"severity":"debug"' in line):
            continue
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            # A stream that broke off ends within a line; it has no summary then, which says so.
            continue
        if isinstance(event, dict):
            event[_MARKED] = holds_secrets(line)
            yield event


def _of_events(events: Iterable[Mapping[str, Any]], stack: str) -> Preview:
    rows: list[Mapping[str, Any]] = []
    told: list[str] = []
    refusals: list[Refusal] = []
    config: Mapping[str, str] = {}
    result = "unfinished"
    seen = False
    for event in events:
        seen = seen or "sequence" in event or "timestamp" in event
        if content := event.get("resourcePreEvent"):
            rows.append({**content["metadata"], _MARKED: event.get(_MARKED, True)})
        elif (content := event.get("diagnosticEvent")) and content.get("severity") == "error":
            told.append(content.get("message") or "")
        elif (content := event.get("policyEvent")) and content.get("enforcementLevel") == "mandatory":
            refusals.append(Refusal(content["policyName"], content.get("resourceUrn") or "", content["message"]))
        elif (content := event.get("preludeEvent")) is not None:
            config = content.get("config") or {}
        elif (content := event.get("summaryEvent")) is not None:
            result = content.get("result") or ("failed" if told else "succeeded")
            # What follows in the events of `pulumi up` is no preview.
            break
    if not (seen or rows):
        raise PreviewError("there is no event of a preview in it: give what `pulumi preview --json` printed")
    if result == "unfinished":
        told.append("the preview broke off: its events end without a summary")
    causes = [text for text in told if text.strip() not in _GENERIC]
    # Packs judge a stack when all of it is registered: what they alone refuse is there as a whole.
    complete = result == "succeeded" or (result == "failed" and bool(refusals) and not causes)
    told = causes if causes or complete else told or [f"the preview {result}"]
    return _preview(rows, told, config, stack, complete=complete, passed=result == "succeeded", refusals=refusals)


def _of_document(document: Mapping[str, Any], stack: str) -> Preview:
    rows = [
        {
            **row,
            "old": row.get("oldState"),
            "new": row.get("newState"),
            "type": (row.get("newState") or row.get("oldState") or {}).get("type", ""),
            "keys": row.get("replaceReasons"),
            "diffs": row.get("diffReasons"),
        }
        for row in document.get("steps") or ()
    ]
    told = [each.get("message") or "" for each in document.get("diagnostics") or () if each.get("severity") == "error"]
    found = _preview(rows, told, document.get("config") or {}, stack, complete=not told, passed=not told)
    # The document lists what stays only where something else of it is told.
    return replace(found, partial=sum((document.get("changeSummary") or {}).values()) > len({row["urn"] for row in rows}))


def completed(preview: Preview, state: Mapping[str, Any] | None) -> Preview:
    """Return a preview with what stays as it is, read from the state where the preview leaves it out.

    Raises PreviewError for one that leaves it out where there is no state: costs and controls are about the whole.
    """
    if not preview.partial:
        return preview
    if state is None:
        raise PreviewError(
            f"the preview of {preview.stack} leaves out what stays as it is: preview with --show-sames, or give a state's export"
        )
    told = {step.urn for step in preview.steps}
    rows = [row for row in resources(state) if row["urn"] not in told and not row.get("delete")]
    kept = [step for row in rows if (step := _step(row["urn"], [{"op": "same", "type": row["type"], "old": row, "new": row}]))]
    return replace(preview, steps=ordered([*preview.steps, *kept]), partial=False)


def resources(state: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """Return the resources of a state: `pulumi stack export`, or a backend's file; none of None."""
    if not state:
        return ()
    checkpoint = state.get("checkpoint", state)
    return (checkpoint.get("latest") or checkpoint.get("deployment") or {}).get("resources") or ()


def _preview(
    rows: Iterable[Mapping[str, Any]],
    told: Iterable[str],
    config: Mapping[str, str],
    stack: str,
    *,
    complete: bool,
    passed: bool,
    refusals: Iterable[Refusal] = (),
) -> Preview:
    by_urn: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    secrets = Secrets()
    for row in rows:
        by_urn[str(row["urn"])].append(row)
        # Looking through every value of a large stack takes longer than all the rest, and few resources have a secret.
        for state in (row.get("old") or {}, row.get("new") or {}) if row.get(_MARKED, True) else ():
            secrets.learn(state.get("inputs"))
            secrets.learn(state.get("outputs"))
    steps = [step for urn, group in by_urn.items() if (step := _step(urn, group)) is not None]
    problems = dict.fromkeys(secrets.hide(text.strip()) for text in told if text.strip())
    return Preview(
        stack=stack or next((urn.split(":")[2] for urn in by_urn if urn.startswith("urn:pulumi:")), ""),
        steps=ordered(steps),
        secrets=secrets,
        config=config,
        problems=tuple(problems),
        refusals=tuple(dict.fromkeys(Refusal(each.policy, each.urn, secrets.hide(each.text.strip())) for each in refusals)),
        complete=complete,
        passed=passed,
    )


def _step(urn: str, rows: list[Mapping[str, Any]]) -> Step | None:
    """Return what all steps of one urn come to; None for what is only read, or belongs to the engine."""
    ops = {str(row.get("op")) for row in rows}
    found = [action for op, action in _MEANINGS.items() if op in ops]
    type_ = str(rows[0].get("type") or urn.split("::")[2].rpartition("$")[2])
    if type_.startswith("pulumi:") or not (found or ops & _REPLACING):
        return None
    if ops & _REPLACING:
        action = Action.REPLACE
    elif len(found) > 1:
        # A remnant of a failed update goes; the resource itself stays.
        rows = [row for row in rows if row.get("op") != "delete"]
        action = next(each for each in found if each is not Action.DELETE)
    else:
        action = found[0]
    old: Mapping[str, Any] = next((row["old"] for row in rows if row.get("old")), {})
    new: Mapping[str, Any] = next((row["new"] for row in rows if row.get("new") and row.get("op") != "delete-replaced"), {})
    if (new or old).get("external"):
        return None
    detailed: dict[str, Mapping[str, Any]] = {}
    replacing: set[str] = set()
    for row in rows:
        detailed |= {path: each or {} for path, each in (row.get("detailedDiff") or dict.fromkeys(row.get("diffs") or ())).items()}
        replacing |= set(row.get("keys") or ())
    replacing |= {path for path, each in detailed.items() if str(each.get("diffKind") or "").endswith("-replace")}
    return Step(
        urn=urn,
        type=type_,
        action=action,
        old={} if action is Action.CREATE else old,
        new={} if action is Action.DELETE else new,
        detailed=detailed,
        replacing=frozenset(replacing),
    )
