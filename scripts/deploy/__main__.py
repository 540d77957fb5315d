"""`python -m scripts.deploy plan|up|bake|order|drift|issue`: how a change reaches AWS, from a pipeline or a laptop (DEL-1)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer

from config.errors import ConfigError
from config.estate import Estate
from config.load import ROOT, Settings, load
from scripts.deploy import drift as drifts
from scripts.deploy import engine, issue, receipt, state
from scripts.deploy import order as orders
from scripts.deploy.access import AccessError, Duty, credentials
from scripts.deploy.bake import AlarmError, Bake, watched
from scripts.gitlab import GitLabError, Rest

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
BUILD = Path("build")
_TOLD = (
    AccessError,
    AlarmError,
    ConfigError,
    GitLabError,
    drifts.FindingsError,
    engine.EngineFailedError,
    orders.OrderError,
    receipt.ReceiptError,
    state.BackendError,
)

Stack = Annotated[str, typer.Option(help="stack, such as eu-west-1")]
Folder = Annotated[Path, typer.Option(help="where plans, receipts and events lie")]


@app.command()
def plan(stack: Stack, folder: Folder = BUILD / "plans") -> None:
    """Preview with every control, and keep plan, receipt, events and verdicts in the folder, as <stack>.json and so on."""
    with _as(stack, Duty.READ) as (settings, variables):
        file = folder / f"{stack}.json"
        folder.mkdir(parents=True, exist_ok=True)
        ran = engine.run(
            engine.preview_arguments(stack, file.resolve()),
            project=ROOT,
            variables=variables | {engine.VERDICTS: str(folder.resolve() / "verdicts")},
            say=typer.echo,
            record=folder / f"{stack}.jsonl",
        )
        made = receipt.issue(file, stack=settings.stack, commit=commit(), changes=ran.changes, now=datetime.now(UTC))
    exports = ", ".join(made.exports) or "none"
    typer.echo(f"{stack}: {_counted(made.changes)}; exports that change: {exports}; plan {file}, SHA-256 {made.sha256}")


@app.command()
def up(stack: Stack, folder: Folder = BUILD / "plans") -> None:
    """Apply the plan of a stack: only what it holds, only at the commit it was made of."""
    with _as(stack, Duty.DEPLOY) as (_, variables):
        file = folder / f"{stack}.json"
        receipt.check(file, stack=stack, commit=commit(), now=datetime.now(UTC))
        receipt.applied(file, datetime.now(UTC))
        try:
            ran = engine.run(engine.up_arguments(stack, file.resolve()), project=ROOT, variables=variables, say=typer.echo)
        except engine.PlanOutdatedError as error:
            raise engine.PlanOutdatedError(f"{error}. Make a new one with `make plan STACK={stack}`, and let it be approved") from None
    typer.echo(f"{stack}: {_counted(ran.changes)}")


@app.command()
def bake(
    stack: Stack,
    minutes: Annotated[float, typer.Option(min=0, help="how long to watch the alarms")] = 30,
    folder: Folder = BUILD / "plans",
) -> None:
    """Watch a stack's alarms after its deployment; the first that goes off fails at once, those that rang before do not count."""
    with _as(stack, Duty.READ) as (settings, variables):
        session = _session(variables)
        places = [(session.client("cloudwatch", region_name=region.value), beginning) for region, beginning in watched(settings).items()]
        Bake(places=places, say=typer.echo).run(timedelta(minutes=minutes), receipt.applied_at(folder / f"{stack}.json"))


@app.command()
def order(
    rollout: Annotated[orders.Rollout, typer.Option(help="which stack of production goes first")] = orders.Rollout.REGIONS,
    folder: Folder = BUILD / "plans",
) -> None:
    """Fail when, in this order, a stack would be changed before an export that it reads."""
    with _told():
        estate = _estate()
        stacks = orders.order(estate, rollout)
        orders.check(estate, rollout, [receipt.read(folder / f"{stack}.json") for stack in stacks])
        typer.echo(f"in this order: {', '.join(stacks)}")


@app.command()
def drift(stack: Stack, folder: Folder = BUILD / "drift") -> None:
    """Compare a stack's state with what is running, and keep what differs as <folder>/<stack>.json; changes neither."""
    with _as(stack, Duty.READ) as (_, variables):
        ran = engine.run(engine.drift_arguments(stack), project=ROOT, variables=variables, say=typer.echo)
        found = drifts.findings(stack, commit(), ran.ended, datetime.now(UTC))
        typer.echo(f"{stack}: {len(found.drifted)} resources differ: {drifts.write(found, folder)}")


@app.command("issue")
def keep_issue(folder: Folder = BUILD / "drift") -> None:
    """Open, update or close the one issue about drift, from what `drift` kept of every stack."""
    with _told():
        found = drifts.read(folder)
        looked = {each.stack for each in found}
        missing = [stack for stack in _estate().plans if stack not in looked]
        wanted = bool(missing) or any(each.drifted for each in found)
        rest, text = Rest(_needed("CI_API_V4_URL"), _needed("GITLAB_DRIFT_TOKEN"), issue.WORDS), drifts.description(found, missing)
        typer.echo(issue.keep_issue(rest, _needed("CI_PROJECT_ID"), drifts.TITLE, drifts.LABEL, text, wanted=wanted))


def commit() -> str:
    """Return the commit that is checked out: GitLab says it, else git; `-dirty` behind it when files differ from it."""
    if given := os.environ.get("CI_COMMIT_SHA"):
        return given
    done = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def _estate() -> Estate:
    """Return the facts of all stacks, which are the same whichever is loaded."""
    return load(min(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))).estate


@contextmanager
def _as(stack: str, duty: Duty) -> Iterator[tuple[Settings, dict[str, str]]]:
    """Yield a stack's settings and the environment in which engine and SDKs act on it."""
    with _told():
        settings = load(stack)
        found = state.backend(settings, os.environ)
        with credentials(settings, duty) as allowed:
            yield settings, engine.environment(found | allowed)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _TOLD as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _session(variables: dict[str, str]) -> Any:
    # boto3 reads the role from the environment alone.
    os.environ.update({name: value for name, value in variables.items() if name.startswith("AWS_")})
    return boto3.Session()


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise GitLabError(
            f"{name} is not set: GitLab sets CI_API_V4_URL and CI_PROJECT_ID, and GITLAB_DRIFT_TOKEN is a masked CI/CD variable"
        )
    return value


def _counted(changes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {op}" for op, count in sorted(changes.items())) or "no change"


if __name__ == "__main__":
    app()
