"""Reads all that is told about a stack from its graph."""

from collections import Counter

from scripts.reference.estate.facts import Stack
from scripts.reference.estate.read_copies import at_home, read_copies
from scripts.reference.estate.read_edge import read_deliveries, read_entries, read_references, read_zones
from scripts.reference.estate.read_network import read_transits, read_vpc
from scripts.reference.estate.read_recovery import read_backups, read_secrets
from scripts.reference.estate.read_workloads import (
    read_buckets,
    read_caches,
    read_clusters,
    read_databases,
    read_file_systems,
    read_keys,
    read_standbys,
)
from scripts.reference.estate.recorded import environment
from tests.kit.recorder import Graph


def read_stack(name: str, graph: Graph) -> Stack:
    """Return the facts of a stack; each comes from what its resources were given."""
    here = at_home(graph)
    keys = read_keys(here)
    tags = here.one("aws:ec2/vpc:Vpc").inputs["tags"]
    return Stack(
        name=name,
        region=tags["region"],
        environment=environment(graph),
        law=tags["jurisdiction"],
        vpc=read_vpc(here),
        transits=read_transits(here),
        clusters=read_clusters(here, keys),
        databases=read_databases(here, keys),
        standbys=read_standbys(here, keys),
        caches=read_caches(here, keys),
        file_systems=read_file_systems(here, keys),
        buckets=read_buckets(here, keys),
        keys=tuple(sorted(set(keys.values()))),
        copies=read_copies(graph),
        backups=read_backups(here),
        secrets=read_secrets(here),
        entries=read_entries(here),
        deliveries=read_deliveries(here),
        zones=read_zones(here),
        references=read_references(graph),
        services=count_services(graph),
    )


def count_services(graph: Graph) -> dict[str, int]:
    """Return how many resources each service of AWS holds, most first."""
    counts = Counter(each.type.split(":")[1].split("/")[0] for each in graph.resources if each.type.startswith("aws:"))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
