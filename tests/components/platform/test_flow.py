from typing import Any

import pytest

from components.platform.flow import IDENTITY_AGENT, INTERNET, METADATA, Addresses, Flow, FlowArgs, Pods
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
WEB, STORE = Pods(namespace="web", match={"app": "web"}), Pods(namespace="store", match={"app": "store"})
OFFICE = Addresses(cidrs=("10.0.0.0/17",))


def _made(source: Pods | Addresses, destination: Pods | Addresses, **more: Any) -> Graph:
    args = FlowArgs(source=source, destination=destination, ports=(6379,), **more)
    return record(lambda: Flow("web-to-store", a_context(), args))


def test_a_flow_between_pods_is_written_at_both_ends() -> None:
    graph = _made(WEB, STORE)
    out, into = graph.named("web-to-store-out").inputs, graph.named("web-to-store-in").inputs
    assert out["metadata"]["namespace"] == "web" and into["metadata"]["namespace"] == "store"
    assert out["spec"] == {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [_peer("store")], "ports": [{"protocol": "TCP", "port": 6379}]}],
    }
    assert into["spec"] == {
        "podSelector": {"matchLabels": {"app": "store"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [_peer("web")], "ports": [{"protocol": "TCP", "port": 6379}]}],
    }


def _peer(name: str) -> dict[str, Any]:
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}},
        "podSelector": {"matchLabels": {"app": name}},
    }


def test_of_a_flow_from_or_to_addresses_only_the_end_in_the_cluster_can_be_written() -> None:
    assert _made(OFFICE, STORE).one(POLICY).inputs["spec"]["ingress"][0]["from"] == [{"ipBlock": {"cidr": "10.0.0.0/17"}}]
    assert _made(WEB, OFFICE).one(POLICY).inputs["spec"]["egress"][0]["to"] == [{"ipBlock": {"cidr": "10.0.0.0/17"}}]


def test_the_internet_is_all_of_it_but_instance_metadata() -> None:
    (peer,) = _made(WEB, INTERNET).one(POLICY).inputs["spec"]["egress"][0]["to"]
    assert peer == {"ipBlock": {"cidr": "0.0.0.0/0", "except": [METADATA]}}


@pytest.mark.parametrize("cidr", ["169.254.0.0/15", "168.0.0.0/6"])
def test_metadata_is_left_out_of_any_network_that_holds_it(cidr: str) -> None:
    (peer,) = _made(WEB, Addresses(cidrs=(cidr,))).one(POLICY).inputs["spec"]["egress"][0]["to"]
    assert peer["ipBlock"]["except"] == [METADATA]


def test_the_agent_that_gives_pods_their_role_is_reached_and_nothing_beside_it() -> None:
    (peer,) = _made(WEB, Addresses(cidrs=(IDENTITY_AGENT,))).one(POLICY).inputs["spec"]["egress"][0]["to"]
    assert peer == {"ipBlock": {"cidr": "169.254.170.23/32"}}
    with pytest.raises(ValueError, match=r"no flow may reach 169\.254\.0\.0/16"):
        Addresses(cidrs=("169.254.169.254/32",))


@pytest.mark.parametrize("cidr", ["everywhere", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(cidr: str) -> None:
    with pytest.raises(ValueError, match="cidrs must be IPv4 networks such as"):
        Addresses(cidrs=(cidr,))


def test_a_flow_names_its_ports_and_has_an_end_in_the_cluster() -> None:
    with pytest.raises(ValueError, match="a flow to every port is no decision"):
        FlowArgs(source=WEB, destination=STORE, ports=())
    with pytest.raises(ValueError, match="a flow needs pods at one end at least"):
        FlowArgs(source=OFFICE, destination=INTERNET, ports=(443,))
    with pytest.raises(ValueError, match="cidrs must name one network at least"):
        Addresses(cidrs=())


def test_a_flow_over_udp_says_so_at_both_ends() -> None:
    graph = _made(WEB, STORE, protocol="UDP")
    rules = [(each.inputs["spec"].get("egress") or each.inputs["spec"]["ingress"])[0] for each in graph.of_type(POLICY)]
    assert [rule["ports"] for rule in rules] == [[{"protocol": "UDP", "port": 6379}]] * 2
