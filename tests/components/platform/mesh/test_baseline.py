import pytest

from components.platform.mesh.baseline import MeshBaseline, MeshBaselineArgs
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record


def _baseline() -> Graph:
    args = MeshBaselineArgs(root_namespace="istio-system", shared_namespaces=("monitoring",))
    return record(lambda: MeshBaseline("mesh", a_context(), args))


def test_mutual_tls_is_strict_in_the_whole_mesh() -> None:
    made = _baseline().named("mesh-strict").inputs
    assert made["spec"] == {"mtls": {"mode": "STRICT"}}
    assert (made["metadata"]["namespace"], made["metadata"]["name"]) == ("istio-system", "default")


def test_nobody_may_call_anything_that_nobody_allowed() -> None:
    spec = _baseline().named("mesh-deny").inputs["spec"]
    assert spec["action"] == "ALLOW"
    assert "rules" not in spec and "selector" not in spec


def test_a_proxy_knows_its_own_namespace_and_the_shared_ones_and_reaches_nothing_else() -> None:
    spec = _baseline().named("mesh-scope").inputs["spec"]
    assert spec["egress"] == [{"hosts": ["./*", "monitoring/*"]}]
    assert spec["outboundTrafficPolicy"] == {"mode": "REGISTRY_ONLY"}


def test_its_objects_are_what_istio_defines() -> None:
    found = custom_resources(_baseline())
    assert len(found) == 4
    assert findings(found) == []


def test_a_share_of_traced_requests_above_all_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        MeshBaselineArgs(root_namespace="istio-system", traced_percent=101)
