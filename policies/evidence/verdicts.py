"""The verdicts of one stack, as one file that every report is made of: read again, it is written byte for byte the same."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from policies.evidence import digest
from policies.exceptions import Fault, Row
from policies.gate import Judgement
from policies.verdict import Finding, Verdict


class Layer(StrEnum):
    """What was judged: what a program asks for, what the engine keeps, or what the cloud answers."""

    PREVIEW = "preview"
    STATE = "state"
    RUNNING = "running"


class Effective(StrEnum):
    """A control's level in a run; the engine's configuration may lower what the control asks for."""

    DISABLED = "disabled"
    ADVISORY = "advisory"
    MANDATORY = "mandatory"


_WORST = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.PASS, Verdict.NOT_APPLICABLE)
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Verdicts(BaseModel):
    """What controls said of one stack in one layer, with all that is needed to weigh it; holds no value of any property."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal[1] = 1
    stack: Annotated[str, Field(min_length=1)]
    layer: Layer
    as_of: date
    """The day for which exceptions and registers were read."""
    controls_digest: _Digest
    """Of the files that judged: see `digest.of_controls`."""
    configuration_digest: _Digest
    """Of what configures them and the stack: see `digest.of_configuration`."""
    resources: dict[str, Annotated[int, Field(ge=1)]]
    """How many there are of each type."""
    levels: dict[str, Effective]
    """By control: each that was run, and each that was disabled."""
    findings: tuple[Finding, ...]
    exceptions: tuple[Row, ...] = ()
    """Rows that except a violation among the findings."""
    faults: tuple[Fault, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "Verdicts":
        said = {finding.control for finding in self.findings}
        run = {control for control, level in self.levels.items() if level is not Effective.DISABLED}
        if said != run:
            raise ValueError(f"each control that was run has findings and a level, no other has: mend {', '.join(sorted(said ^ run))}")
        excepted = {(finding.control, finding.urn) for finding in self.findings if finding.verdict is Verdict.EXCEPTED}
        if excepted != {(row.control, row.urn) for row in self.exceptions}:
            raise ValueError("each excepted finding has its row among the exceptions, and each row its finding")
        object.__setattr__(self, "findings", tuple(sorted(set(self.findings))))
        object.__setattr__(self, "exceptions", tuple(sorted(self.exceptions, key=lambda row: (row.control, row.urn))))
        object.__setattr__(self, "faults", tuple(sorted(set(self.faults))))
        return self

    @classmethod
    def of(
        cls, judgement: Judgement, *, stack: str, layer: Layer, as_of: date, effective: Mapping[str, Effective] | None = None
    ) -> "Verdicts":
        """Return what a judgement says; `effective` are levels that differ from those of the controls, such as a pack's configuration sets.

        A control that is disabled was not run: its findings are left out. `as_of` is the day the judgement was made for.
        """
        levels = {each.id: Effective(each.level.value) for each in judgement.controls.values()} | dict(effective or {})
        findings = [finding for finding in judgement.findings if levels[finding.control] is not Effective.DISABLED]
        excepted = {(finding.control, finding.urn) for finding in findings if finding.verdict is Verdict.EXCEPTED}
        return cls(
            stack=stack,
            layer=layer,
            as_of=as_of,
            controls_digest=digest.of_controls(),
            configuration_digest=digest.of_configuration(),
            resources=dict(Counter(resource.type for resource in judgement.graph.resources)),
            levels=levels,
            findings=tuple(findings),
            exceptions=tuple(row for row in judgement.rows.values() if (row.control, row.urn) in excepted),
            faults=tuple(judgement.faults),
        )

    @classmethod
    def from_json(cls, text: str) -> "Verdicts":
        """Return the verdicts that `to_json` wrote; raises ValueError for any other text, however near."""
        try:
            found = cls.model_validate_json(text)
        except ValidationError as error:
            said = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors(include_input=False))
            raise ValueError(f"expected a file of verdicts: {said}; write it again") from None
        if found.to_json() != text:
            raise ValueError("the file of verdicts is not as it was written: something was added, moved or changed; write it again")
        return found

    def to_json(self) -> str:
        """Return them as JSON with sorted keys; the same verdicts give the same bytes."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    def write(self, folder: Path, part: str) -> Path:
        """Write `<stack>.<part>.json` and return its path; the file is there as a whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.stack}.{part}.json"
        unfinished = path.with_suffix(".json.part")
        unfinished.write_text(self.to_json(), encoding="utf-8")
        unfinished.replace(path)
        return path

    @cached_property
    def by_control(self) -> dict[str, tuple[Finding, ...]]:
        """The findings of each control that was run."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.control, []).append(finding)
        return {control: tuple(findings) for control, findings in found.items()}

    def verdict(self, control: str) -> Verdict | None:
        """Return the worst that a control says of any resource: violation, undecided, excepted, pass; None where it was not run."""
        said = {finding.verdict for finding in self.by_control.get(control, ())}
        return next((verdict for verdict in _WORST if verdict in said), None)


def read(folder: Path, stack: str) -> Verdicts:
    """Return what all packs wrote of a stack into a folder; raises ValueError naming a file that cannot be read, or where there is none."""
    parts = []
    for path in sorted(folder.glob(f"{stack}.*.json")):
        try:
            parts.append(Verdicts.from_json(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None
    if not parts:
        raise ValueError(f"there is no {stack}.<pack>.json in {folder}: preview the stack with packs first")
    return merge(parts)


def merge(parts: Iterable[Verdicts]) -> Verdicts:
    """Return the verdicts of several packs as those of one run.

    A control that more than one ran must have found the same. Of two levels the stricter holds, as a preview is stopped by either.
    Raises ValueError where the parts are not of one run: another stack, layer or digest, other resources, or other findings.
    """
    all_parts = list(parts)
    if not all_parts:
        raise ValueError("there are no verdicts to merge: expected those of one pack at least")
    first, *others = all_parts
    for other in others:
        for field in ("stack", "layer", "controls_digest", "configuration_digest", "resources"):
            if getattr(first, field) != getattr(other, field):
                raise ValueError(f"verdicts of one run have the same {field}, these differ: preview again with all packs")
    findings: dict[str, tuple[Finding, ...]] = {}
    levels: dict[str, Effective] = {}
    for part in all_parts:
        for control, found in part.by_control.items():
            if findings.setdefault(control, found) != found:
                raise ValueError(f"{control} was run by two packs with other findings: preview again with all packs")
        for control, level in part.levels.items():
            levels[control] = max(level, levels.get(control, level), key=list(Effective).index)
    return Verdicts(
        stack=first.stack,
        layer=first.layer,
        # Two packs may have read the calendar on both sides of midnight.
        as_of=max(part.as_of for part in all_parts),
        controls_digest=first.controls_digest,
        configuration_digest=first.configuration_digest,
        resources=first.resources,
        levels=levels,
        findings=tuple(finding for found in findings.values() for finding in found),
        exceptions=tuple({(row.control, row.urn): row for part in all_parts for row in part.exceptions}.values()),
        faults=tuple(fault for part in all_parts for fault in part.faults),
    )
