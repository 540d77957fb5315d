"""All tenants at once, and what a preview refuses; each mistake is found by loading files as a person wrote them."""

from datetime import date
from pathlib import Path

import pytest

from config import account_limits
from config.account_limits import Limit
from config.errors import ConfigError, Problem
from config.load import Settings, load
from tests.kit.plans import shipped, stack
from tests.kit.tenants import a_tenant, with_tenants

TODAY = date(2026, 11, 22)


def loaded(root: Path, name: str = "us-east-1") -> Settings:
    return load(name, root=root, today=TODAY)


def refused(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        loaded(root)
    return caught.value.problems


def test_a_tenant_stands_in_the_region_that_serves_its_market(tmp_path: Path) -> None:
    root = with_tenants(tmp_path, a_tenant("one"), a_tenant("two", market="EU"), a_tenant("three", market="AR"))
    assert [tenant.name for tenant in loaded(root).tenants] == ["one"]
    assert [tenant.name for tenant in loaded(root, "eu-west-1").tenants] == ["two"]
    assert [tenant.name for tenant in loaded(root, "sa-east-1").tenants] == ["three"]


def test_two_tenants_of_one_name_are_refused_naming_both_files(tmp_path: Path) -> None:
    (problem,) = refused(with_tenants(tmp_path, a_tenant("acme"), other=a_tenant("acme")))
    assert problem.file == "config/tenants/other.yaml" and "config/tenants/acme.yaml has it" in problem.allowed


def test_a_file_goes_by_the_name_of_its_tenant(tmp_path: Path) -> None:
    (problem,) = refused(with_tenants(tmp_path, other=a_tenant("acme")))
    assert "rename the file to config/tenants/acme.yaml" in problem.remedy


def test_a_tenant_in_a_market_of_another_region_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(with_tenants(tmp_path, a_tenant("acme", market="EU", region="us-east-1")))
    assert problem.key == "region" and problem.allowed.startswith("eu-west-1, which serves the market EU")


def test_a_market_that_nobody_serves_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:markets"] = ["BR"]
    (problem,) = refused(with_tenants(tmp_path, a_tenant("acme", market="AR"), documents=documents))
    assert problem.key == "market" and "BR, CA, EU, US" in problem.allowed


def test_a_shard_and_a_network_must_be_there(tmp_path: Path) -> None:
    found = refused(with_tenants(tmp_path, a_tenant("acme", shard="second", tier="enterprise", network="acme-net")))
    assert {(problem.key, problem.given) for problem in found} == {("shard", "second"), ("network", "acme-net")}


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = refused(with_tenants(tmp_path, a_tenant("acme", tier="gold"), a_tenant("zeta", market="XX")))
    assert {problem.file for problem in found} == {"config/tenants/acme.yaml", "config/tenants/zeta.yaml"}


@pytest.mark.parametrize("limit", account_limits.LIMITS, ids=lambda limit: limit.key)
def test_more_than_the_account_may_have_is_refused_and_before_that_a_preview_says_so(limit: Limit, tmp_path: Path) -> None:
    documents = shipped()
    documents["config/estate.yaml"]["tenancy"][limit.key] = limit.own * 4 + 2
    root = with_tenants(tmp_path, a_tenant("one"), a_tenant("two"), documents=documents)
    assert any(f"{limit.things}: ask for more in time" in notice.text for notice in loaded(root).notices)
    with_tenants(tmp_path, a_tenant("three"), documents=documents)
    (problem,) = refused(root)
    assert problem.key == f"tenancy.{limit.key}" and "request-service-quota-increase" in problem.remedy


def test_poolers_that_share_out_more_than_the_database_has_are_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:database"]["instance_class"] = "db.t3.micro"
    (problem,) = refused(with_tenants(tmp_path, documents=documents))
    assert problem.file == "Pulumi.sa-east-1.yaml" and "take a larger class" in problem.remedy


def test_a_class_whose_memory_is_not_known_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:database"]["instance_class"] = "db.z9.xlarge"
    (problem,) = refused(with_tenants(tmp_path, documents=documents))
    assert "config/connections.py" in problem.allowed


def test_the_shipped_tenants_are_our_own_and_one_in_each_region() -> None:
    found = {name: list(load(name).tenants) for name in ("us-east-1", "eu-west-1", "sa-east-1", "staging")}
    assert [len(tenants) for tenants in found.values()] == [1, 1, 1, 0]
    assert not any(tenant.sold for tenants in found.values() for tenant in tenants)
