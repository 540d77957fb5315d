from collections.abc import Mapping
from typing import Any

import pytest

from components.platform.mesh.breaker import Limits
from components.platform.mesh.service_policy import Caller, Outside, ServicePolicy, ServicePolicyArgs
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record

LIMITS = Limits(requests_per_second=30, seconds=0.2, replicas=3, requests_per_pod=50)
BALANCER = Outside(cidrs=("10.0.0.0/20",), ports=(5678,), why="the load balancer has no certificate of the mesh")
PODS = {"app": "webhook"}


def _args(**changes: Any) -> ServicePolicyArgs:
    given: dict[str, Any] = {
        "namespace": "automation",
        "service": "webhook",
        "match": PODS,
        "ports": (5678, 9000),
        "callers": (Caller(namespace="automation", service_account="worker"),),
        "limits": LIMITS,
        "outside": (BALANCER,),
    } | changes
    return ServicePolicyArgs(**given)


def _policy(**changes: Any) -> Graph:
    return record(lambda: ServicePolicy("webhook", a_context(), _args(**changes)))


def _may(spec: Mapping[str, Any], port: int, *, principal: str = "", address_block: str = "") -> bool:
    """Return whether an AuthorizationPolicy lets a call through, as Istio reads one rule after the other."""
    for rule in spec["rules"]:
        sources = [each["source"] for each in rule["from"]]
        by = any(principal in source.get("principals", []) or address_block in source.get("ipBlocks", []) for source in sources)
        if by and any(str(port) in each["operation"]["ports"] for each in rule["to"]):
            return True
    return False


def test_only_named_service_accounts_call_it_and_only_on_its_ports() -> None:
    spec = _policy().named("webhook-callers").inputs["spec"]
    assert spec["action"] == "ALLOW" and spec["selector"] == {"matchLabels": PODS}
    worker = "cluster.local/ns/automation/sa/worker"
    assert _may(spec, 5678, principal=worker) and _may(spec, 9000, principal=worker)
    assert not _may(spec, 22, principal=worker)
    assert not _may(spec, 5678, principal="cluster.local/ns/automation/sa/main")
    assert not _may(spec, 5678, principal="cluster.local/ns/tenant-b/sa/worker")


def test_who_has_no_certificate_is_let_in_on_its_port_alone_and_only_from_its_network() -> None:
    graph = _policy()
    spec = graph.named("webhook-callers").inputs["spec"]
    assert _may(spec, 5678, address_block="10.0.0.0/20")
    assert not _may(spec, 9000, address_block="10.0.0.0/20") and not _may(spec, 5678, address_block="10.0.16.0/20")
    peer = graph.named("webhook-outside").inputs
    assert peer["spec"]["mtls"] == {"mode": "STRICT"}
    assert peer["spec"]["portLevelMtls"] == {"5678": {"mode": "PERMISSIVE"}}
    assert peer["metadata"]["annotations"]["morefocus.com/mtls-exception"] == BALANCER.why


def test_without_such_callers_no_port_is_excepted_from_mutual_tls() -> None:
    graph = _policy(outside=())
    assert not graph.of_type("kubernetes:security.istio.io/v1:PeerAuthentication")


def test_a_service_that_nobody_of_the_mesh_calls_has_no_breaker_and_is_still_closed() -> None:
    graph = _policy(callers=(), limits=None)
    assert not graph.of_type("kubernetes:networking.istio.io/v1:DestinationRule")
    (rule,) = graph.named("webhook-callers").inputs["spec"]["rules"]
    assert rule["from"] == [{"source": {"ipBlocks": ["10.0.0.0/20"]}}]


def test_its_callers_stop_calling_when_it_fails_and_end_a_request_in_time() -> None:
    graph = _policy()
    rule = graph.named("webhook-breaker").inputs["spec"]
    assert rule["host"] == "webhook.automation.svc.cluster.local"
    assert rule["trafficPolicy"]["connectionPool"]["http"]["http1MaxPendingRequests"] == 10
    (route,) = graph.named("webhook-timeout").inputs["spec"]["http"]
    assert route["timeout"] == "15s"
    assert "5xx" not in route["retries"]["retryOn"], "what a pod has begun is not begun twice"
    assert graph.outputs_of(graph.named("webhook"))["host"] == rule["host"]


def test_its_objects_are_what_istio_defines() -> None:
    found = custom_resources(_policy())
    assert len(found) == 4
    assert findings(found) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"callers": (), "outside": ()}, "name one caller at least"),
        ({"limits": None}, "give limits where somebody of the mesh calls it"),
        ({"match": {}}, "give labels of its pods"),
        ({"ports": (9000,)}, r"outside names ports \[5678\]"),
    ],
)
def test_a_policy_that_protects_nothing_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _args(**changes)


def test_callers_that_nobody_can_tell_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="service account of their own"):
        Caller(namespace="automation", service_account="default")
    with pytest.raises(ValueError, match="not the whole internet"):
        Outside(cidrs=("0.0.0.0/0",), ports=(443,), why="anyone")
    with pytest.raises(ValueError, match="need ports and a reason"):
        Outside(cidrs=("10.0.0.0/20",), ports=(443,), why="")
