"""Verdicts written down by a pack, for the reports that are made of them after a preview."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel

if TYPE_CHECKING:
    from policies.gate import Judgement

VERDICTS = "MOREFOCUS_VERDICTS"
"""Names the folder that packs write `<layer>/<stack>.<pack>.json` into; without it none is written."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the engine is doing."""

    stack: str
    dry: bool
    """True where nothing will be changed."""


Recorded = Callable[[Run, Mapping[str, EnforcementLevel]], None]
"""Called with the level of each policy after a stack was analysed."""


def recorder(pack: str, judgement: Callable[[], "Judgement"], environment: Mapping[str, str]) -> Recorded | None:
    """Return what writes a pack's verdicts, None where nobody asks for them.

    What is judged after an update has no unknowns left, and is what the state will say.
    """
    folder = environment.get(VERDICTS)
    if not folder:
        return None

    def record(run: Run, levels: Mapping[str, EnforcementLevel]) -> None:
        # Loaded late: it takes longer than a pack's start, and few runs ask for it.
        from policies.evidence.verdicts import Effective, Layer, Verdicts

        effective = {
            EnforcementLevel.DISABLED: Effective.DISABLED,
            EnforcementLevel.ADVISORY: Effective.ADVISORY,
            EnforcementLevel.MANDATORY: Effective.MANDATORY,
            # What remediates is judged as mandatory afterwards.
            EnforcementLevel.REMEDIATE: Effective.MANDATORY,
        }
        found = judgement()
        layer = Layer.PREVIEW if run.dry else Layer.STATE
        told = {control: effective[level] for control, level in levels.items() if control in found.controls}
        Verdicts.of(found, stack=run.stack, layer=layer, as_of=found.today, effective=told).write(Path(folder, layer), pack)

    return record
