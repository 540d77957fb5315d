"""Draws the report of costs as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

_UNRESOLVED = "unresolved"


def show(report: Mapping[str, Any], console: Console) -> None:
    """Draw everything a report holds."""
    least = "" if report["complete"] else "at least "
    console.print(f"[bold]{report['profile']}[/bold]: {least}{report['usd']} USD a month for {', '.join(report['stacks'])}")
    if "sources" in report:
        budget = report["budget"]
        console.print(f"budget {budget['usd']}: {budget['verdict']} ({budget['difference']})")
        groups = [(row["group"], row["usd"], row["estimate"]) for row in budget["groups"]]
        _table("parts of the budget", ("", "budget", "estimate"), groups, console)
        _sources(report["sources"], console)
    else:
        console.print(
            "[dim]what others than AWS bill, the budget and the sources' tables are about all of production: leave --stack out[/dim]"
        )
    _sums("per service", report["by_service"], console)
    _sums("per region", report["by_region"], console)
    tenants = [(row["tenant"], row["own"], row["with_share"]) for row in report["tenants"]]
    _table("per tenant", ("", "its own", "with its share of what all use"), tenants, console)
    if "years" in report:
        _rest(report, console)
    _missing(report, console)


def _sources(sources: Mapping[str, Any], console: Console) -> None:
    rows = [
        (
            row["name"],
            f"{row['documented_quantity']} = {row['documented_usd']}",
            row["quantity"],
            row["at_source_price"],
            row["estimate"] + (f" + {row['unresolved']} {_UNRESOLVED}" if row["unresolved"] else ""),
            row["of_quantity"],
            row["of_price"],
            row["of_unresolved"],
            row["explains"],
        )
        for row in sources["rows"]
    ]
    title = "the source's table beside the estate; unit prices of the source are the owner's figures"
    columns = ("", "source", "estate has", "at its price", "estimate", "by number", "by price", "by what is unresolved", "because")
    _table(title, columns, rows, console)
    console.print(f"source {sources['documented']}; the estate at the source's unit prices {sources['at_source_prices']}")
    _sums(f"what the source leaves out: {sources['left_out']['usd']}", sources["left_out"]["largest"], console)


def _rest(report: Mapping[str, Any], console: Console) -> None:
    years = [(str(year["year"]), year["documented"], year["usd"], *year["hours"].values()) for year in report["years"]]
    _table(
        "years (hours of nodes, each paid for once)", ("year", "source", "USD", "reserved", "plans", "Spot", "on demand"), years, console
    )
    months = [(str(point["month"]), str(point["tenants"]), point["usd"], point["per_tenant"]) for point in report["growth"]]
    _table("growth", ("month", "tenants", "USD", "per tenant"), months, console)
    kinds = [
        (row["now"], row["usd"], row["graviton"], row["graviton_usd"], row["saves"] or _UNRESOLVED) for row in report["graviton"]["rows"]
    ]
    if kinds:
        _table("Graviton", ("type", "USD", "equivalent", "USD", "saves"), kinds, console)
    scheduling = report["scheduling"]
    sums = f"{scheduling['per_region']} a region, source {scheduling['documented']} with CDN and storage"
    title = f"scheduling: {sums}; {scheduling['unresolved']} lines {_UNRESOLVED}"
    _table(title, ("", "source", "all regions", "because"), [tuple(row.values()) for row in scheduling["rows"]], console)
    for each in report.get("gives_up", ()):
        console.print(f"lean: {each['what']} [dim]gives up: {each['gives_up']}[/dim]")


def _missing(report: Mapping[str, Any], console: Console) -> None:
    prices = report["prices"]
    console.print(f"prices: {prices['found']} of {prices['asked']} found, the oldest read on {prices['oldest']}")
    for row in report["unresolved"]:
        console.print(f"{_UNRESOLVED}: {row['price']} in {row['region']}")
    for type_, why in report["unpriced"].items():
        console.print(f"{_UNRESOLVED}: {type_}: {why}")
    for type_ in report["unknown"]:
        console.print(f"[red]nobody has decided what {type_} costs: add it to scripts/cost/catalogue.py[/red]")


def _sums(title: str, sums: Mapping[str, str], console: Console) -> None:
    _table(title, ("", "USD"), list(sums.items()), console)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], console: Console) -> None:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
