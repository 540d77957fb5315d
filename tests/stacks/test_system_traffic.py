"""What EKS runs in every cluster reaches what it needs, and no more."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.load import load
from tests.kit.composed import shipped_graph
from tests.kit.kubernetes import namespace_of, of_kind, selects
from tests.kit.plans import STACKS

DNS = {"k8s-app": "kube-dns"}
METRICS = {"app.kubernetes.io/name": "metrics-server"}
VOLUMES = {"app": "ebs-csi-controller", "app.kubernetes.io/name": "aws-ebs-csi-driver"}


def _out(stack: str, pod: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Networks and ports that a pod of kube-system with these labels may reach."""
    for policy in of_kind(shipped_graph(stack), "NetworkPolicy"):
        if namespace_of(policy) == "kube-system" and selects(policy["spec"].get("podSelector") or {}, pod):
            for rule in policy["spec"].get("egress") or ():
                yield from ((peer["ipBlock"]["cidr"], port["port"]) for peer in rule["to"] if "ipBlock" in peer for port in rule["ports"])


@pytest.mark.parametrize("stack", STACKS)
def test_dns_asks_the_networks_own_resolver_and_nobody_else(stack: str) -> None:
    network = load(stack).plan.network.cidr
    asked = {cidr for cidr, port in _out(stack, DNS) if port == 53}
    assert asked == {f"{network.network_address + 2}/32"}


@pytest.mark.parametrize("stack", STACKS)
def test_only_what_calls_aws_reaches_it(stack: str) -> None:
    assert ("0.0.0.0/0", 443) in set(_out(stack, VOLUMES))
    assert ("169.254.170.23/32", 80) in set(_out(stack, VOLUMES))
    for pod in (DNS, METRICS):
        assert not {cidr for cidr, _ in _out(stack, pod)} & {"0.0.0.0/0", "169.254.170.23/32"}


@pytest.mark.parametrize("stack", STACKS)
def test_metrics_are_fetched_from_nodes_and_asked_for_by_the_kubernetes_api(stack: str) -> None:
    private = str(next(load(stack).plan.network.cidr.subnets(prefixlen_diff=1)))
    assert (private, 10250) in set(_out(stack, METRICS))
    into: list[dict[str, Any]] = [
        rule
        for policy in of_kind(shipped_graph(stack), "NetworkPolicy")
        if namespace_of(policy) == "kube-system" and selects(policy["spec"].get("podSelector") or {}, METRICS)
        for rule in policy["spec"].get("ingress") or ()
    ]
    assert [peer["ipBlock"]["cidr"] for rule in into for peer in rule["from"]] == [private]
