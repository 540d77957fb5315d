"""Reads a preview: the engine's events, one a line, or the document of `pulumi preview --json`.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from scripts.review.masking import Secrets, holds_secrets

_MARKED = "holds secrets"


class Action(StrEnum):
    """What becomes of a resource, the gravest first."""

    REPLACE = "replace"
    DELETE = "delete"
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    SAME = "same"


SHOWN = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE)
_REPLACING = {"replace", "create-replacement", "delete-replaced", "import-replacement"}
_GENERIC = {"preview failed", "update failed", ""}
"""Errors that only repeat that something failed."""
_MEANINGS = {"create": Action.CREATE, "update": Action.UPDATE, "import": Action.IMPORT, "delete": Action.DELETE, "same": Action.SAME}
"""Other steps, such as reading what another stack owns, change nothing."""


class PreviewError(Exception):
    """A file that is no preview: which, and what to give instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a preview says of one resource or component."""

    urn: str
    type: str
    action: Action
    old: Mapping[str, Any] = field(repr=False)
    """Its state before as the engine writes it, secrets and all; empty for what is created."""
    new: Mapping[str, Any] = field(repr=False)
    """Its state afterwards; empty for what is deleted."""
    detailed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Paths of properties that change, with the kind of change."""
    replacing: frozenset[str] = frozenset()
    """Paths or names of properties that ask for the replacement."""

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def parent(self) -> str:
        """Urn of its parent; empty for the stack."""
        return str((self.new or self.old).get("parent") or "")

    @property
    def custom(self) -> bool:
        """True for a provider's resource, False for a component."""
        return bool((self.new or self.old).get("custom"))

    @property
    def kept(self) -> bool:
        """True where the cloud's resource stays though Pulumi lets go of it."""
        return bool(self.old.get("retainOnDelete"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A policy that is not kept, as the engine tells it."""

    policy: str
    urn: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What one stack's preview says."""

    stack: str
    steps: tuple[Step, ...]
    """In the order of the gravest action, then of urns."""
    secrets: Secrets = field(repr=False)
    config: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """What went wrong, without secrets."""
    refusals: tuple[Refusal, ...] = ()
    """Mandatory policies that are not kept."""
    complete: bool = True
    """False for a preview that failed or broke off: what follows the failure is not in it. One that policies alone refuse is complete."""
    passed: bool = True
    """Whether the engine would go on and apply it."""

    @property
    def counts(self) -> Counter[Action]:
        """How many resources of a provider meet each action."""
        return Counter(step.action for step in self.steps if step.custom)

    @property
    def changed(self) -> tuple[Step, ...]:
        """What does not stay as it is, components left out."""
        return tuple(step for step in self.steps if step.custom and step.action is not Action.SAME)

    @property
    def region(self) -> str:
        """The region of the stack, by its configuration; empty where that does not say."""
        return self.config.get("aws:region", "")


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
    return _preview(rows, told, document.get("config") or {}, stack, complete=not told, passed=not told)


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
    order = list(Action)
    problems = dict.fromkeys(secrets.hide(text.strip()) for text in told if text.strip())
    return Preview(
        stack=stack or next((urn.split(":")[2] for urn in by_urn if urn.startswith("urn:pulumi:")), ""),
        steps=tuple(sorted(steps, key=lambda step: (order.index(step.action), step.urn))),
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
