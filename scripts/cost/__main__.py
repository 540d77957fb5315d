"""`make cost`: what the estate costs a month; `make refresh-prices`: asks AWS's price list for the prices (CST-1 to CST-3, SCH-11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from config.load import Settings, load
from config.vocabulary import Environment
from sandbox.commands import preview
from sandbox.engine import stacks
from sandbox.engine.stack_files import stacks_with_files
from sandbox.paths import REPOSITORY, Home
from scripts.cost import graph, prices, usage
from scripts.cost.refresh import ENDPOINT_REGION, write
from scripts.cost.refresh import refresh as ask
from scripts.cost.report import Facts, Profile, StackGraph, report
from scripts.cost.tables import show

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def estimate(
    stack: Annotated[list[str] | None, typer.Option(help="that one only, such as eu-west-1; again for more")] = None,
    profile: Annotated[Profile, typer.Option(help="which estate: as the sources describe it, lean, or staging")] = Profile.DOCUMENTED,
    file: Annotated[
        list[str] | None, typer.Option("--graph", help="STACK=FILE: a state's export or a preview's JSON; again for more")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    project: Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")] = REPOSITORY,
) -> None:
    """Show the cost of every stack of the profile, from their states where they are up, else from previews."""
    given = dict(_pair(each) for each in file or ())
    home = Home(project.resolve())
    every = {name: load(name, root=home.project) for name in stacks_with_files(home.project)}
    wanted = stack or [name for name, settings in every.items() if _staging(settings) is (profile is Profile.STAGING)]
    if missing := [name for name in wanted if name not in every]:
        raise typer.BadParameter(f"there is no Pulumi.{missing[0]}.yaml; the stacks are {', '.join(every)}")
    graphs = [
        StackGraph(
            stack=name,
            region=every[name].plan.region.value,
            staging=_staging(every[name]),
            items=read(Path(given[name])) if name in given else _current(home, name),
        )
        for name in wanted
    ]
    production = frozenset(name for name, settings in every.items() if not _staging(settings))
    facts = Facts(book=prices.load(), usage=usage.load(), cost=every[wanted[0]].estate.facts.cost, production=production)
    found = report(graphs, facts, profile)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        show(found, Console())


@app.command()
def refresh(
    region: Annotated[list[str] | None, typer.Option(help="that table only, such as sa-east-1 or global; again for more")] = None,
) -> None:
    """Ask AWS's price list for every row it knows, and write the tables with today's date. Exit code 1 when the list cannot be asked."""
    client = boto3.client("pricing", region_name=ENDPOINT_REGION)
    tables = {name: table for name, table in prices.load().tables.items() if name != prices.THIRD_PARTY}
    try:
        for name in region or list(tables):
            if name not in tables:
                raise typer.BadParameter(f"there is no config/prices/{name}.yaml; the tables are {', '.join(tables)}")
            table, outcomes = ask(client, tables[name], datetime.now(UTC).date())
            write(table)
            for each in outcomes:
                if each.why or each.before != each.after:
                    typer.echo(f"{name} {each.key}: {each.before or 'unresolved'} -> {each.after or 'unresolved'} {each.why}".rstrip())
    except (BotoCoreError, ClientError) as error:
        typer.echo(f"the price list cannot be asked: {error}; give credentials that may call pricing:GetProducts", err=True)
        raise typer.Exit(1) from error


def read(path: Path) -> list[graph.Item]:
    """Return the resources of a file: a state's export, `pulumi preview --json`, or a preview's events, one a line."""
    text = path.read_text()
    try:
        document: Any = json.loads(text)
    except json.JSONDecodeError:
        return graph.of_preview(json.loads(line) for line in text.splitlines() if line.startswith("{"))
    return graph.of_preview(document) if isinstance(document, list) or "steps" in document else graph.of_state(document)


def _current(home: Home, stack: str) -> list[graph.Item]:
    state = stacks.state_path(home, stack)
    if state.exists() and (items := read(state)):
        return items
    if code := preview(home.project, stack, Console(stderr=True)):
        raise typer.Exit(code)
    return read(home.logs / f"{stack}-preview.jsonl")


def _staging(settings: Settings) -> bool:
    return settings.plan.environment is not Environment.PRODUCTION


def _pair(given: str) -> tuple[str, str]:
    stack, equals, path = given.partition("=")
    if not equals:
        raise typer.BadParameter(f"{given!r} is not STACK=FILE: write for example eu-west-1=state.json")
    return stack, path


if __name__ == "__main__":
    app()
