"""Tells what a stack keeps in other regions from what stands in its own: there each resource is given its region (ADR 0016)."""

from dataclasses import replace

from config.vocabulary import Region
from scripts.reference.estate.facts import Copies
from scripts.reference.estate.recorded import parent_name
from tests.kit.recorder import Graph, Recorded


def at_home(graph: Graph) -> Graph:
    """Return the graph without what stands in other regions."""
    return replace(graph, resources=tuple(each for each in graph.resources if _elsewhere(each) is None))


def read_copies(graph: Graph) -> tuple[Copies, ...]:
    """Return what stands in each other region, by region."""
    found = []
    for region in sorted({name for each in graph.resources if (name := _elsewhere(each))}):
        there = replace(graph, resources=tuple(each for each in graph.resources if _elsewhere(each) == region))
        # Names of components there begin with the region's code, which the region says already.
        buckets = (parent_name(graph, each).removeprefix(f"{Region(region).code}-") for each in there.of_type("aws:s3/bucket:Bucket"))
        found.append(
            Copies(
                region=region,
                keys=tuple(sorted(each.inputs["tags"]["data-class"] for each in there.of_type("aws:kms/key:Key"))),
                buckets=tuple(sorted(buckets)),
                standbys=tuple(sorted(each.inputs["identifier"] for each in there.of_type("aws:rds/instance:Instance"))),
                recovery_points=bool(there.of_type("aws:backup/vault:Vault")),
                database_backups=bool(there.of_type("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")),
            )
        )
    return tuple(found)


def _elsewhere(resource: Recorded) -> str | None:
    """Return the other region that a resource stands in: its name says so, since a standby is given its own region as well."""
    region = resource.inputs.get("region")
    if not resource.type.startswith("aws:") or region is None or not resource.name.startswith(f"{Region(region).code}-"):
        return None
    return str(region)
