"""A tenant's file: what it may say, and how each mistake is told."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.errors import problems_of
from config.tenants import LONGEST_NAME, N8N_NEEDS, LicenceMode, Quota, Tenant, amount
from config.vocabulary import Environment, Tier

OWN: dict[str, Any] = {"name": "acme", "market": "US", "tier": "starter", "sold": False, "licence": {"mode": "internal-automation"}}
SOLD = {**OWN, "sold": True, "licence": {"mode": "embed", "reference": "contract-7"}}


def told(**more: Any) -> str:
    """Return the one mistake of a tenant's file, as its reader sees it."""
    with pytest.raises(ValidationError) as caught:
        Tenant.model_validate({**OWN, **more})
    (problem,) = problems_of(caught.value, Tenant, {}, "config/tenants/acme.yaml", "")
    return str(problem)


def test_a_tenant_has_the_quota_of_the_sources_unless_its_file_says_otherwise() -> None:
    assert Tenant.model_validate(OWN).quota.hard() == {
        "requests.cpu": "4",
        "requests.memory": "8Gi",
        "limits.cpu": "8",
        "limits.memory": "16Gi",
        "persistentvolumeclaims": "10",
        "services": "5",
    }
    assert Tenant.model_validate({**OWN, "quota": {"services": 9}}).quota.hard()["services"] == "9"


def test_names_of_what_a_tenant_has_follow_from_its_own() -> None:
    tenant = Tenant.model_validate({**OWN, "name": "acme-labs-2"})
    assert (tenant.namespace, tenant.schema_name, tenant.file) == (
        "tenant-acme-labs-2",
        "tenant_acme_labs_2",
        "config/tenants/acme-labs-2.yaml",
    )
    assert tenant.environment is Environment.PRODUCTION


@given(
    st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,3}", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,3}", fullmatch=True),
)
def test_two_tenants_never_share_a_schema_or_a_namespace(one: str, other: str) -> None:
    first, second = (Tenant.model_construct(**{**OWN, "name": name}) for name in (one, other))
    assert (first.schema_name == second.schema_name) == (one == other) == (first.namespace == second.namespace)
    assert len(first.schema_name) <= 63


@pytest.mark.parametrize("key, least", [(key, str(value)) for key, value in N8N_NEEDS.items()])
def test_a_quota_below_what_n8n_needs_is_refused(key: str, least: str) -> None:
    small: dict[str, Any] = {
        "requests_cpu": "500m",
        "requests_memory": "1Gi",
        "limits_cpu": "2",
        "limits_memory": "4Gi",
        "claims": 0,
        "services": 1,
    }
    said = told(
        quota={key: small[key]}
        | ({"requests_memory": "2Gi"} if key == "limits_memory" else {"requests_cpu": "1"} if key == "limits_cpu" else {})
    )
    assert f"quota.{key}" in said and least in said and "which n8n needs" in said and "licence.mode: refused" in said


def test_without_n8n_a_quota_may_be_as_small_as_one_likes() -> None:
    tiny = {"requests_cpu": "100m", "requests_memory": "64Mi", "limits_cpu": "200m", "limits_memory": "128Mi", "claims": 0, "services": 0}
    assert Tenant.model_validate({**OWN, "licence": {"mode": "refused"}, "quota": tiny}).quota.claims == 0


def test_what_is_requested_is_never_above_its_limit() -> None:
    assert "limits_memory" in told(quota={"requests_memory": "32Gi"})


def test_selling_n8n_needs_the_reference_of_a_licence() -> None:
    assert "n8n's licence forbids selling it" in told(sold=True)
    assert "name the licence" in told(sold=True, licence={"mode": "embed"})
    assert "name the licence" in told(licence={"mode": "refused", "reference": "contract-7"})
    assert Tenant.model_validate(SOLD).licence.mode is LicenceMode.EMBED


@pytest.mark.parametrize(
    "more, word",
    [
        ({"tier": "gold"}, "starter, professional, enterprise"),
        ({"market": "XX"}, "US, EU, BR, AR"),
        ({"market": "CA"}, "Canada's customers are of the market US"),
        ({"name": "a" * (LONGEST_NAME + 1)}, "30 letters at most"),
        ({"name": "Acme"}, "lower-case words"),
        ({"name": "platform"}, "choose another"),
        ({"colour": "blue"}, "no such key"),
        ({"own_nodes": True}, "enterprise only"),
        ({"network": "tenant-a"}, "enterprise only"),
        ({"quota": {"requests_cpu": "four"}}, "CPUs such as 4"),
    ],
)
def test_each_mistake_names_what_is_allowed(more: dict[str, Any], word: str) -> None:
    assert word in told(**more)


def test_enterprise_tenants_have_nodes_of_their_own_unless_they_say_otherwise() -> None:
    enterprise = {**OWN, "tier": "enterprise"}
    assert Tenant.model_validate(enterprise).has_own_nodes
    assert not Tenant.model_validate({**enterprise, "own_nodes": False}).has_own_nodes
    assert not any(Tenant.model_validate({**OWN, "tier": tier}).has_own_nodes for tier in (Tier.STARTER, Tier.PROFESSIONAL))


@pytest.mark.parametrize("quantity, value", [("4", 4), ("500m", Decimal("0.5")), ("8Gi", 8192), ("64Mi", 64), ("1.5", Decimal("1.5"))])
def test_quantities_are_read_as_kubernetes_reads_them(quantity: str, value: Decimal) -> None:
    assert amount(quantity) == value


def test_the_documented_quota_has_room_for_n8n() -> None:
    assert not Quota().short_of_n8n()
