"""What is running otherwise than the state says: found without changing either, told in one issue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sandbox.engine.events import StepEnded

TITLE = "Drift: AWS differs from what was deployed"
LABEL = "drift"
_MOST_ROWS = 200
_GONE = "delete"


class FindingsError(Exception):
    """A file is no record of a look at a stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drifted:
    """A resource that differs, without any value of it."""

    urn: str
    type: str
    name: str
    gone: bool
    properties: tuple[str, ...]
    """Paths of what differs; of a resource that is gone none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What one look at a stack found."""

    stack: str
    commit: str
    looked: str
    """Moment in ISO 8601, UTC."""
    drifted: tuple[Drifted, ...]


def findings(stack: str, commit: str, ended: Sequence[StepEnded], now: datetime) -> Findings:
    """Return what a refresh that only previews says, in the order of urns."""
    rows = {
        step.resource.urn: Drifted(
            urn=step.resource.urn,
            type=step.resource.type,
            name=step.resource.name,
            gone=step.op == _GONE,
            properties=() if step.op == _GONE else step.differs,
        )
        for step in ended
        if step.resource.is_cloud_resource
    }
    return Findings(stack=stack, commit=commit, looked=now.isoformat(timespec="seconds"), drifted=tuple(rows[urn] for urn in sorted(rows)))


def write(found: Findings, folder: Path) -> Path:
    """Keep findings as `<stack>.json` in a folder, and return where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found.stack}.json"
    path.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    return path


def read(folder: Path) -> list[Findings]:
    """Return all findings in a folder, in the order of stacks. Raises FindingsError for a file that holds none."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            rows = tuple(Drifted(**{**row, "properties": tuple(row["properties"])}) for row in content.pop("drifted"))
            found.append(Findings(**content, drifted=rows))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise FindingsError(f"{path} holds no findings: write it with `make drift STACK={path.stem}`") from error
    return found


def description(found: Sequence[Findings], missing: Sequence[str]) -> str:
    """Return the issue's text: a table per stack; `missing` names stacks that could not be looked at."""
    parts = ["Found by comparing the states with AWS. Nothing was changed, neither there nor in the states.", ""]
    if missing:
        parts += [f"**Not looked at** (the job failed, see its log): {', '.join(missing)}.", ""]
    for each in found:
        parts += [f"## {each.stack}", "", f"{len(each.drifted)} resources differ, as of {each.looked} at commit {each.commit[:12]}.", ""]
        if each.drifted:
            parts += ["| resource | type | what |", "|---|---|---|"]
            parts += [f"| `{row.name}` | `{row.type}` | {_what(row)} |" for row in each.drifted[:_MOST_ROWS]]
            if len(each.drifted) > _MOST_ROWS:
                parts.append(f"| and {len(each.drifted) - _MOST_ROWS} more | | in the job's artifact |")
            parts.append("")
    parts.append(
        "What to do: `pulumi refresh -s <stack> --preview-only --diff` shows the values. Put back what was changed by hand with "
        "`pulumi up --refresh -s <stack>`, or write the change into the program. CloudTrail says who made it."
    )
    return "\n".join(parts)


def _what(row: Drifted) -> str:
    return "is gone" if row.gone else ", ".join(f"`{path}`" for path in row.properties) or "differs"
