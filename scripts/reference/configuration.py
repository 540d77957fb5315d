"""docs/reference/configuration.md: every key a stack file may have, from the models that check them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.estate import EstateFacts
from config.load import PROJECT, PROVIDER_KEYS
from config.models import RegionPlan
from config.support import TABLE
from config.transfers import Transfer

_INTRODUCTION = """\
# Configuration

Each stack has a file `Pulumi.<stack>.yaml`. What it leaves out comes from `defaults` in `config/estate.yaml`; values with a
dash there must be in the stack's file. Every file is read and checked before anything is created, each alone and all of them
against each other; a mistake names its file and key, and what is allowed."""


def render(shared: Mapping[str, Any]) -> str:
    """Return the page; `shared` is what `config/estate.yaml` holds."""
    lines = [_INTRODUCTION, "", "## Keys of a stack file", "", "| key | shared value | allowed |", "|---|---|---|"]
    lines += [_row(_in_stack_file(key), value, info) for key, value, info in _keys(RegionPlan, shared.get("defaults", {}))]
    lines += ["", "## Facts of the estate", "", "In `config/estate.yaml` alone.", "", "| key | value | allowed |", "|---|---|---|"]
    lines += [_row(key, value, info) for key, value, info in _keys(EstateFacts, shared)]
    lines += ["", "## Transfer register", "", "Rows of `config/transfers.yaml`.", "", "| key | allowed |", "|---|---|"]
    lines += [f"| `{info.alias or name}` | {_cell(info.description)} |" for name, info in Transfer.model_fields.items()]
    lines += ["", "## Versions", "", "| product | version | standard support ends | source |", "|---|---|---|---|"]
    lines += [f"| {row.product} | {row.version} | {row.ends or 'unresolved'} | {row.source} |" for row in TABLE]
    return "\n".join(lines) + "\n"


def _in_stack_file(key: str) -> str:
    return PROVIDER_KEYS.get(key, f"{PROJECT}:{key}")


def _keys(model: type[BaseModel], shared: Mapping[str, Any], beginning: str = "") -> Iterator[tuple[str, str, FieldInfo]]:
    """Yield each key in full with its shared value, models within models unfolded."""
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _keys(inner, shared.get(name, {}), f"{beginning}{name}.")
        else:
            yield f"{beginning}{name}", _shown(name, info, shared), info


def _row(key: str, value: str, info: FieldInfo) -> str:
    return f"| `{key}` | {value} | {_cell(info.description)} |"


def _shown(name: str, info: FieldInfo, shared: Mapping[str, Any]) -> str:
    if name in shared:
        return f"`{_cell(str(shared[name]))}`"
    return "—" if info.is_required() else "absent"


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
