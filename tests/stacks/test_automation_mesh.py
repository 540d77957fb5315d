"""n8n in the mesh, as its stack builds it."""

from functools import cache
from typing import Any

import pytest

from components.products.automation.facts import Role
from config.load import load
from stacks.automation_mesh import build_automation_mesh
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.platform import cluster_site
from stacks.pooling import NAMESPACE as POOLING
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record
from tests.kit.sites import exports

STACK = "eu-west-1"


@cache
def _made() -> Graph:
    def program() -> Any:
        settings = load(STACK)
        context = context_of(settings)
        site = cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0")
        build_automation_mesh(site, "pgbouncer.pooling.svc.cluster.local")

    return record(program, stack=STACK)


PUBLIC, PRIVATE = "10.1.128.0/20", "10.1.0.0/17"


@pytest.mark.parametrize(("role", "blocks"), [(Role.WEBHOOK, [PUBLIC, PRIVATE]), (Role.MAIN, [PRIVATE]), (Role.WORKER, [PRIVATE])])
def test_the_load_balancer_calls_webhook_processors_alone_and_prometheus_each_on_its_one_port(role: Role, blocks: list[str]) -> None:
    spec = _made().named(f"automation-{role.value}-policy-callers").inputs["spec"]
    assert [rule["from"] for rule in spec["rules"]] == [[{"source": {"ipBlocks": [block]}}] for block in blocks]
    assert all(rule["to"] == [{"operation": {"ports": [str(role.port)]}}] for rule in spec["rules"])
    assert spec["selector"]["matchLabels"] == dict(role.match)


def test_n8n_stops_calling_a_database_that_does_not_answer() -> None:
    graph = _made()
    plan = load(STACK).plan.platform
    spec = graph.named("automation-database-breaker").inputs["spec"]
    assert spec["trafficPolicy"]["connectionPool"]["tcp"]["maxConnections"] > plan.automation.pool_size
    # Without it the proxies would not know the service, and the breaker would break nothing.
    assert f"{POOLING}/*" in graph.named("automation-egress-anything").inputs["spec"]["egress"][0]["hosts"]


def test_its_objects_are_what_istio_defines() -> None:
    found = custom_resources(_made())
    assert len(found) == 8
    assert findings(found) == []
