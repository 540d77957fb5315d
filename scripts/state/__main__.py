"""`python -m scripts.state bootstrap|snapshot`: the bucket that states live in, and snapshots of them (BDR-2)."""

from __future__ import annotations

import os
import subprocess
from typing import Annotated, Any

import boto3
import typer

from config.load import load
from scripts.state.bucket import BucketError, bootstrap
from scripts.state.snapshot import StateError, save

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command("bootstrap")
def make_bucket(
    bucket: Annotated[str, typer.Option(help="name of the bucket, such as morefocus-states")],
    region: Annotated[str, typer.Option(help="region of the hub")] = "us-east-1",
) -> None:
    """Make the bucket for states, or mend it; then `pulumi login` and a secrets provider with its key."""
    try:
        key = bootstrap(_client("s3", region), _client("kms", region), bucket, region)
    except BucketError as error:
        raise _refused(error) from None
    print(f"pulumi login 's3://{bucket}?region={region}'")
    print(f"pulumi stack init <stack> --secrets-provider 'awskms:///{key}?region={region}'")


@app.command("snapshot")
def take_snapshot(
    stack: Annotated[str, typer.Option(help="stack whose state to keep, such as eu-west-1")],
    bucket: Annotated[str | None, typer.Option(help="bucket with object lock; the hub's backups unless given")] = None,
    days: Annotated[int, typer.Option(min=1, help="days in which nobody can delete it")] = 30,
) -> None:
    """Export the state of a stack, its secrets still encrypted, and upload it locked."""
    try:
        estate = load(stack).estate
        bucket = bucket or _pulumi("stack", "output", "backups_bucket", "--stack", estate.hub_stack).strip()
        made = save(
            _client("s3", estate.plans[estate.hub_stack].region.value),
            stack,
            _pulumi("stack", "export", "--stack", stack),
            bucket,
            days=days,
        )
    except (BucketError, StateError) as error:
        raise _refused(error) from None
    print(f"{made.resources} resources of {stack}: s3://{made.bucket}/{made.key} version {made.version}, locked until {made.locked_until}")


def _client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region)


def _pulumi(*arguments: str) -> str:
    """Return what the command printed. Raises StateError with what it said when it failed."""
    done = subprocess.run(["pulumi", *arguments], capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode != 0:
        raise StateError(f"`pulumi {' '.join(arguments)}` failed: {done.stderr.strip()}")
    return done.stdout


def _refused(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app()
