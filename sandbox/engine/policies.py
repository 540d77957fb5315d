"""Policy packs that the engine runs on a project's stacks, as `[tool.sandbox.policies]` of its pyproject.toml names them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.stacks import StackError
from sandbox.paths import Home
from sandbox.settings import settings


@dataclass(frozen=True, slots=True)
class Policies:
    """What previews and ups are judged by."""

    packs: tuple[Path, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    """Of the environment: where packs are to write what they found."""

    @property
    def arguments(self) -> list[str]:
        """For the engine's command line."""
        return [word for pack in self.packs for word in ("--policy-pack", str(pack))]


def policies(home: Home) -> Policies:
    """The `packs` of the project, folders with a PulumiPolicy.yaml, and `verdicts`, the variable that tells them a folder to write into.

    StackError when a folder is no pack: an estate that nothing judges must not look like one that passed.
    """
    own = settings(home.project).get("policies", {})
    packs = tuple(home.project / str(pack) for pack in own.get("packs", ()))
    missing = [pack for pack in packs if not (pack / "PulumiPolicy.yaml").is_file()]
    if missing:
        raise StackError(f"[tool.sandbox.policies] names {missing[0]}, where there is no PulumiPolicy.yaml: correct the path")
    variables = ((str(own["verdicts"]), str(home.verdicts)),) if "verdicts" in own else ()
    return Policies(packs, variables)
