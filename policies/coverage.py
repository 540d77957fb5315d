"""Which types of resources controls judge, and which of the estate's none does, with the reason why not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from policies.control import Control

FILE = Path(__file__).with_name("uncovered.yaml")

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=30)]


class Group(BaseModel):
    """Types that no control judges, for one reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[Reason, Field(description="what is true of each of these types, so that none needs a control of its own")]
    types: Annotated[tuple[str, ...], Field(min_length=1, description="tokens of Pulumi's types")]


class Uncovered(BaseModel):
    """What no control judges on purpose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generic: Annotated[
        Mapping[str, Reason],
        Field(description="controls that ask the same of everything: that one holds says nothing of what a type is for"),
    ]
    groups: tuple[Group, ...]

    @property
    def types(self) -> list[str]:
        """Every type that is listed, as often as it is."""
        return [type_ for group in self.groups for type_ in group.types]


def uncovered(path: Path = FILE) -> Uncovered:
    """Return what the file says; raises pydantic's ValidationError naming the key that is wrong."""
    return Uncovered.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def of_a_cloud(types: Iterable[str]) -> set[str]:
    """Return the types that stand for something in AWS or a cluster: no components, no providers, no references."""
    return {type_ for type_ in types if type_.startswith(("aws:", "kubernetes:"))}


def governed(controls: Iterable[Control], listed: Uncovered) -> Mapping[str, tuple[str, ...]]:
    """Return each type with the ids of those controls that judge it for what it is."""
    found: dict[str, list[str]] = defaultdict(list)
    for control in controls:
        if control.id not in listed.generic:
            for type_ in control.governs:
                found[type_].append(control.id)
    return {type_: tuple(sorted(ids)) for type_, ids in sorted(found.items())}


def problems(types: Iterable[str], controls: Iterable[Control], listed: Uncovered) -> list[str]:
    """Return what is wrong with the list for an estate of these types: each with what to do."""
    controls = tuple(controls)
    estate, judged = of_a_cloud(types), governed(controls, listed)
    found = [f"{control} is in `generic`, and there is no such control: take it out" for control in sorted(_strangers(controls, listed))]
    found += [
        f"{type_} is judged by no control: name it in the `governs` of one that does, or in {FILE.name} with the reason"
        for type_ in sorted(estate - judged.keys() - set(listed.types))
    ]
    for type_ in sorted(set(listed.types)):
        if listed.types.count(type_) > 1:
            found.append(f"{type_} is listed twice: keep one")
        if type_ in judged:
            found.append(f"{type_} is listed, and judged by {', '.join(judged[type_])}: take it out of {FILE.name}")
        if type_ not in estate:
            found.append(f"{type_} is listed, and the estate has none: take it out of {FILE.name}")
    return found


def _strangers(controls: tuple[Control, ...], listed: Uncovered) -> set[str]:
    return set(listed.generic) - {control.id for control in controls}
