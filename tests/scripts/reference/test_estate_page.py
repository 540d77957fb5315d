"""The page tells each stack's sizes and counts all of its resources."""

from pathlib import Path

import pytest

from config.load import load
from scripts.reference import estate_page
from scripts.reference.estate.read import read_stack
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import shipped, stack, write
from tests.scripts.reference.shipped import NAMES, shipped_stack, shipped_stacks

PAGE = estate_page.render(shipped_stacks(), {name: shipped_graph(name) for name in NAMES})


def rows(page: str, heading: str) -> list[list[str]]:
    text = page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    return [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("name", NAMES)
def test_each_stack_has_a_column_with_its_sizes(name: str) -> None:
    head, *told = rows(PAGE, "Where stacks differ")
    column = {row[0]: row[head.index(name)] for row in told}
    plan = load(name).plan
    assert column["VPC"] == str(plan.network.cidr)
    assert plan.database.instance_class in column["database"] and plan.cache.node_type in column["cache"]
    assert all(subnet.cidr in column[f"{subnet.tier} subnets"] for subnet in shipped_stack(name).vpc.subnets)


def test_what_all_stacks_have_is_told_once() -> None:
    alike = dict(rows(PAGE, "What all stacks have")[1:])
    assert alike["gateway endpoints"] == "dynamodb, s3"
    assert not set(alike) & {row[0] for row in rows(PAGE, "Where stacks differ")[1:]}


@pytest.mark.parametrize("name", NAMES)
def test_counts_by_type_add_up_to_all_resources(name: str) -> None:
    table = [row for row in rows(PAGE, "Resources") if "`aws:" in row[0]]
    column = 1 + NAMES.index(name)
    assert sum(int(row[column] or 0) for row in table) == shipped_stack(name).resources


def test_a_component_is_counted_with_all_below_it() -> None:
    network = next(row for row in rows(PAGE, "Resources") if row[0] == "**network** `morefocus:network:Network`")
    inside = [each for each in shipped_graph("eu-west-1").resources if each.type.startswith("aws:") and each.name.startswith("network-")]
    assert network[2] == f"**{len(inside)}**"


def test_references_and_outputs_are_listed() -> None:
    between = {(row[0], row[1]): row[2].split(", ") for row in rows(PAGE, "Between stacks")[1:]}
    assert between["staging", "us-east-1"] == ["`hub_zone_id`"]
    assert {"`database_arn`", "`transit_gateway_id`"} <= set(between["sa-east-1", "eu-west-1"])
    outputs = {row[0].strip("`"): row[1:] for row in rows(PAGE, "Outputs")[1:]}
    assert outputs["hub_zone_id"] == ["yes", "", "", ""] and outputs["vpc_id"] == ["yes"] * 4
    assert set(outputs) == {each for name in NAMES for each in shipped_graph(name).stack_outputs}


def test_a_changed_config_changes_the_page(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["morefocus:database"]["replicas"] = 2
    graph = composed(load("staging", root=write(documents, tmp_path)))
    page = estate_page.render([read_stack("staging", graph)], {"staging": graph})
    assert "database-replica-b" in page
    assert any("aws:rds/instance:Instance" in row[0] and row[1] == "3" for row in rows(page, "Resources"))


def test_no_secret_of_a_run_is_on_the_page() -> None:
    secrets = {each.inputs["password"] for name in NAMES for each in shipped_graph(name).resources if each.inputs.get("password")}
    assert secrets and not [secret for secret in secrets if secret in PAGE]
