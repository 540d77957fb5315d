"""`ledger`, `verify-ledger` and `drift`: runs are kept and shown over a period; what runs is compared with its state (COM-1, COM-2)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from policies.evidence.ledger import Ledger, LedgerError
from policies.evidence.ledger_chain import Entry, Run
from policies.evidence.ledger_report import Period, records, to_json, to_text
from policies.evidence.verdicts import Layer, Verdicts
from sandbox.engine import stacks
from sandbox.paths import REPOSITORY, Home
from scripts.evidence import sources

_Stack = Annotated[str, typer.Option(help="the stack, such as eu-west-1")]
_Folder = Annotated[Path, typer.Option(help="where ledgers are, <stack>.jsonl each")]
_Bucket = Annotated[str | None, typer.Option(help="bucket with object lock; `records` for that of the stack's region")]
_FOLDER = Path("build/ledger")

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Every run of the controls, kept so that no change goes unseen.")


def register(evidence: typer.Typer) -> None:
    """Add these commands to those of `python -m scripts.evidence`."""
    evidence.add_typer(app, name="ledger")
    evidence.command("verify-ledger")(verify)
    evidence.command("drift")(show_drift)


@app.command("add")
def add(
    verdicts: Annotated[list[Path], typer.Argument(help="files of verdicts; those that packs wrote of one stack are one run")],
    folder: _Folder = _FOLDER,
    *,
    project: Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")] = REPOSITORY,
) -> None:
    """Add a run for each stack whose verdicts are given."""
    with _refused():
        for each in sources.from_files(verdicts):
            entry = record(folder, each, project)
            typer.echo(f"{each.stack}, line {entry.sequence}: {entry.hash}")


def record(folder: Path, verdicts: Verdicts, project: Path = REPOSITORY) -> Entry:
    """Add verdicts to the ledger of their stack as a run of this moment and the project's commit; raises LedgerError where it is broken."""
    origin = sources.origin("soc2", project)
    commit = f"{origin.commit}-dirty" if origin.changed else origin.commit
    return Ledger.of(folder, verdicts.stack).append(Run.of(verdicts, time=datetime.now(UTC), commit=commit))


@app.command("report")
def report(
    stack: _Stack,
    since: Annotated[str, typer.Option(help="first day of the period, such as 2026-01-01")],
    until: Annotated[str | None, typer.Option(help="first day after it; now without it")] = None,
    *,
    gap_days: Annotated[float, typer.Option(min=0.01, help="days without a run that are a gap")] = 2,
    layer: Annotated[list[Layer] | None, typer.Option(help="that layer only; again for more")] = None,
    folder: _Folder = _FOLDER,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
) -> None:
    """Show every control over a period: runs, gaps, violations opened and closed, time to fix, share of time passing."""
    with _refused():
        end = _moment(until) if until else datetime.now(UTC)
        period = Period(start=_moment(since), end=end, gap=timedelta(days=gap_days))
        found = records(Ledger.of(folder, stack).entries(), period, layer or tuple(Layer))
        typer.echo((to_json if as_json else to_text)(found, period), nl=False)


@app.command("upload")
def upload(stack: _Stack, bucket: _Bucket = "records", folder: _Folder = _FOLDER) -> None:
    """Upload the lines that the locked bucket has not got yet."""
    with _refused():
        where, client = _place(stack, bucket or "records")
        from scripts.evidence.ledger_bucket import Bucket

        entries = Ledger.of(folder, stack).entries()
        new = Bucket(client, where, stack).upload(entries)
        typer.echo(f"{new} of {len(entries)} lines were new: s3://{where}/ledger/{stack}/")


@app.command("restore")
def restore(stack: _Stack, bucket: _Bucket = "records", folder: _Folder = _FOLDER) -> None:
    """Write the ledger anew from the locked bucket; one that is there has to be moved away before."""
    with _refused():
        where, client = _place(stack, bucket or "records")
        from scripts.evidence.ledger_bucket import Bucket

        chain, problems = Bucket(client, where, stack).read()
        if problems:
            raise LedgerError(f"s3://{where}/ledger/{stack}/, {problems[0]}")
        Ledger.of(folder, stack).restore(chain.entries)
        typer.echo(f"{len(chain.entries)} lines of {stack}")


def verify(
    stack: _Stack,
    bucket: _Bucket = None,
    folder: _Folder = _FOLDER,
    *,
    mend: Annotated[bool, typer.Option(help="complete or drop a last line whose write was cut off")] = False,
) -> None:
    """Say whether a ledger is as it was written, and agrees with its locked copy if --bucket is given. Exit code 1 where it is not."""
    with _refused():
        ledger = Ledger.of(folder, stack)
        if mend:
            typer.echo(ledger.mend())
        entries = ledger.entries()
        if bucket:
            from scripts.evidence.ledger_bucket import Bucket, against_copy

            where, client = _place(stack, bucket)
            kept, problems = Bucket(client, where, stack).read()
            if found := [*problems, *against_copy(entries, kept.entries)]:
                raise LedgerError("\n".join(map(str, found)))
            typer.echo(f"{len(kept.entries)} of {len(entries)} lines are in the locked copy")
        typer.echo(f"{len(entries)} lines of {stack} are as they were written; the last is {entries[-1].hash if entries else 'none'}")


def show_drift(
    stack: _Stack,
    file: Annotated[Path | None, typer.Option("--graph", help="a state's export; the sandbox's state without it")] = None,
    preview: Annotated[list[Path] | None, typer.Option(help="a file that packs wrote in a preview; again for those of other packs")] = None,
    *,
    kubeconfig: Annotated[Path | None, typer.Option(help="asks the cluster too; without it objects are as the state has them")] = None,
    as_of: Annotated[str | None, typer.Option(help="the day for which exceptions hold; the commit's without it")] = None,
    ledger: Annotated[Path | None, typer.Option(help="folder of ledgers: adds a run for the state and one for what is running")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document")] = False,
    project: Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")] = REPOSITORY,
) -> None:
    """Compare what the state says with what is running, by the same controls; nothing is changed.

    Exit code 1 where they differ, 2 where the cloud was asked for something and did not tell: that is then the state's word alone.

    The cloud is that of AWS's usual environment: credentials that may describe, get and list, and AWS_ENDPOINT_URL for an emulated one.
    """
    from scripts.evidence.drift import cluster_of, drift
    from scripts.evidence.running.cloud import Cloud

    with _refused():
        path = file or stacks.state_path(Home(project.resolve()), stack)
        if not path.is_file():
            raise ValueError(f"there is no state of {stack} in {path}: run `make up`, or give --graph with an export")
        if file is None and "AWS_ENDPOINT_URL" not in os.environ:
            raise ValueError('the sandbox\'s state is compared with its own cloud: run `eval "$(make -s env)"` before, or give --graph')
        planned = sources.from_files(preview) if preview else [None]
        found = drift(
            json.loads(path.read_text(encoding="utf-8")),
            stack,
            sources.day(as_of, project),
            Cloud(),
            cluster=cluster_of(kubeconfig) if kubeconfig else None,
            preview=planned[0],
        )
        typer.echo(found.json() if as_json else found.text(), nl=False)
        for each in found.verdicts if ledger else ():
            entry = record(ledger or _FOLDER, each, project)
            typer.echo(f"{each.layer}: line {entry.sequence} of the ledger", err=True)
    if unread := len(found.coverage.unread):
        typer.echo(f"{unread} resources could not be read: give credentials that may describe, get and list them", err=True)
    raise typer.Exit(1 if found.found else 2 if unread else 0)


def _place(stack: str, bucket: str) -> tuple[str, Any]:
    """Return the name of a bucket and a client in the region of a stack; `records` is that of the region's audit records."""
    import boto3

    from config.load import load

    settings = load(stack)
    if bucket == "records":
        from stacks.compose import context_of
        from stacks.logging import RECORDS

        plans, mine = settings.estate.plans, settings.plan
        here = [name for name, plan in plans.items() if (plan.account_id, plan.region) == (mine.account_id, mine.region)]
        # Staging shares the records of the stack that owns its region.
        owner = next(name for name in here if settings.estate.owns_region(name))
        bucket = context_of(load(owner)).physical(RECORDS)
    return bucket, boto3.client("s3", region_name=settings.plan.region.value)


def _moment(day: str) -> datetime:
    found = datetime.fromisoformat(day)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except (LedgerError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1 if isinstance(error, LedgerError) else 2) from error
