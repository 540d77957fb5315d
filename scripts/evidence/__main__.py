"""`make evidence`: what every framework gets to see of every stack, from the same verdicts (COM-1, COM-3)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from policies.evidence.verdicts import Verdicts
from sandbox.paths import REPOSITORY, Home
from scripts.evidence import ledger_commands, opened, sources
from scripts.evidence.files import write_all

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.callback()
def commands() -> None:
    """Evidence of what controls found."""


@app.command()
def write(
    stack: Annotated[list[str] | None, typer.Option(help="that one only, such as eu-west-1; again for more")] = None,
    file: Annotated[list[str] | None, typer.Option("--graph", help="STACK=FILE: a state's export; again for more")] = None,
    verdicts: Annotated[
        list[Path] | None, typer.Option(help="a file that packs wrote in a preview; again for those of other packs")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="the folder to write to; build/evidence without it")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="the day for which exceptions hold, such as 2026-06-30; the commit's without it")
    ] = None,
    *,
    project: Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")] = REPOSITORY,
) -> None:
    """Write <stack>/<framework>.{html,json,junit.xml,sarif,codequality.json}. Exit code 1 where a framework's gate is closed."""
    try:
        day = sources.day(as_of, project)
        judged = _judged(Home(project.resolve()), stack or [], file or [], verdicts or [], day)
        folder = out or project / "build" / "evidence"
        closed = [f"{each.stack}: {name}" for each in judged for name in write_all(each, folder / each.stack, project)]
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for each in judged:
        typer.echo(f"wrote {folder / each.stack}: {len(each.findings)} findings of {len(each.levels)} controls in its {each.layer}")
    for name in closed:
        typer.echo(f"the gate is closed for {name}", err=True)
    raise typer.Exit(1 if closed else 0)


ledger_commands.register(app)


def _judged(home: Home, wanted: list[str], graphs: list[str], written: list[Path], day: date) -> list[Verdicts]:
    given = dict(_pair(each) for each in graphs)
    if written:
        if given or wanted:
            raise ValueError("files of verdicts name their stack: give --verdicts without --stack and --graph")
        return sources.from_files(written)
    found = []
    for name in wanted or list(given) or opened.states(home):
        document = _read(Path(given[name])) if name in given else opened.export(home, name)
        found.append(sources.from_export(document, name, day))
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read ({error}): give what `pulumi stack export` writes") from error
    return document


def _pair(given: str) -> tuple[str, str]:
    stack, equals, path = given.partition("=")
    if not equals:
        raise ValueError(f"{given!r} is not STACK=FILE: write for example eu-west-1=state.json")
    return stack, path


if __name__ == "__main__":
    app()
