"""Judges the network policies of a composed graph: whether each flow is allowed at both of its ends, and none reaches instance metadata."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from tests.kit.kubernetes import METADATA, NAME_LABEL, OF_EKS, Item, called, name_of, namespace_of, of_kind, selects
from tests.kit.recorder import Graph

Port = tuple[str, Any]


@dataclass(frozen=True)
class End:
    """What one rule says of a flow: who of which namespace, with whom, and by which ports."""

    where: str
    namespace: str
    pods: Item
    other_namespaces: frozenset[str]
    other_pods: Item
    ports: frozenset[Port]


def metadata_problems(graph: Graph) -> list[str]:
    """Return policies by which pods reach instance metadata, or everything."""
    found = []
    for policy in of_kind(graph, "NetworkPolicy"):
        for rule in policy["spec"].get("egress") or ():
            if not rule.get("to"):
                found.append(f"{called(policy)}: a rule without destinations allows all of them")
            found += [f"{called(policy)}: {block['cidr']} holds {METADATA}" for block in _blocks(rule) if _holds_metadata(block)]
    return found


def _blocks(rule: Item) -> Iterator[Item]:
    return (peer["ipBlock"] for peer in rule.get("to") or () if peer.get("ipBlock"))


def _holds_metadata(block: Item) -> bool:
    return METADATA in IPv4Network(block["cidr"]) and not any(METADATA in IPv4Network(each) for each in block.get("except") or ())


def port_problems(graph: Graph) -> list[str]:
    """Return rules that name no port, and so allow all."""
    return [
        f"{called(policy)}: a rule names no port"
        for policy in of_kind(graph, "NetworkPolicy")
        for rule in (*(policy["spec"].get("egress") or ()), *(policy["spec"].get("ingress") or ()))
        if not rule.get("ports")
    ]


def one_sided_flows(graph: Graph) -> list[str]:
    """Return flows between pods that one end allows and the other refuses; a namespace of EKS's without policies refuses nothing."""
    namespaces = {name: {NAME_LABEL: name} for name in OF_EKS}
    namespaces |= {name_of(each): {**each["metadata"]["labels"], NAME_LABEL: name_of(each)} for each in of_kind(graph, "Namespace")}
    out = [end for policy in of_kind(graph, "NetworkPolicy") for end in _ends(policy, "egress", "to", namespaces)]
    into = [end for policy in of_kind(graph, "NetworkPolicy") for end in _ends(policy, "ingress", "from", namespaces)]
    open_ = set(OF_EKS) - {namespace_of(each) for each in of_kind(graph, "NetworkPolicy")}
    return [*_unmet(out, into, open_, "lets in"), *_unmet(into, out, open_, "lets out")]


def _ends(policy: Item, direction: str, peers: str, namespaces: Mapping[str, Item]) -> Iterator[End]:
    spec = policy["spec"]
    for rule in spec.get(direction) or ():
        ports = frozenset((port.get("protocol", "TCP"), port.get("port")) for port in rule.get("ports") or ())
        for peer in rule.get(peers) or ():
            if peer.get("ipBlock"):
                continue
            if "namespaceSelector" in peer:
                chosen = {name for name, given in namespaces.items() if selects(peer["namespaceSelector"] or {}, given)}
                named = (peer["namespaceSelector"] or {}).get("matchLabels", {}).get(NAME_LABEL)
                # By a label, and not by name: those who bear it may be none yet, such as tenants.
                if not chosen and named is None:
                    continue
            else:
                chosen = {namespace_of(policy)}
            yield End(
                where=called(policy),
                namespace=namespace_of(policy),
                pods=spec.get("podSelector") or {},
                other_namespaces=frozenset(chosen),
                other_pods=peer.get("podSelector") or {},
                ports=ports,
            )


def _unmet(ends: list[End], others: list[End], open_: set[str], verb: str) -> Iterator[str]:
    for end in ends:
        if not end.other_namespaces:
            yield f"{end.where}: its peer is in no namespace that there is"
        for namespace in end.other_namespaces - open_:
            wanted = {port for port in end.ports if not _is_met(end, namespace, port, others)}
            if wanted or not end.ports:
                shown = ", ".join(sorted(f"{protocol} {port}" for protocol, port in wanted)) or "any port"
                yield f"{end.where}: no policy in {namespace} {verb} {shown}"


def _is_met(end: End, namespace: str, port: Port, others: list[End]) -> bool:
    return any(
        other.namespace == namespace
        and end.namespace in other.other_namespaces
        and port in other.ports
        and _is_wider(other.pods, end.other_pods)
        and _is_wider(other.other_pods, end.pods)
        for other in others
    )


def _is_wider(selector: Item, narrower: Item) -> bool:
    """Return whether whatever `narrower` chooses is chosen by `selector` too, by what both write."""
    labels, own = narrower.get("matchLabels") or {}, narrower.get("matchExpressions") or []
    chosen = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    return chosen and all(rule in own or selects({"matchExpressions": [rule]}, labels) for rule in selector.get("matchExpressions") or ())
