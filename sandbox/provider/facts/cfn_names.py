"""Which CloudFormation type describes a resource type of the provider, and which names differ.

Most types and properties pair by name alone. The table in `cfn_table` holds the rest for the types of the core estate, each of which
was compared property by property.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from sandbox.provider.facts import cfn_schemas

_NOTHING: Mapping[str, Any] = MappingProxyType({})

_SERVICES = {
    "acm": "certificatemanager",
    "alb": "elasticloadbalancingv2",
    "cfg": "config",
    "ebs": "ec2",
    "inspector2": "inspectorv2",
    "lb": "elasticloadbalancingv2",
    "macie2": "macie",
    "mq": "amazonmq",
    "sesv2": "ses",
    "sfn": "stepfunctions",
    "ssoadmin": "sso",
    "vpc": "ec2",
}
"""The provider's services whose CloudFormation names differ in more than letter case."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """One resource type's counterpart."""

    type: str
    """CloudFormation's type: of the whole, where the provider splits it into several resources."""
    under: str = ""
    """Where in that type the provider's properties lie."""
    renamed: Mapping[str, str | None] = field(default_factory=lambda: _NOTHING)
    """Pulumi's dotted path to CloudFormation's pointer: from the same object, or from the resource with a leading `/`.

    "" when the provider groups what CloudFormation has side by side; None when the like name means something else.
    """
    optional: frozenset[str] = frozenset()
    """What CloudFormation requires, or refuses together with another property, but the provider does not."""
    also: Mapping[str, tuple[str | int, ...]] = field(default_factory=lambda: _NOTHING)
    """Values that the provider takes beyond CloudFormation's."""
    versions: frozenset[str] = frozenset()
    """Listed versions that may be given in part (`8.0` for `8.0.46`), where AWS chooses the rest."""
    further: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """Further rules of cfn-lint (path of the extension), each with the places it speaks of."""
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """Values of a property for which conditions that turn on that value do not hold in the provider."""
    deprecated: str | None = None
    """The extension that lists what is deprecated."""
    owns: bool = True
    """Whether the type is this resource itself, so that its create-only properties are this resource's."""
    verified: bool = True
    """Whether the two were compared: rules about several properties, and what else is required, hold only then."""


@cache
def of(token: str) -> Names | None:
    """The counterpart of a resource type: from the table, else the one type of the same service and name, else None."""
    from sandbox.provider.facts.cfn_table import TABLE

    if token in TABLE:
        return TABLE[token]
    service, _, name = token.removeprefix("aws:").replace("/", ":").partition(":")
    found = _by_name().get((_SERVICES.get(service, service), name.rpartition(":")[2].lower()))
    return Names(type=found, verified=False) if found else None


@cache
def _by_name() -> dict[tuple[str, str], str]:
    known = cfn_schemas.types(cfn_schemas.REFERENCE_REGION)
    keys = {name: (name.split("::")[1].lower(), name.split("::")[-1].lower()) for name in known if name.count("::") == 2}
    seen = Counter(keys.values())
    return {key: name for name, key in keys.items() if seen[key] == 1}
