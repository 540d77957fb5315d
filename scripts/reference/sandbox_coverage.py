"""docs/reference/sandbox.md: how much of each resource type the emulated cloud holds."""

from __future__ import annotations

from itertools import groupby

from sandbox.provider import registry
from sandbox.provider.handler import Handler, Recorded, Support
from scripts.reference import sandbox_objects

_INTRODUCTION = """\
# What the sandbox holds

The sandbox runs the program that AWS gets, with the engine that AWS gets, against an emulated cloud. This page says how far that
emulation goes, type by type.

- **held**: boto3 reads back what the program declared.
- **partly**: the resource is there; what the last column names is kept in the stack's state only.
- **recorded**: the emulated cloud has no such thing. The inputs are checked against the service's own request model and
  CloudFormation's schema, and kept in the state only: nothing answers for it.

Nothing is enforced: IAM policies, security groups and network ACLs are stored, not applied.
"""


def render() -> str:
    """The page."""
    handlers = sorted(registry.handlers().values(), key=lambda handler: handler.token)
    counts = {support: sum(handler.support is support for handler in handlers) for support in Support}
    lines = [
        _INTRODUCTION,
        f"{len(handlers)} resource types: {counts[Support.HELD]} held, {counts[Support.PARTLY]} partly, "
        f"{counts[Support.RECORDED]} recorded; {len(registry.functions())} data sources.",
    ]
    for service, group in groupby(handlers, key=_service):
        lines += ["", f"## {service}", "", "| type | support | in the state only |", "|---|---|---|"]
        lines += [f"| `{handler.token}` | {handler.support.value} | {_gap(handler)} |" for handler in group]
    lines += ["", "## Data sources", "", "| function | answer |", "|---|---|"]
    lines += [f"| `{token}` | {_first_line(item)} |" for token, item in sorted(registry.functions().items())]
    return "\n".join([*lines, "", sandbox_objects.render()]) + "\n"


def _service(handler: Handler) -> str:
    return handler.token.split(":")[1].split("/")[0]


def _gap(handler: Handler) -> str:
    if isinstance(handler, Recorded):
        checked = f"everything; checked against `{handler.service}` {handler.operation}"
        return f"{checked}. {handler.gap}".rstrip(". ") if handler.gap else checked
    return handler.gap


def _first_line(item: object) -> str:
    return (item.__doc__ or "").strip().split("\n")[0]
