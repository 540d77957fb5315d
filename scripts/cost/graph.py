"""The resource graph that is priced, as plain data, and the readers that make it of a state, a preview or a recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_GONE = {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"}
"""Steps of a preview after which the resource is not there.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
"""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that is not known before `up`, in states, previews and on the wire.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/runtime/rpc.py
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One resource of a provider."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    """Keys as on the wire: camelCase."""
    parent: str | None = None

    @property
    def component(self) -> str:
        """The component it belongs to, by its tag; else its logical name."""
        return str(self._tags.get("component") or self.name)

    @property
    def tenant(self) -> str | None:
        """The tenant it is for alone; None for what all share."""
        return self._tags.get("tenant")

    @property
    def _tags(self) -> Mapping[str, Any]:
        tags = self.inputs.get("tags")
        return tags if isinstance(tags, Mapping) else {}


class Recorded(Protocol):
    """What a recording of a program knows of a resource."""

    @property
    def urn(self) -> str:
        """Its urn."""

    @property
    def type(self) -> str:
        """Its type token."""

    @property
    def name(self) -> str:
        """Its logical name."""

    @property
    def parent(self) -> str | None:
        """Urn of its parent."""

    @property
    def custom(self) -> bool:
        """True for a provider's resource."""

    @property
    def inputs(self) -> dict[str, Any]:
        """What it is given."""


def of_state(document: Mapping[str, Any]) -> list[Item]:
    """Return what a state holds: `pulumi stack export`, or the file of a backend. A resource that waits for its deletion is left out."""
    inner = document.get("checkpoint", document)
    deployment = inner.get("latest") or inner.get("deployment") or {}
    return [
        item
        for row in deployment.get("resources") or ()
        if row.get("custom") and not row.get("delete") and not row.get("external") and (item := _item(row))
    ]


def of_preview(document: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> list[Item]:
    """Return what stands after a preview: `pulumi preview --json`, or the events of its stream."""
    steps = document.get("steps") or () if isinstance(document, Mapping) else document
    found: dict[str, Item] = {}
    for step in steps:
        metadata = (step.get("resourcePreEvent") or {}).get("metadata") or step
        new = metadata.get("newState") or metadata.get("new") or {}
        if metadata.get("op") in _GONE or new.get("external") or not new.get("custom"):
            continue
        if item := _item(new):
            found[item.urn] = item
    return list(found.values())


def of_recording(resources: Iterable[Recorded]) -> list[Item]:
    """Return what a recorded program registers."""
    return [
        Item(urn=each.urn, type=each.type, name=each.name, inputs=_known(each.inputs), parent=each.parent)
        for each in resources
        if each.custom and not each.type.startswith("pulumi:")
    ]


def _known(value: Any) -> Any:
    """Return a value without what is not known before `up`: what is left has a default, or a price that is unresolved."""
    if isinstance(value, Mapping):
        return {key: _known(inner) for key, inner in value.items() if inner != UNKNOWN}
    if isinstance(value, list):
        # Members count, as zones do, whether they are known or not.
        return [_known(inner) for inner in value]
    return value


def _item(row: Mapping[str, Any]) -> Item | None:
    kind = str(row.get("type") or "")
    # Providers, references and stacks of the engine itself are nobody's bill.
    if not row.get("urn") or kind.startswith("pulumi:"):
        return None
    urn = str(row["urn"])
    return Item(urn=urn, type=kind, name=urn.rpartition("::")[2], inputs=_known(row.get("inputs") or {}), parent=row.get("parent") or None)
