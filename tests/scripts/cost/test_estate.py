"""The real estate, priced: nothing is left undecided, and the sources' sums come out as they should."""

import json
import time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.load import load
from scripts.cost import __main__ as command
from scripts.cost import prices, usage, variants
from scripts.cost.catalogue import FREE, PRICED, UNPRICED
from scripts.cost.estimate import change
from scripts.cost.graph import Item, of_recording
from scripts.cost.report import Facts, Profile, StackGraph, estimate, report
from tests.kit.composed import composed, shipped_graph

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")
pytestmark = pytest.mark.xdist_group("cost-estate")


@cache
def graphs(*stacks: str) -> tuple[StackGraph, ...]:
    return tuple(
        StackGraph(
            stack=stack,
            region=str(load(stack).plan.region.value),
            staging=stack == "staging",
            items=of_recording(shipped_graph(stack).resources),
        )
        for stack in stacks
    )


@cache
def facts() -> Facts:
    return Facts(book=prices.load(), usage=usage.load(), cost=load("us-east-1").estate.facts.cost, production=frozenset(PRODUCTION))


@cache
def documented() -> dict[str, Any]:
    return report(graphs(*PRODUCTION), facts(), Profile.DOCUMENTED)


def test_every_type_of_the_estate_is_priced_free_with_a_reason_or_unresolved() -> None:
    for stack in (*PRODUCTION, "staging"):
        found = estimate(graphs(stack), facts(), Profile.STAGING)
        assert not found.unknown, f"{stack}: decide in scripts/cost/catalogue.py"
    assert not facts().book.missing, "give each a row in config/prices, with `usd: null` until it is found"
    assert not {*PRICED} & {*FREE} | {*PRICED} & {*UNPRICED} | {*FREE} & {*UNPRICED}


def test_the_estate_has_what_the_source_asks_for_and_does_not_count() -> None:
    rows = {row["name"]: row for row in documented()["sources"]["rows"]}
    assert documented()["sources"]["documented"] == "3672"
    nodes = int(rows["t3.large"]["quantity"]) + int(rows["c5.xlarge"]["quantity"])
    # 3 primaries with standbys, 2 replicas each and 3 in other regions; 6 cache nodes and 2 of the queue a region.
    assert (nodes, rows["RDS db.r5.xlarge"]["quantity"], rows["ElastiCache"]["quantity"]) == (9, "15", "24")
    # D8: about 10,000 USD at the source's own unit prices.
    assert 9500 < Decimal(documented()["sources"]["at_source_prices"]) < 10500
    assert all(row["explains"] for row in rows.values())


def test_each_difference_is_of_quantity_of_price_or_of_what_is_unresolved_and_nothing_else() -> None:
    for row in documented()["sources"]["rows"]:
        parts = Decimal(row["of_quantity"]) + Decimal(row["of_price"]) + Decimal(row["of_unresolved"])
        assert row["unresolved"] or Decimal(row["of_unresolved"]) == 0, row["name"]
        assert abs(parts - (Decimal(row["estimate"]) - Decimal(row["documented_usd"]))) <= Decimal("0.01"), row["name"]


def test_every_sum_of_the_report_is_the_same_total() -> None:
    for name in ("by_group", "by_service", "by_region", "by_component", "by_tenant"):
        assert sum(map(Decimal, documented()[name].values())) == Decimal(documented()["usd"]), name
    covered = sum(Decimal(row["estimate"]) for row in documented()["sources"]["rows"])
    assert covered + Decimal(documented()["sources"]["left_out"]["usd"]) == Decimal(documented()["usd"])


def test_tenants_share_evenly_what_all_use_and_together_cost_everything() -> None:
    tenants = documented()["tenants"]
    own = {row["tenant"]: Decimal(row["own"]) for row in tenants}
    assert {"morefocus", "morefocus-europe", "morefocus-brazil"} == {*own}
    assert own == {name: Decimal(usd) for name, usd in documented()["by_tenant"].items() if name != "shared"}
    assert abs(sum(Decimal(row["with_share"]) for row in tenants) - Decimal(documented()["usd"])) <= Decimal("0.02")


def test_how_many_prices_were_found_and_when_the_oldest_was_read_is_told() -> None:
    told = documented()["prices"]
    assert told["asked"] - told["found"] == len(documented()["unresolved"]) > 0
    assert told["oldest"] <= "2026-11-22"


def test_years_cost_less_as_more_is_bought_ahead_and_growth_costs_more() -> None:
    years = [Decimal(year["usd"]) for year in documented()["years"]]
    assert years == sorted(years, reverse=True)
    assert years[0] == Decimal(documented()["usd"])
    growth = documented()["growth"]
    assert [point["month"] for point in growth] == list(range(1, 25))
    assert growth[0]["usd"] == documented()["usd"]
    assert [Decimal(point["usd"]) for point in growth] == sorted(Decimal(point["usd"]) for point in growth)


def test_lean_is_within_the_budget_as_far_as_prices_are_known_and_says_what_it_gives_up() -> None:
    lean = report(graphs(*PRODUCTION), facts(), Profile.LEAN)
    assert Decimal(lean["usd"]) < Decimal(3672) < Decimal(documented()["usd"])
    assert lean["budget"]["verdict"] == ("within" if lean["complete"] else "undecided")
    assert documented()["budget"]["verdict"] == "over"
    assert sum(int(group["usd"]) for group in lean["budget"]["groups"]) == 3672
    why = {row["name"]: (row["quantity"], row["explains"]) for row in lean["sources"]["rows"]}
    assert why["Datadog"] == ("0", "left out: Prometheus watches the nodes")
    assert why["GitLab"] == ("1", "as the source has it")
    assert len(lean["gives_up"]) == len(variants.LEAN)


def test_what_graviton_saves_is_told_only_where_both_prices_are_known() -> None:
    rows = {row["now"]: row for row in documented()["graviton"]["rows"]}
    assert Decimal(rows["t3.large"]["saves"]) == Decimal(rows["t3.large"]["usd"]) - Decimal(rows["t3.large"]["graviton_usd"]) > 0
    assert prices.load().price("ec2:c7g.xlarge", "sa-east-1").resolved or rows["c5.xlarge"]["saves"] is None


def test_an_estate_of_three_regions_is_reported_within_two_seconds() -> None:
    items: list[Item] = [item for graph in graphs(*PRODUCTION) for item in graph.items]
    assert len(items) > 2000
    begun = time.process_time()
    report(graphs(*PRODUCTION), facts(), Profile.DOCUMENTED)
    assert time.process_time() - begun < 2


def test_the_command_gives_the_same_from_a_state_as_json_and_as_tables(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    rows = [{"urn": each.urn, "type": each.type, "custom": True, "inputs": each.inputs} for each in graphs("staging")[0].items]
    path.write_text(json.dumps({"deployment": {"resources": rows}}, default=str))
    arguments = ["estimate", "--profile", "staging", "--graph", f"staging={path}"]
    printed = CliRunner().invoke(command.app, [*arguments, "--json"], catch_exceptions=False)
    found = json.loads(printed.stdout)
    assert Decimal(found["usd"]) == estimate(graphs("staging"), facts(), Profile.STAGING).total
    drawn = CliRunner().invoke(command.app, arguments, catch_exceptions=False)
    assert found["usd"] in drawn.stdout and f"{found['prices']['found']} of {found['prices']['asked']} found" in drawn.stdout
    assert "unresolved: " in drawn.stdout


def test_one_region_alone_is_not_measured_by_what_is_about_all() -> None:
    alone = report(graphs("sa-east-1"), facts(), Profile.DOCUMENTED)
    assert not {"budget", "sources", "growth"} & {*alone}
    assert "third-party" not in alone["by_region"]


def test_a_preview_costs_what_it_deploys_to() -> None:
    items = of_recording(composed(load("staging"), preview=True).resources)
    before = StackGraph(stack="staging", region="us-east-1", staging=True, items=items)
    found = change(estimate((before,), facts(), Profile.STAGING), estimate(graphs("staging"), facts(), Profile.STAGING))
    assert not found.differences
    assert not found.newly_unresolved


def test_a_stack_that_is_not_there_is_refused_with_those_that_are() -> None:
    refused = CliRunner().invoke(command.app, ["estimate", "--stack", "nowhere"])
    assert refused.exit_code == 2
    assert "us-east-1" in refused.output
