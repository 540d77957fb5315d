"""`make review`: what the working tree changes of the sandbox's last state; in a pipeline `write` and `post` make the note."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from policies.verdict import Verdict
from sandbox.commands import preview as preview_in_sandbox
from sandbox.engine import stacks
from sandbox.engine.stack_files import stacks_with_files
from sandbox.paths import REPOSITORY, Home
from scripts.gitlab import GitLabError
from scripts.review import posting
from scripts.review.note import LIMIT
from scripts.review.posting import MergeRequest
from scripts.review.preview import SHOWN
from scripts.review.reading import PreviewError, completed, read
from scripts.review.report import Judge, Review, Source, review, signed
from scripts.review.writing import NOTE, PAGE, judge, read_state, tariff
from scripts.review.writing import write as write_files

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Into = Annotated[Path, typer.Option(help="the folder for note, page and widgets")]
Project = Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")]
Stores = Annotated[
    Path | None, typer.Option("--verdicts", help="the folder into which packs wrote <stack>.<pack>.json while they previewed")
]


@app.command()
def local(
    stack: Annotated[list[str] | None, typer.Option(help="that one only, such as eu-west-1; again for more")] = None,
    into: Into = REPOSITORY / "build" / "review",
    verdicts: Stores = None,
    project: Project = REPOSITORY,
) -> None:
    """Preview the working tree in the sandbox and write the review of it. Exit code 1 where a preview failed or packs refuse it."""
    home = Home(project.resolve())
    known = stacks_with_files(home.project)
    if missing := [name for name in stack or () if name not in known]:
        raise typer.BadParameter(f"there is no Pulumi.{missing[0]}.yaml; the stacks are {', '.join(known)}")
    began = datetime.now(UTC).timestamp()
    asked: list[str | None] = [*stack] if stack else [None]
    for name in asked:
        # What failed is told by the review as well.
        preview_in_sandbox(home.project, name, Console(stderr=True))
    logs = {name: home.logs / f"{name}-preview.jsonl" for name in stack or known}
    # Logs of earlier runs say nothing of this tree.
    fresh = {name: path for name, path in logs.items() if path.exists() and path.stat().st_mtime >= began - 1}
    if not fresh:
        raise _refused("no preview came to be: see above")
    states = {name: path for name in fresh if (path := stacks.state_path(home, name)).exists()}
    sources = _sources(fresh, states)
    absent = [name for name in logs if name not in fresh]
    judges = judge(datetime.now(UTC).date(), verdicts or home.verdicts / "preview", 0 if verdicts else began - 1)
    _write(home.project, sources, absent, judges, into, whole=f"`{into / PAGE}`")


@app.command()
def write(
    *,
    preview: Annotated[list[str], typer.Option(help="STACK=FILE: what `pulumi preview --json` printed; again for more")],
    state: Annotated[list[str] | None, typer.Option(help="STACK=FILE: what `pulumi stack export` printed before; again for more")] = None,
    into: Into = REPOSITORY / "build" / "review",
    verdicts: Stores = None,
    page: Annotated[str, typer.Option(help="address at which the page will be found")] = "",
    limit: Annotated[int, typer.Option(min=10_000, max=LIMIT, help="characters that the note may have")] = LIMIT,
    project: Project = REPOSITORY,
) -> None:
    """Write the review of previews that ran before. Exit code 1 where one of them failed or packs refuse it."""
    previews, states = dict(map(_pair, preview)), dict(map(_pair, state or ()))
    if unknown := [name for name in states if name not in previews]:
        raise typer.BadParameter(f"--state {unknown[0]}=... has no --preview {unknown[0]}=...")
    whole = f"[the page of this review]({page})" if page else f"`{PAGE}` among the job's artifacts"
    absent = [name for name in stacks_with_files(project) if name not in previews]
    judges = judge(datetime.now(UTC).date(), verdicts)
    _write(project.resolve(), _sources(previews, states), absent, judges, into, whole=whole, limit=limit)


@app.command()
def post(
    note: Annotated[Path, typer.Option(help="the note that `write` wrote")] = REPOSITORY / "build" / "review" / NOTE,
    api: Annotated[str, typer.Option(envvar="CI_API_V4_URL", help="address of GitLab's API")] = "",
    number: Annotated[str, typer.Option(envvar="CI_MERGE_REQUEST_IID", help="number of the merge request")] = "",
    target: Annotated[str, typer.Option(envvar="CI_PROJECT_ID", help="number or path of GitLab's project")] = "",
) -> None:
    """Make the note of the merge request, or bring it up to date. The token is read from GITLAB_REVIEW_TOKEN. Exit code 1 when refused."""
    if missing := [name for name, given in (("--api", api), ("--number", number), ("--target", target)) if not given]:
        raise typer.BadParameter(f"{', '.join(missing)} must be given; in a pipeline of a merge request GitLab sets all of them")
    try:
        body = note.read_text(encoding="utf-8")
    except OSError as error:
        raise _refused(f"{note} cannot be read ({type(error).__name__}): write it first with `python -m scripts.review write`") from None
    try:
        place = MergeRequest(api=api, project=target, number=number, token=os.environ.get(posting.WORDS.variable, ""))
        posted = posting.post(place, body)
    except GitLabError as error:
        raise _refused(str(error)) from None
    typer.echo(f"note {posted.note} {posted.what}")


def _sources(previews: Mapping[str, Path], states: Mapping[str, Path]) -> list[Source]:
    sources = []
    try:
        for name, path in previews.items():
            state = read_state(states[name]) if name in states else None
            sources.append(Source(preview=completed(read(path, name), state), state=state))
    except PreviewError as error:
        raise _refused(str(error)) from None
    return sources


def _write(project: Path, sources: list[Source], absent: list[str], judges: Judge, into: Path, *, whole: str, limit: int = LIMIT) -> None:
    try:
        prices = tariff(project, sources[0].preview.stack)
        found = review(sources, prices, judges, os.environ.get("CI_COMMIT_SHORT_SHA", ""), absent)
    except ValueError as error:
        raise _refused(str(error)) from None
    written = write_files(found, into, whole=whole, pipeline=os.environ.get("CI_PIPELINE_IID", ""), limit=limit)
    _tell(found, written)
    if not found.passed:
        raise typer.Exit(1)


def _tell(found: Review, written: Iterable[Path]) -> None:
    for stack in found.stacks:
        counts = stack.preview.counts
        cost = "cost unknown" if stack.cost is None else f"{signed(stack.cost.amount)} USD a month"
        said = "controls not judged" if stack.verdicts is None else f"{len(stack.verdicts.new)} new violations"
        opened = f", {stack.verdicts.counts[Verdict.UNDECIDED]} open" if stack.verdicts else ""
        typer.echo(f"{stack.stack}: {', '.join(f'{counts[each]} to {each}' for each in SHOWN)}; {cost}; {said}{opened}")
    for loss in found.losses:
        typer.echo(f"data at stake: {loss.stack} {loss.step.action} {loss.step.type} {loss.step.name}")
    typer.echo("\n".join(map(str, written)))


def _pair(given: str) -> tuple[str, Path]:
    stack, equals, path = given.partition("=")
    if not (stack and equals and path):
        raise typer.BadParameter(f"{given!r} is not STACK=FILE: write for example eu-west-1=preview.json")
    return stack, Path(path)


def _refused(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app()
