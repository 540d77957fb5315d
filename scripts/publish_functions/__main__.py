"""`python -m scripts.publish_functions --stack sa-east-1`: uploads the functions' bundle, tells what config calls it (DEL-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import boto3
import typer

from components.serverless.bundle import bundled, object_key, sha256
from components.serverless.release import RELEASES
from config.errors import ConfigError
from config.load import load
from scripts.publish_functions.upload import OtherContentError, upload
from stacks.function_sources import FOLDER, scheduling_files

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command()
def main(
    stack: Annotated[str, typer.Option(help="stack whose functions will run it, such as sa-east-1")],
    key: Annotated[str | None, typer.Option(help="where to put it, ending in .zip; by its hash unless given")] = None,
    bucket: Annotated[str | None, typer.Option(help="bucket to put it in; the stack's bucket of releases unless given")] = None,
    folder: Annotated[Path, typer.Option(help="folder of the handlers")] = FOLDER,
) -> None:
    """Bundle the handlers, the same files to the same bytes, and upload them once."""
    try:
        plan = load(stack).plan
        content = bundled(scheduling_files(folder))
        region = plan.region.value
        place = bucket or f"morefocus-{plan.environment.short}-{plan.region.code}-{RELEASES}"
        made = upload(boto3.client("s3", region_name=region), place, key or object_key(sha256(content)), content)
    except (ConfigError, FileNotFoundError, OtherContentError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{'uploaded' if made.uploaded else 'already there'}: s3://{place}/{made.key}, {len(content)} bytes")
    typer.echo(f"in Pulumi.{stack}.yaml, below config:\n{made.config}")


if __name__ == "__main__":
    app()
