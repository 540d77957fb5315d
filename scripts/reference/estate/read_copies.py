"""Tells what a stack keeps in other regions from what stands in its own: there each resource has a regional provider (ADR 0016)."""

from collections.abc import Mapping
from dataclasses import replace

from scripts.reference.estate.facts import Copies
from scripts.reference.estate.recorded import parent_name
from tests.kit.recorder import Graph, Recorded

_PROVIDER = "pulumi:providers:aws"
_SUFFIX = "copies"


def at_home(graph: Graph) -> Graph:
    """Return the graph without what stands in other regions."""
    abroad = _abroad(graph)
    return replace(graph, resources=tuple(each for each in graph.resources if _provider_of(each) not in abroad))


def read_copies(graph: Graph) -> tuple[Copies, ...]:
    """Return what stands in each other region, by region."""
    found = []
    for urn, provider in sorted(_abroad(graph).items(), key=lambda item: str(item[1].inputs["region"])):
        there = replace(graph, resources=tuple(each for each in graph.resources if _provider_of(each) == urn))
        # Names of components there begin with the region's code, which the region says already.
        code = provider.name.removesuffix(_SUFFIX)
        buckets = (parent_name(graph, each).removeprefix(code) for each in there.of_type("aws:s3/bucket:Bucket"))
        found.append(
            Copies(
                region=provider.inputs["region"],
                keys=tuple(sorted(each.inputs["tags"]["data-class"] for each in there.of_type("aws:kms/key:Key"))),
                buckets=tuple(sorted(buckets)),
                standbys=tuple(sorted(each.inputs["identifier"] for each in there.of_type("aws:rds/instance:Instance"))),
                recovery_points=bool(there.of_type("aws:backup/vault:Vault")),
                database_backups=bool(there.of_type("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")),
            )
        )
    return tuple(found)


def _abroad(graph: Graph) -> Mapping[str, Recorded]:
    """Return the regional providers by their urns."""
    return {each.urn: each for each in graph.of_type(_PROVIDER)}


def _provider_of(resource: Recorded) -> str:
    """Return the urn of a resource's provider; on the wire an id follows it."""
    return resource.provider.rpartition("::")[0]
