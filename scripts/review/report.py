"""The whole of what a merge request changes, of which note, page and widgets are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from policies.catalogue import catalogue
from scripts.cost.estimate import Change, Difference
from scripts.review import costing
from scripts.review.differences import Row, rows
from scripts.review.judging import Verdicts
from scripts.review.preview import Action, Preview, Step
from scripts.review.stores import at_stake, gravity

NOTHING = Decimal(0)
Judge = Callable[[Preview, Mapping[str, Any] | None], Verdicts | None]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is known of one stack."""

    preview: Preview
    state: Mapping[str, Any] | None = field(default=None, repr=False)
    """The export of its state before; None where there is none."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A store of data that is replaced or deleted."""

    stack: str
    step: Step
    stake: str
    """What is lost with it."""


@dataclass(frozen=True, kw_only=True)
class StackReview:
    """One stack's part."""

    preview: Preview
    cost: Change | None
    verdicts: Verdicts | None

    @property
    def stack(self) -> str:
        """Its name."""
        return self.preview.stack

    @property
    def refusals(self) -> tuple[str, ...]:
        """What packs refuse besides violations of controls, such as too much that is open; all they refuse, where nothing else judged."""
        known = set(catalogue()) if self.verdicts else set()
        return tuple(dict.fromkeys(f"{each.policy}: {each.text}" for each in self.preview.refusals if each.policy not in known))

    @cached_property
    def losses(self) -> tuple[Loss, ...]:
        """Stores of data that are replaced or deleted, the gravest first; not those that stay in the cloud."""
        lost = [
            Loss(self.stack, step, stake)
            for step in self.preview.changed
            if step.action in (Action.REPLACE, Action.DELETE) and not step.kept and (stake := at_stake(step.type, step.old.get("inputs")))
        ]
        return tuple(sorted(lost, key=lambda loss: (gravity(loss.step.type, loss.step.old.get("inputs")), loss.step.urn)))

    @cached_property
    def priced(self) -> tuple[Difference, ...]:
        """Resources that change and cost more or less by it, the largest difference first."""
        changed = {step.urn for step in self.preview.changed}
        return tuple(each for each in self.cost.differences if each.urn in changed) if self.cost else ()

    @property
    def shifted(self) -> Decimal:
        """What the others cost more or less: usage that is assumed of a stack is shared out anew among more or fewer resources."""
        return self.cost.amount - sum((each.amount for each in self.priced), NOTHING) if self.cost else NOTHING

    @cached_property
    def differences(self) -> tuple[tuple[Step, tuple[Row, ...]], ...]:
        """Every resource that changes with what changes of it: the gravest first."""
        lost = {loss.step.urn: place for place, loss in enumerate(self.losses)}
        order = list(Action)
        changed = sorted(self.preview.changed, key=lambda step: (lost.get(step.urn, len(lost)), order.index(step.action), step.urn))
        return tuple((step, rows(step, self.preview.secrets)) for step in changed)


@dataclass(frozen=True, kw_only=True)
class Review:
    """All stacks of a merge request."""

    stacks: tuple[StackReview, ...]
    commit: str = ""
    """What was previewed; empty for a working tree."""
    absent: tuple[str, ...] = ()
    """Stacks of which there is no preview."""

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Stores of data that are replaced or deleted, in any stack."""
        return tuple(loss for stack in self.stacks for loss in stack.losses)

    @property
    def failed(self) -> tuple[StackReview, ...]:
        """Stacks whose preview did not come to its end."""
        return tuple(stack for stack in self.stacks if not stack.preview.complete)

    @property
    def refusals(self) -> tuple[tuple[str, str], ...]:
        """Stack and text of what packs refuse besides violations of controls."""
        return tuple((stack.stack, text) for stack in self.stacks for text in stack.refusals)

    @property
    def passed(self) -> bool:
        """Whether the engine would apply every stack."""
        return all(stack.preview.passed for stack in self.stacks)

    @property
    def counts(self) -> Counter[Action]:
        """How many resources of all stacks meet each action."""
        return sum((stack.preview.counts for stack in self.stacks), Counter[Action]())

    @property
    def cost(self) -> tuple[Decimal, bool]:
        """USD a month more or less, and whether that is all of it: no price is missing, and no stack's end is unknown."""
        known = [stack.cost for stack in self.stacks if stack.cost is not None]
        whole = len(known) == len(self.stacks) and not any(change.newly_unresolved for change in known)
        return sum((change.amount for change in known), NOTHING), whole

    @property
    def new_violations(self) -> int:
        """How many violations were not there before."""
        return sum(len(stack.verdicts.new) for stack in self.stacks if stack.verdicts)

    @property
    def blocking(self) -> int:
        """How many violations of mandatory controls stand, new or not."""
        return sum(len(stack.verdicts.blocking) for stack in self.stacks if stack.verdicts)

    @property
    def faults(self) -> tuple[str, ...]:
        """Rows of exceptions that are not taken, each once."""
        return tuple(sorted({fault for stack in self.stacks if stack.verdicts for fault in stack.verdicts.faults}))


def review(sources: Iterable[Source], tariff: costing.Tariff | None, judge: Judge, commit: str = "", absent: Iterable[str] = ()) -> Review:
    """Return the review of previews; without a tariff nothing is said of cost. Needs neither a cloud nor an engine."""
    return Review(
        stacks=tuple(
            StackReview(
                preview=source.preview,
                cost=costing.changed(source.preview, source.state, tariff) if tariff else None,
                verdicts=judge(source.preview, source.state),
            )
            for source in sources
        ),
        commit=commit,
        absent=tuple(absent),
    )


def signed(amount: Decimal) -> str:
    """Return an amount with its sign and separators, such as +1,204.50."""
    return f"{amount:+,.2f}" if amount else "±0.00"
