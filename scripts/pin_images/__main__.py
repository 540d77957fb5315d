"""`python -m scripts.pin_images`: asks every registry for the digests of config/software.yaml and writes config/software.lock.yaml."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError

from config.load import ROOT
from config.software import FILE, LOCK, SoftwareCatalogue, SoftwareLock
from scripts.pin_images.charts import ChartRepositories
from scripts.pin_images.lock import Outcome, lookup_of, pin, write
from scripts.pin_images.registry import Registry
from scripts.pin_images.web import Web

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def main(
    mirror: Annotated[
        str | None,
        typer.Option(
            help="the account's own ECR registry, with a pull-through cache named after each registry; asked with AWS credentials"
        ),
    ] = None,
    accept_moved: Annotated[bool, typer.Option(help="take the new digest of a tag that its makers moved")] = False,
    check: Annotated[bool, typer.Option(help="ask, and write nothing")] = False,
    root: Annotated[Path, typer.Option(hidden=True)] = ROOT,
) -> None:
    """Ask, verify, write, and say for how many there is no digest yet."""
    try:
        catalogue = SoftwareCatalogue.model_validate(yaml.safe_load((root / FILE).read_text(encoding="utf-8")))
        known = SoftwareLock.model_validate(yaml.safe_load((root / LOCK).read_text(encoding="utf-8"))).digests
    except (OSError, ValidationError) as error:
        print(error)
        raise typer.Exit(2) from None
    web = Web()
    registry = Registry(web, {mirror: ecr_authorization(mirror)} if mirror else None)
    outcome = pin(list(catalogue.software.values()), known, lookup_of(registry, ChartRepositories(web), mirror), accept_moved=accept_moved)
    if not check:
        write(root / LOCK, outcome.digests)
    print(told(outcome))
    raise typer.Exit(outcome.exit_code)


def ecr_authorization(mirror: str) -> str:
    """Return the header by which AWS credentials open an ECR registry, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com.

    Raises BadParameter for a name that is no such registry's.
    """
    parts = mirror.split(".")
    if len(parts) < 6 or parts[1:3] != ["dkr", "ecr"]:
        raise typer.BadParameter(f"a mirror must be named like 123456789012.dkr.ecr.us-east-1.amazonaws.com (got {mirror!r})")
    import boto3

    given = boto3.client("ecr", region_name=parts[3]).get_authorization_token()["authorizationData"][0]["authorizationToken"]
    user, _, password = base64.b64decode(given).decode().partition(":")
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def told(outcome: Outcome) -> str:
    """Return what happened, a line for each that is not as it should be."""
    lines = [
        f"  {reference}: {why}" for part in (outcome.wrong, outcome.unresolved, outcome.kept) for reference, why in sorted(part.items())
    ]
    counts = f"{len(outcome.resolved)} of {len(outcome.digests)} digests are as their registries say"
    more = [
        f"{len(part)} {word}"
        for part, word in (
            (outcome.kept, "kept from before, since nobody could be asked"),
            (outcome.unresolved, "unresolved: `up` on AWS refuses what uses them"),
            (outcome.wrong, "WRONG: look at them before anything is deployed"),
        )
        if part
    ]
    return "\n".join([*lines, "; ".join([counts, *more])])


if __name__ == "__main__":
    app()
