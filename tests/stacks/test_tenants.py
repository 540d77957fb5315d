"""Tenants of a stack: those of its markets, in the parts of the region that are theirs."""

from datetime import date
from typing import Any

import pytest

from config.account_limits import LIMITS
from config.load import load
from tests.kit.composed import composed, shipped_graph
from tests.kit.recorder import Graph
from tests.kit.tenants import a_tenant, with_tenants

TENANT = "morefocus:products:Tenant"


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Graph]:
    """The stack with one tenant, and the same when an enterprise tenant has come."""

    def composed_with(*tenants: dict[str, Any]) -> Graph:
        root = with_tenants(tmp_path_factory.mktemp("tenants"), *tenants)
        return composed(load("us-east-1", root=root, today=date(2026, 11, 22)))

    zeta = a_tenant("zeta")
    return composed_with(zeta), composed_with(zeta, a_tenant("acme2", tier="enterprise"))


def test_each_tenant_is_in_the_stack_of_its_market_and_in_no_other() -> None:
    assert [each.name for each in shipped_graph("us-east-1").of_type(TENANT)] == ["tenant-morefocus"]
    assert [each.name for each in shipped_graph("eu-west-1").of_type(TENANT)] == ["tenant-morefocus-europe"]
    assert not shipped_graph("staging").of_type(TENANT)


def test_a_tenant_reaches_its_shard_and_tier_and_the_migrations_know_it() -> None:
    graph = shipped_graph("us-east-1")
    told = graph.named("tenant-morefocus-facts").inputs["data"]
    assert told["PGDATABASE"] == "main-professional" and told["PGUSER"] == "tenant_morefocus"
    assert f"{told['PGDATABASE']} = host=" in graph.named("pgbouncer-files").inputs["data"]["pgbouncer.ini"]
    assert graph.named("migrations-main-tenants").inputs["data"]["tenants"] == "morefocus US professional 24\n"
    passwords = {each["secretKey"]: each["remoteRef"]["key"] for each in graph.named("migrations-main-passwords").inputs["spec"]["data"]}
    assert (
        passwords["tenant.morefocus"]
        == graph.one("aws:secretsmanager/secret:Secret", "tenant-morefocus-login").inputs["name"]
        == told["DATABASE_SECRET"]
    )


def test_an_enterprise_tenant_has_nodes_and_a_security_group_of_its_own(graphs: tuple[Graph, Graph]) -> None:
    graph = graphs[1]
    groups = [each.inputs for each in graph.of_type("aws:eks/nodeGroup:NodeGroup") if each.inputs["labels"]["node-pool"] == "tenant-acme2"]
    assert groups and all(each["taints"] == [{"effect": "NO_SCHEDULE", "key": "node-pool", "value": "tenant-acme2"}] for each in groups)
    assert [each.name for each in graph.of_type("morefocus:products:TenantFirewall")] == ["tenant-acme2-firewall"]
    assert graph.named("tenant-acme2-namespace").inputs["metadata"]["labels"]["morefocus.com/node-pool"] == "tenant-acme2"
    assert len(graph.of_type("morefocus:products:TenantPlacement")) == 1
    assert not graphs[0].of_type("morefocus:products:TenantPlacement")
    assert "morefocus.com/node-pool" not in graph.named("tenant-zeta-namespace").inputs["metadata"]["labels"]


def test_a_tenant_that_is_added_changes_nothing_of_another_and_nothing_that_the_poolers_are_told(graphs: tuple[Graph, Graph]) -> None:
    before, after = ({each.urn: each.inputs for each in graph.resources} for graph in graphs)
    # What is made up anew at each run, or told by name of its file's folder, differs between any two.
    changed = {urn.rpartition("::")[2] for urn in before if before[urn] != after.get(urn)}
    ours = {name for name in changed if name.startswith(("tenant-", "pgbouncer", "migrations"))}
    assert ours - {"tenant-zeta-login"} == {"migrations-main-job", "migrations-main-passwords", "migrations-main-tenants"}
    assert all("acme2" in urn or "tenant-placement" in urn for urn in after.keys() - before.keys())


def test_a_stacks_own_roles_and_buckets_are_no_more_than_the_limits_reckon_with() -> None:
    graph = shipped_graph("us-east-1")
    own = {limit.key: limit.own for limit in LIMITS}
    roles, buckets = graph.of_type("aws:iam/role:Role"), graph.of_type("aws:s3/bucket:Bucket")
    mine = len(graph.of_type(TENANT))
    assert len(roles) - mine <= own["role_quota"] and len(buckets) - mine <= own["bucket_quota"], (len(roles), len(buckets))
