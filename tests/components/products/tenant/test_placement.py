"""The rule that keeps a tenant's nodes to that tenant; a real API server follows it in tests/tenants."""

from components.products.tenant.placement import TenantPlacement, TenantPlacementArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


def _made() -> Graph:
    return record(lambda: TenantPlacement("tenant-placement", a_context(), TenantPlacementArgs()))


def test_the_rule_is_about_pods_of_tenants_and_lets_nothing_by_when_it_cannot_be_judged() -> None:
    spec = _made().named("tenant-placement-policy").inputs["spec"]
    assert spec["failurePolicy"] == "Fail"
    match = spec["matchConstraints"]
    assert match["namespaceSelector"]["matchExpressions"] == [{"key": "morefocus.com/tenant", "operator": "Exists"}]
    assert match["resourceRules"][0]["resources"] == ["pods"] and "CREATE" in match["resourceRules"][0]["operations"]


def test_the_rule_is_in_force_and_not_only_told() -> None:
    graph = _made()
    binding = graph.named("tenant-placement-binding").inputs["spec"]
    assert binding["validationActions"] == ["Deny"]
    assert binding["policyName"] == graph.named("tenant-placement-policy").inputs["metadata"]["name"]
