"""The gate: all controls on one graph, exceptions applied, and whether that passes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from policies import exceptions
from policies.catalogue import catalogue
from policies.control import Control, Level
from policies.exceptions import Exceptions, Fault, Row
from policies.graph import Graph
from policies.verdict import Finding, Verdict

FILE = Path(__file__).with_name("settings.yaml")


class Settings(BaseModel):
    """What the gate lets pass besides right and excepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undecided_share: Annotated[float, Field(ge=0, le=1, description="share of mandatory decisions that may be open, 0 to 1")]


def settings(path: Path = FILE) -> Settings:
    """Return the gate's settings."""
    return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


class Judgement:
    """What controls say of a graph; each is run once, when it is first asked for."""

    def __init__(
        self, graph: Graph, controls: Iterable[Control], *, rows: Exceptions, today: date, known: Mapping[str, Control] | None = None
    ) -> None:
        self.graph = graph
        self.today = today
        self.controls = {control.id: control for control in controls}
        self._rows = exceptions.standing(rows, catalogue() if known is None else known, today)
        self._stacks = {resource.urn.split(":")[2] for resource in graph.resources if resource.urn.startswith("urn:pulumi:")}
        self._found: dict[str, tuple[list[Finding], list[Fault]]] = {}

    def of(self, control: str) -> list[Finding]:
        """Return what one control found, exceptions applied."""
        return self._run(control)[0]

    @property
    def rows(self) -> Mapping[int, Row]:
        """The rows of exceptions in force, by their number in the file."""
        return self._rows.rows

    @cached_property
    def findings(self) -> list[Finding]:
        """What all controls found."""
        return [finding for control in self.controls for finding in self.of(control)]

    @cached_property
    def faults(self) -> list[Fault]:
        """Rows of exceptions that are malformed, expired, not allowed, or except nothing."""
        return sorted([*self._rows.faults, *(fault for control in self.controls for fault in self._run(control)[1])])

    def with_verdict(self, verdict: Verdict) -> list[Finding]:
        """Return the findings of one verdict."""
        return [finding for finding in self.findings if finding.verdict is verdict]

    @property
    def undecided_share(self) -> float:
        """Open decisions of mandatory controls among all of theirs, 0 to 1."""
        decisions = [finding for finding in self._mandatory() if finding.verdict is not Verdict.NOT_APPLICABLE]
        undecided = [finding for finding in decisions if finding.verdict is Verdict.UNDECIDED]
        return len(undecided) / len(decisions) if decisions else 0.0

    def _mandatory(self) -> list[Finding]:
        return [finding for finding in self.findings if self.controls[finding.control].level is Level.MANDATORY]

    def _run(self, control: str) -> tuple[list[Finding], list[Fault]]:
        if control not in self._found:
            self._found[control] = exceptions.apply(self._rows, self.controls[control].evaluate(self.graph), stacks=self._stacks)
        return self._found[control]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a graph passes, and all that stands against it."""

    reasons: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """True when nothing stands against it."""
        return not self.reasons


def outcome(judgement: Judgement, allowed: Settings) -> Outcome:
    """Return whether the gate opens: no mandatory violation, no faulty exception, few enough open decisions."""
    reasons: list[str] = [str(fault) for fault in judgement.faults]
    for finding in judgement.with_verdict(Verdict.VIOLATION):
        control = judgement.controls[finding.control]
        if control.level is Level.MANDATORY:
            reasons.append(f"{finding.control} {finding.resource}: {finding.message}. To do: {control.fix}")
    reasons.extend(undecided_problem(judgement, allowed))
    return Outcome(tuple(reasons))


def undecided_problem(judgement: Judgement, allowed: Settings) -> Sequence[str]:
    """Return one text if more is open than the settings allow, else none."""
    share = judgement.undecided_share
    if share <= allowed.undecided_share:
        return ()
    controls = sorted({finding.control for finding in judgement.with_verdict(Verdict.UNDECIDED)})
    return (
        f"{share:.1%} of decisions are open until the update, allowed are {allowed.undecided_share:.1%} ({', '.join(controls)}): "
        "give the resources names and ARNs that are known before, or raise undecided_share in policies/settings.yaml",
    )
