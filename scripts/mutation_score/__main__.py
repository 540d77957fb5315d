"""`make mutation-score`: what controls catch and spare of all changes of the estate; with RULES=1 also which conditions nothing tries."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from policies.catalogue import catalogue
from policies.coverage import governed, of_a_cloud, uncovered

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(help=__doc__)
def main(
    control: Annotated[list[str] | None, typer.Option(help="that one only, such as NET-01; again for more")] = None,
    *,
    rules: Annotated[bool, typer.Option(help="turn round each condition of the controls as well; takes minutes")] = False,
) -> None:
    """Exit code 1 unless everything is caught and nothing right is minded; with `rules` unless no condition can be turned round unseen."""
    # As in tests: no registry is asked for digests here.
    os.environ.setdefault("MOREFOCUS_IMAGE_STANDINS", "sandbox.invalid")
    unknown = sorted(set(control or ()) - catalogue().keys())
    if unknown:
        typer.echo(f"there is no control {', '.join(unknown)}: allowed are {', '.join(catalogue())}", err=True)
        raise typer.Exit(2)
    # Loaded late: they compose whole stacks.
    from scripts.mutation_score.rules import survivors
    from scripts.mutation_score.score import perfect, score, summary, table
    from tests.kit.mutations import everything

    chosen = [each for each in everything() if not control or each.control.id in control]
    scores = [score(each) for each in chosen]
    typer.echo("\n".join(table(scores)))
    whole = perfect(scores)
    if rules:
        conditions = seen = 0
        for each in chosen:
            number, left = survivors(each)
            conditions, seen = conditions + number, seen + number - len(left)
            for one in left:
                typer.echo(f"{each.control.id} {each.module.__file__}:{one.line} unseen: {one.what}")
        typer.echo(f"conditions {conditions}, seen when turned round {seen} ({100 * seen // max(conditions, 1)} %)")
        whole = whole and seen == conditions
    if not control:
        typer.echo(_coverage())
    typer.echo(summary(scores))
    raise typer.Exit(0 if whole else 1)


def _coverage() -> str:
    from tests.kit.policies import STACKS, shipped

    estate = of_a_cloud(resource.type for stack in STACKS for resource in shipped(stack).resources)
    listed = uncovered()
    judged = estate & governed(catalogue().values(), listed).keys()
    return f"types {len(estate)}, judged {len(judged)} ({100 * len(judged) // len(estate)} %), listed with a reason {len(listed.types)}"


if __name__ == "__main__":
    sys.exit(app())
