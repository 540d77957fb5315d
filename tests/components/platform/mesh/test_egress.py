import pytest

from components.platform.mesh.egress import Destination, MeshEgress, MeshEgressArgs
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record

STRIPE = Destination(hosts=("api.stripe.com",))
DATABASE = Destination(hosts=("database.morefocus.internal",), port=5432, protocol="TCP", cidrs=("10.0.96.0/21",))
WEB = Destination(hosts=("*.amazonaws.com",))


def _egress(args: MeshEgressArgs) -> Graph:
    return record(lambda: MeshEgress("ways-out", a_context(), args))


def test_named_destinations_are_reached_by_their_own_namespace_alone() -> None:
    graph = _egress(MeshEgressArgs(namespace="automation", destinations={"stripe": STRIPE, "database": DATABASE, "aws": WEB}))
    stripe = graph.named("ways-out-stripe").inputs["spec"]
    assert (stripe["hosts"], stripe["resolution"], stripe["exportTo"]) == (["api.stripe.com"], "DNS", ["."])
    assert stripe["ports"] == [{"number": 443, "name": "tls-443", "protocol": "TLS"}]
    database = graph.named("ways-out-database").inputs["spec"]
    assert (database["addresses"], database["resolution"]) == (["10.0.96.0/21"], "NONE")
    assert graph.named("ways-out-aws").inputs["spec"]["resolution"] == "NONE"
    assert not graph.of_type("kubernetes:networking.istio.io/v1:Sidecar")


def test_a_namespace_that_reaches_anything_says_why() -> None:
    graph = _egress(MeshEgressArgs(namespace="automation", destinations={}, anything="workflows call what their authors name"))
    made = graph.named("ways-out-anything").inputs
    assert made["spec"]["outboundTrafficPolicy"] == {"mode": "ALLOW_ANY"}
    assert made["metadata"]["annotations"]["morefocus.com/egress-exception"] == "workflows call what their authors name"
    assert made["metadata"]["namespace"] == "automation"


def test_its_objects_are_what_istio_defines() -> None:
    named = custom_resources(_egress(MeshEgressArgs(namespace="automation", destinations={"stripe": STRIPE, "database": DATABASE})))
    anything = custom_resources(_egress(MeshEgressArgs(namespace="automation", destinations={}, anything="workflows call anything")))
    assert (len(named), len(anything)) == (2, 1)
    assert findings([*named, *anything]) == []


def test_destinations_without_a_name_and_exceptions_without_a_reason_are_refused() -> None:
    with pytest.raises(ValueError, match="one host at least"):
        Destination(hosts=())
    with pytest.raises(ValueError, match="a wildcard needs TLS"):
        Destination(hosts=("*.example.org",), protocol="TCP")
    with pytest.raises(ValueError, match="or a reason"):
        MeshEgressArgs(namespace="automation", destinations={}, anything="")
    with pytest.raises(ValueError, match="or a reason"):
        MeshEgressArgs(namespace="automation", destinations={"stripe": STRIPE}, anything="workflows call anything")
