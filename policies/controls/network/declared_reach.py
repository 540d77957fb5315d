"""NET-03: a data store is reached by the groups of the declared matrix on its port, and by no network."""

from collections.abc import Iterable, Mapping

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.network._data_tier import (
    DEFAULT_GROUP,
    GROUP,
    INGRESS,
    OLD_RULE,
    STORES,
    Rule,
    ingress,
    inherits_network,
    is_elsewhere,
    named,
    stores,
)
from policies.controls.network._reach import MATRIX
from policies.graph import Graph
from policies.values import ABSENT, Answer, all_of, any_of, negated
from policies.verdict import Ruling

_OWN = "security groups of this stack, and not its default one"
_DECLARED = "security groups of clients on the store's port, as policies/controls/network/_reach.py declares; no network, no prefix list"


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask each store for groups of its own, and each rule that lets something into one of these for a row of the matrix.

    Of a store in another region it asks no more than groups: what these let in is judged where they are made.
    """
    guarded: dict[str, set[str]] = {}
    for store, where in stores(graph):
        if inherits_network(store) and store.look(where.groups) is ABSENT:
            continue
        if is_elsewhere(store):
            yield ruled(store, need(store, where.groups, bool, _OWN))
            continue
        groups = named(graph, store, where.groups, GROUP, DEFAULT_GROUP)
        # Without any it has the default group of its VPC.
        yield ruled(store, Need(where.groups, groups.all(lambda group: group.type == GROUP), _OWN))
        for group in groups.resources:
            guarded.setdefault(group.urn, set()).add(store.type)
    for rule in ingress(graph):
        yield ruled(rule.holder, Need(rule.path, _lets_clients_in(rule, guarded), _DECLARED))


def _lets_clients_in(rule: Rule, guarded: Mapping[str, set[str]]) -> Answer:
    kinds = {kind for group in rule.groups.resources for kind in guarded.get(group.urn, ())}
    if not kinds:
        return None if rule.groups.strangers is None and guarded else True
    declared = rule.peers.all(lambda peer: all_of([_is_declared(rule, kind, peer.name) for kind in kinds]))
    return all_of([negated(rule.names_networks), declared])


def _is_declared(rule: Rule, kind: str, client: str) -> Answer:
    return any_of([rule.is_tcp(row.port) for row in MATRIX if row.store == kind and row.client == client])


CONTROL = Control(
    id="NET-03",
    title="Data stores are reached by declared security groups on their port alone",
    severity=Severity.HIGH,
    why="A store that a whole network can reach is one stolen pod, laptop or function away from whoever took it.",
    fix="give the store a group of its own; let clients in by referenced_security_group_id, with a reason in the reach matrix",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.3 8.20 8.22*", pci="1.3.1 1.4.4*"),
    governs=(*sorted(STORES), GROUP, INGRESS, OLD_RULE),
    check=check,
)
