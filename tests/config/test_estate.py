"""Stacks that contradict each other or the transfer register are refused together."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError, Problem
from config.estate import in_order
from config.load import load
from tests.kit.plans import STACKS, Documents, shipped, stack, with_a_fourth_region, write

TODAY = date(2026, 11, 22)


def problems(documents: Documents, root: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load("us-east-1", root=write(documents, root), today=TODAY)
    return caught.value.problems


def only(documents: Documents, root: Path) -> Problem:
    (problem,) = problems(documents, root)
    return problem


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.0.128.0/20"])
def test_networks_of_two_stacks_must_not_overlap_and_the_later_one_is_to_change(cidr: str, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:network"]["cidr"] = cidr
    problem = only(documents, tmp_path)
    assert (problem.file, problem.key, problem.given) == ("Pulumi.eu-west-1.yaml", "morefocus:network.cidr", cidr)
    assert "us-east-1 has 10.0.0.0/16" in problem.allowed


def test_staging_counts_in_the_comparison_of_networks(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["morefocus:network"]["cidr"] = "10.2.0.0/16"
    assert only(documents, tmp_path).file == "Pulumi.staging.yaml"


def test_two_hubs_are_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:hub"] = True
    problem = only(documents, tmp_path)
    assert "eu-west-1 and us-east-1" in problem.given and problem.allowed == "exactly one hub"


def test_no_hub_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:hub"] = False
    problem = only(documents, tmp_path)
    assert (problem.file, problem.key) == ("Pulumi.us-east-1.yaml", "morefocus:hub")


@pytest.mark.parametrize("name", ["eu-west-1", "staging"])
def test_the_hub_stands_in_production_in_us_east_1(name: str, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:hub"] = False
    stack(documents, name)["morefocus:hub"] = True
    assert only(documents, tmp_path).file == f"Pulumi.{name}.yaml"


def test_an_asn_belongs_to_one_stack(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["morefocus:network"]["asn"] = 64513
    problem = only(documents, tmp_path)
    assert problem.key == "morefocus:network.asn" and "eu-west-1 has this one" in problem.allowed


def test_a_market_is_served_by_one_production_region(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:markets"] = ["BR", "EU"]
    assert only(documents, tmp_path).key == "morefocus:markets"


def test_a_production_stack_is_named_after_its_region(tmp_path: Path) -> None:
    documents = shipped()
    moved = stack(documents, "eu-west-1")
    moved["aws:region"] = "eu-central-1"
    moved["morefocus:network"]["zones"] = ["eu-central-1a", "eu-central-1b"]
    moved["morefocus:copies"] = []
    assert any(problem.key == "aws:region" and problem.given == "eu-central-1" for problem in problems(documents, tmp_path))


def test_the_pools_of_production_stay_within_the_estates_range(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "us-east-1")["morefocus:cluster"]["standard"]["max"] = 13
    stack(documents, "eu-west-1")["morefocus:cluster"]["standard"]["min"] = 1
    assert [(problem.key, problem.given.split(",")[0]) for problem in problems(documents, tmp_path)] == [
        ("instances.max", "51"),
        ("instances.min", "5"),
    ]


def test_staging_does_not_count_towards_the_estates_range(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["morefocus:cluster"]["standard"]["max"] = 40
    assert load("staging", root=write(documents, tmp_path), today=TODAY).plan.cluster.standard.max == 40


def test_european_personal_data_reaches_the_united_states_only_with_a_row(tmp_path: Path) -> None:
    documents = shipped()
    copies = stack(documents, "eu-west-1")["morefocus:copies"]
    copies.append("us-east-1")
    problem = only(documents, tmp_path)
    assert "data: personal, from: eu-west-1, to: us-east-1" in problem.allowed and problem.file == "config/transfers.yaml"
    row: dict[str, Any] = {"data": "personal", "from": "eu-west-1", "to": "us-east-1", "mechanism": "dpf", "document": "DPF-1"}
    documents["config/transfers.yaml"]["transfers"].append(row)
    assert load("eu-west-1", root=write(documents, tmp_path), today=TODAY).plan.copies == tuple(copies)


def test_a_region_without_a_ground_for_its_operational_data_is_refused(tmp_path: Path) -> None:
    documents = shipped()
    rows = documents["config/transfers.yaml"]["transfers"]
    documents["config/transfers.yaml"]["transfers"] = [row for row in rows if row["data"] != "operational" or row["from"] != "sa-east-1"]
    assert [problem.given for problem in problems(documents, tmp_path)] == [
        "no row for operational data from sa-east-1 to eu-west-1",
        "no row for operational data from sa-east-1 to us-east-1",
    ]


def test_a_ground_that_has_run_out_stops_the_copy(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/transfers.yaml"]["transfers"][0]["expires"] = date(2026, 11, 21)
    assert "expired on 2026-11-21" in only(documents, tmp_path).given


def test_the_shipped_estate_has_the_documented_networks_and_capacity() -> None:
    estate = load("us-east-1", today=TODAY).estate
    assert {name: str(plan.network.cidr) for name, plan in estate.plans.items()} == {
        "us-east-1": "10.0.0.0/16",
        "eu-west-1": "10.1.0.0/16",
        "sa-east-1": "10.2.0.0/16",
        "staging": "10.3.0.0/16",
    }
    production = [plan for name, plan in estate.plans.items() if name != "staging"]
    assert sum(plan.cluster.standard.desired for plan in production) == 6
    assert sum(plan.cluster.intensive.desired for plan in production) == 3
    assert sum(plan.cluster.standard.max + plan.cluster.intensive.max for plan in production) == 50
    assert estate.hub_stack == "us-east-1"


def test_support_that_ends_soon_is_noted_for_the_stack_that_is_concerned() -> None:
    notices = load("us-east-1", today=date(2027, 3, 1)).notices
    assert any(each.urgent and each.text.startswith("EKS 1.35: standard support ends in 26 days") for each in notices)


def test_what_exists_once_in_an_account_and_region_is_not_made_twice_by_staging() -> None:
    estate = load("us-east-1", today=TODAY).estate
    assert [name for name in estate.plans if estate.owns_account(name)] == ["us-east-1"]
    assert [name for name in estate.plans if estate.owns_region(name)] == ["eu-west-1", "sa-east-1", "us-east-1"]


def test_staging_in_an_account_of_its_own_makes_its_own_account_settings(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["aws:allowedAccountIds"] = ["210987654321"]
    estate = load("staging", root=write(documents, tmp_path), today=TODAY).estate
    assert estate.owns_account("staging") and estate.owns_region("staging")


def test_regions_come_up_hub_first_then_as_they_were_added(tmp_path: Path) -> None:
    estate = load("us-east-1", root=write(with_a_fourth_region(), tmp_path), today=TODAY).estate
    assert in_order(estate.plans) == ["us-east-1", "eu-west-1", "sa-east-1", "ap-southeast-2", "staging"]
    assert estate.peers("eu-west-1") == ["us-east-1", "sa-east-1", "ap-southeast-2"]
    assert [estate.earlier_peers(stack) for stack in ("us-east-1", "eu-west-1", "sa-east-1")] == [
        [],
        ["us-east-1"],
        ["us-east-1", "eu-west-1"],
    ]


def test_staging_is_joined_to_nothing() -> None:
    estate = load("staging", today=TODAY).estate
    assert estate.peers("staging") == estate.earlier_peers("staging") == []
    assert all("staging" not in estate.peers(stack) for stack in STACKS)


def test_a_route_between_two_regions_needs_a_row_in_the_register(tmp_path: Path) -> None:
    documents = shipped()
    rows = documents["config/transfers.yaml"]["transfers"]
    rows.remove({"data": "operational", "from": "eu-west-1", "to": "sa-east-1", "mechanism": "no-personal-data"})
    problem = only(documents, tmp_path)
    assert problem.given == "no row for operational data from eu-west-1 to sa-east-1"
    assert "{data: operational, from: eu-west-1, to: sa-east-1, mechanism: no-personal-data}" in problem.remedy


@pytest.mark.parametrize(
    ("connectivity", "clash"),
    [
        ({"enterprise_networks": [{"name": "tenant-a", "cidr": "10.0.16.0/20"}]}, "us-east-1 has 10.0.0.0/16"),
        (
            {"enterprise_networks": [{"name": "tenant-a", "cidr": "10.128.0.0/20"}, {"name": "tenant-b", "cidr": "10.128.0.0/16"}]},
            "tenant-a",
        ),
        ({"vpn": [{"name": "office", "address": "8.8.4.4", "networks": ["10.3.7.0/24"]}]}, "staging has 10.3.0.0/16"),
    ],
)
def test_offices_and_tenants_have_networks_of_their_own(connectivity: dict[str, Any], clash: str, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:connectivity"] = connectivity
    problem = only(documents, tmp_path)
    assert problem.file == "Pulumi.eu-west-1.yaml" and problem.key.startswith("morefocus:connectivity.")
    assert clash in problem.allowed


def test_a_stand_in_is_a_region_that_is_there_before(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:connectivity"] = {"failover_to": "sa-east-1"}
    problem = only(documents, tmp_path)
    assert (problem.file, problem.key) == ("Pulumi.eu-west-1.yaml", "morefocus:connectivity.failover_to")
    assert problem.allowed == "us-east-1, up before it, or eu-west-1 for none"


def test_a_preview_says_that_no_office_is_joined_until_one_is(tmp_path: Path) -> None:
    documents = shipped()
    assert any("no office is joined by VPN" in each.text for each in load("eu-west-1", today=TODAY).notices)
    office = {"name": "office", "address": "8.8.4.4", "networks": ["192.168.10.0/24"]}
    stack(documents, "eu-west-1")["morefocus:connectivity"] = {"vpn": [office]}
    notices = load("eu-west-1", root=write(documents, tmp_path), today=TODAY).notices
    assert not any("no office is joined" in each.text for each in notices)
