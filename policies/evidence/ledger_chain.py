"""The lines of a ledger: each holds one run and the hash of the line before it, so that none can be changed alone (COM-1, COM-2)."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from policies.evidence.verdicts import Layer, Verdicts
from policies.verdict import Verdict

NOTHING = "0" * 64
"""What the first line names as the hash of the line before it."""

LATEST = timedelta(hours=1)
"""How long after the end of another run a run may be recorded: several take turns, none is made up later to fill a gap."""

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(ge=1)]


class Tally(BaseModel):
    """What one control said in one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    counts: dict[Verdict, _Count]
    """Resources by verdict; a verdict that none has is left out."""
    failing: tuple[str, ...] = ()
    """Urns of violations, sorted; an empty one stands for the stack as a whole."""

    @property
    def verdict(self) -> Verdict:
        """The worst of them."""
        order = (Verdict.VIOLATION, Verdict.UNDECIDED, Verdict.EXCEPTED, Verdict.PASS)
        return next((each for each in order if each in self.counts), Verdict.NOT_APPLICABLE)


class Run(BaseModel):
    """All controls on one layer of one stack, at one time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: AwareDatetime
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}(-dirty)?$", description="of the program and the controls")]
    stack: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    layer: Layer
    controls_digest: _Hash
    configuration_digest: _Hash
    controls: dict[str, Tally]

    @classmethod
    def of(cls, verdicts: Verdicts, *, time: datetime, commit: str) -> "Run":
        """Return what a ledger keeps of verdicts; `commit` is 40 hexadecimal digits, with -dirty behind them if files were changed."""
        controls = {
            control: Tally(
                counts=dict(Counter(finding.verdict for finding in found)),
                failing=tuple(sorted({finding.urn for finding in found if finding.verdict is Verdict.VIOLATION})),
            )
            for control, found in verdicts.by_control.items()
        }
        return cls(
            time=time.astimezone(UTC).replace(microsecond=0),
            commit=commit,
            stack=verdicts.stack,
            layer=verdicts.layer,
            controls_digest=verdicts.controls_digest,
            configuration_digest=verdicts.configuration_digest,
            controls=controls,
        )


class Entry(BaseModel):
    """A run with its place in the chain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: Annotated[int, Field(ge=1)]
    """Counted from 1; also the number of its line."""
    previous: _Hash
    run: Run
    hash: _Hash

    @property
    def line(self) -> bytes:
        """As it stands in the ledger, with its end of line."""
        return canonical(self.model_dump(mode="json")) + b"\n"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that is not as it was written."""

    line: int
    """Counted from 1; one more than there are, for a line that is missing."""
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a ledger holds, as far as it holds."""

    entries: tuple[Entry, ...]
    """Up to the first problem."""
    problems: tuple[Problem, ...] = ()
    torn: bool = False
    """The last line has no end: a write was cut off. Lines before it are whole."""

    @property
    def head(self) -> str:
        """Hash of the last line, or of nothing."""
        return self.entries[-1].hash if self.entries else NOTHING


def canonical(value: Any) -> bytes:
    """Return JSON of which there is one spelling: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def chained(run: Run, sequence: int, previous: str) -> Entry:
    """Return a run as the line after the one with the hash `previous`."""
    body = {"sequence": sequence, "previous": previous, "run": run.model_dump(mode="json")}
    return Entry(sequence=sequence, previous=previous, run=run, hash=hashlib.sha256(canonical(body)).hexdigest())


def check(content: bytes, head: str | None = None) -> Chain:
    """Return the lines of a ledger and the first thing that is wrong with them; behind a break nothing can be trusted.

    `head` is `<lines> <hash>` as the file beside the ledger says it: one line more is the trace of a crash between the two files, one less
    is a line removed.
    """
    *lines, rest = content.split(b"\n")
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        try:
            entries.append(link(line, number, entries[-1] if entries else None))
        except ValueError as error:
            return Chain(tuple(entries), (Problem(number, str(error)),))
    problems = []
    if rest:
        problems.append(
            Problem(len(lines) + 1, "it has no end, so its write was cut off: run `verify-ledger --mend`, which keeps the others")
        )
    elif head is not None and (problem := against(head, entries)):
        problems.append(problem)
    return Chain(tuple(entries), tuple(problems), torn=bool(rest))


def link(line: bytes, number: int, before: Entry | None) -> Entry:
    """Return a line as the one after `before`; raises ValueError with what is wrong about it."""
    try:
        entry = Entry.model_validate_json(line)
    except ValidationError:
        raise ValueError("it is no line of a ledger: it was changed by hand; take the ledger back from its copy") from None
    if entry.sequence != number:
        raise ValueError(
            f"it says it is line {entry.sequence}: lines were removed, added or moved here; take the ledger back from its copy"
        )
    if entry.line != line + b"\n" or entry.hash != chained(entry.run, entry.sequence, entry.previous).hash:
        raise ValueError("its content and its hash do not fit: it was changed by hand; take the ledger back from its copy")
    if entry.previous != (before.hash if before else NOTHING):
        raise ValueError("it does not follow the line before it: one of the two was replaced; take the ledger back from its copy")
    if before and entry.run.stack != before.run.stack:
        raise ValueError(f"it is of stack {entry.run.stack}, the lines before it of {before.run.stack}: each stack has a ledger of its own")
    if before and entry.run.time < before.run.time - LATEST:
        raise ValueError(
            "its time is more than an hour before that of the line above it: set the clock right; nothing is recorded afterwards"
        )
    return entry


def against(head: str, entries: Sequence[Entry]) -> Problem | None:
    """Return where lines and head contradict each other, if they do."""
    count, _, hash_ = head.partition(" ")
    if not count.isdigit() or len(hash_) != len(NOTHING):
        return Problem(len(entries) + 1, "the head beside the ledger is none: take both back from their copy")
    known = int(count)
    if known > len(entries):
        return Problem(len(entries) + 1, f"it is missing: the head tells of {known} lines; take the ledger back from its copy")
    if len(entries) > known + 1:
        return Problem(known + 2, "the head does not know of it: it was added by hand; take the ledger back from its copy")
    if hash_ != (entries[known - 1].hash if known else NOTHING):
        return Problem(max(known, 1), "the head has another hash for it: it was replaced; take the ledger back from its copy")
    return None
