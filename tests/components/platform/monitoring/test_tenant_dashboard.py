"""A tenant's page: its own figures, and nobody else's."""

import re

import pytest

from components.platform.monitoring.tenant_dashboard import tenant_dashboard
from tests.components.platform.monitoring.known import exported, recorded
from tests.kit.promql import metrics_of

PAGE = tenant_dashboard("acme", "tenant-acme")


def test_every_query_names_only_metrics_that_exist() -> None:
    asked = {name for query in PAGE.queries for name in metrics_of(query)}
    assert asked and not asked - exported() - recorded()


def test_every_metric_of_every_query_is_held_to_the_tenant() -> None:
    for query in PAGE.queries:
        selectors = re.findall(r"[a-z_:0-9]+(\{[^}]*\})", query)
        assert len(selectors) == len(re.findall(r"\b(?:automation|business):[a-z_0-9:]+|kube_resourcequota", query)), query
        assert all('tenant="acme"' in each or 'namespace="tenant-acme"' in each for each in selectors), query


def test_pages_of_two_tenants_have_nothing_in_common() -> None:
    other = tenant_dashboard("zeta-labs", "tenant-zeta-labs")
    assert not set(PAGE.queries) & set(other.queries) and PAGE.uid != other.uid


def test_a_tenant_whose_name_grafana_would_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="uid must be"):
        tenant_dashboard("x" * 40, "tenant-x")
