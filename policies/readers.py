"""Graphs from what the engine hands to a policy pack, and from what `pulumi stack export` writes."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.graph import Graph, Resource, canonical
from policies.values import ABSENT, look, plain

_ROOT = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"
_ANSWERED = ("id", "arn", "name", "bucket", "identifier", "url", "keyId", "region", "availabilityZone", "tagsAll")
"""What a provider adds and controls may read: names that others refer to, places, and tags."""


def declared(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a program declares, with the names it is answered.

    Not the rest of the outputs: what a program leaves out is unknown there in a preview, and AWS's own choice afterwards, such as the
    ARN of a key that is not ours. Neither may be taken for what was asked for.
    """
    return {key: outputs[key] for key in _ANSWERED if key in outputs} | dict(inputs)


def from_analysis(resources: Iterable[Any]) -> Graph:
    """Return the graph of a stack's analysis: the `resources` of the SDK's StackValidationArgs, with proxies or without."""
    return Graph(_analysed(resource) for resource in resources if resource.resource_type != _ROOT)


def _analysed(resource: Any) -> Resource:
    provider = resource.provider
    return Resource(
        urn=resource.urn,
        type=canonical(resource.resource_type),
        name=resource.name,
        properties=plain(resource.props),
        parent=resource.parent.urn if resource.parent is not None else resource.opts.parent or None,
        dependencies=tuple(sorted(each.urn for each in resource.dependencies)),
        property_dependencies={key: tuple(sorted(each.urn for each in made_of)) for key, made_of in resource.property_dependencies.items()},
        provider_region=ABSENT if provider is None else look(plain(provider.props), "region"),
        protect=bool(resource.opts.protect),
    )


def from_state(export: Mapping[str, Any]) -> Graph:
    """Return the graph of a state as `pulumi stack export` writes it: what was declared, and the names that were answered.

    Raises ValueError when it is no export.
    """
    try:
        rows = export["deployment"]["resources"] or []
    except (KeyError, TypeError):
        raise ValueError("expected the JSON of `pulumi stack export`, with deployment.resources; export the stack again") from None
    regions = {
        f"{row['urn']}::{row.get('id', '')}": look(plain(row.get("inputs", {})), "region")
        for row in rows
        if row["type"].startswith(_PROVIDER)
    }
    return Graph(_recorded(row, regions) for row in rows if row["type"] != _ROOT and not row.get("delete"))


def _recorded(row: Mapping[str, Any], regions: Mapping[str, Any]) -> Resource:
    own = {"id": row["id"]} if row.get("id") else {}
    return Resource(
        urn=row["urn"],
        type=canonical(row["type"]),
        name=row["urn"].rpartition("::")[2],
        properties=plain({**declared(row.get("inputs", {}), row.get("outputs", {})), **own}),
        parent=row.get("parent"),
        dependencies=tuple(sorted(row.get("dependencies") or ())),
        property_dependencies={key: tuple(sorted(urns or ())) for key, urns in (row.get("propertyDependencies") or {}).items()},
        provider_region=regions.get(row.get("provider", ""), ABSENT),
        protect=bool(row.get("protect")),
    )
