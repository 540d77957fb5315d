"""RES-03: keys of data about persons stay in one region, that of the data."""

from collections.abc import Iterable

from config.vocabulary import DataClass
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.holdings import BUCKET, KEY_PATHS, KeyUse, data_class, keys_of, region_in
from policies.scope import KEY, REPLICA_KEY
from policies.values import ABSENT, Answer, all_of, is_no, same
from policies.verdict import Ruling

_FREE = (DataClass.OPERATIONAL, DataClass.PUBLIC)
"""Classes that tell of nobody."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each key and each copy of one that may encrypt data about persons, and where the key of each store of such data is.

    What carries no class counts as about persons.
    """
    for key in graph.of(KEY):
        if data_class(key) not in _FREE:
            yield ruled(key, need(key, "multiRegion", is_no, "false, or nothing", absent=True))
    for copy in graph.of(REPLICA_KEY):
        free = data_class(copy) in _FREE and all(data_class(one) in _FREE for one in graph.target(copy, "primaryKeyArn", KEY).resources)
        yield ruled(copy, Need("primaryKeyArn", free, f"a key of data that is {' or '.join(_FREE)}; other data has a key in each region"))
    for store in graph.of(*KEY_PATHS, BUCKET):
        uses = list(keys_of(graph, store)) if data_class(store) not in _FREE else []
        if uses:
            yield ruled(store, *(Need(use.path, _is_beside(store, use), "a key of the store's own region") for use in uses))


def _is_beside(store: Resource, use: KeyUse) -> Answer:
    if use.key.resources:
        return all_of([same(store.region, key.region) for key in use.key.resources])
    region = region_in(use.value)
    # An id or an alias is looked for in the region of whoever names it.
    return True if region is ABSENT else same(store.region, region)


CONTROL = Control(
    id="RES-03",
    title="Keys of data about persons exist in one region, and encrypt what stands there",
    severity=Severity.HIGH,
    why="Who can use a key in another country can read there what was never meant to leave; a copied key carries that right along.",
    fix="leave multi_region out, make a kms.Key in each region that holds such data, and name it by its region's own ARN",
    clauses=clauses(gdpr="44*", lgpd="33", soc2="C1.1*", iso27001="8.24", pci="3.6.1*"),
    governs=(KEY, REPLICA_KEY, *KEY_PATHS, BUCKET),
    check=check,
    house=True,
)
