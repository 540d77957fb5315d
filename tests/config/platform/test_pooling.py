"""How connections are shared out, and on which database a tenant's schema stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.platform.pooling import PoolingPlan
from config.vocabulary import Tier

TIERS = {"starter": 2, "professional": 5, "enterprise": 10}
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True)


def a_plan(**more: Any) -> PoolingPlan:
    return PoolingPlan.model_validate({"replicas": 3, "clients": 2000, "n8n": 40, "tiers": TIERS, "shards": {"main": {}}, **more})


@given(st.lists(NAMES, unique=True, min_size=1, max_size=40), NAMES)
def test_a_tenant_that_is_added_moves_no_other(tenants: list[str], added: str) -> None:
    plan = a_plan(shards={name: {} for name in ("a", "b", "c")})
    before = {tenant: plan.shard_of(tenant) for tenant in tenants}
    assert {tenant: plan.shard_of(tenant) for tenant in [added, *tenants] if tenant in before} == before


def test_many_tenants_are_spread_evenly_over_the_open_shards() -> None:
    plan = a_plan(shards={"a": {}, "b": {}, "c": {}, "full": {"open": False}})
    counted = {name: sum(plan.shard_of(f"tenant-{number}") == name for number in range(900)) for name in plan.shards}
    assert counted["full"] == 0 and all(250 <= counted[name] <= 350 for name in "abc")


@given(st.integers(400, 5000), st.integers(1, 6))
def test_all_poolers_together_never_pass_what_the_server_lets_in(most: int, replicas: int) -> None:
    plan = a_plan(replicas=replicas)
    assert replicas * (sum(plan.shares(most).values()) + plan.n8n) <= most


def test_tiers_share_in_the_proportion_of_their_tenants_own_connections() -> None:
    shares = a_plan(replicas=1, n8n=100).shares(1800)
    assert shares == {Tier.STARTER: 200, Tier.PROFESSIONAL: 500, Tier.ENTERPRISE: 1000}


@pytest.mark.parametrize(
    "more, word",
    [
        ({"tiers": {"starter": 2, "professional": 5}}, "at least 1 for each tier"),
        ({"shards": {"n8n": {}}}, "a name other than n8n"),
        ({"shards": {"main": {"open": False}}}, "one open shard at least"),
        ({"shards": {"Main": {}}}, "pattern"),
        ({"shards": {}}, "at least 1"),
    ],
)
def test_what_cannot_be_is_refused(more: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        a_plan(**more)
