"""`python -m scripts.publish_web publish FOLDER | back [VERSION] | list`: which build of the web client the world gets (SCH-1)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from config.errors import ConfigError
from config.load import ROOT
from scripts.publish_web.build import PublishError, read_build
from scripts.publish_web.place import place_of

application = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
Stack = Annotated[str, typer.Option(help="The hub, whose distribution it is.")]
Project = Annotated[Path, typer.Option(help="The folder of Pulumi.yaml.")]
_HUB = "us-east-1"


@application.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="A build, such as build/web of the client.")],
    stack: Stack = _HUB,
    keep: Annotated[int, typer.Option(min=2, help="How many releases stay, to go back to.")] = 10,
    project: Project = ROOT,
) -> None:
    """Check a build, bring it to the bucket, and serve it."""
    with _told():
        build, releases = read_build(folder), place_of(stack, project)
        hashed = sum(file.is_hashed for file in build.files.values())
        brought = releases.upload(build)
        switched = releases.switch(build.version)
        print(
            f"release {build.version}: {len(build.files)} files, {hashed} of them kept for ever by browsers; "
            f"{'brought' if brought else 'there already'}, {'served from now on' if switched else 'served already'}"
        )
        if gone := releases.prune(keep):
            print(f"no longer kept: {', '.join(gone)}")


@application.command()
def back(
    version: Annotated[str | None, typer.Argument(help="A kept release; the one published before the served one, if left out.")] = None,
    stack: Stack = _HUB,
    project: Project = ROOT,
) -> None:
    """Serve a release that is kept."""
    with _told():
        releases = place_of(stack, project)
        wanted = version or releases.earlier()
        print(f"release {wanted}: {'served from now on' if releases.switch(wanted) else 'served already'}")


@application.command(name="list")
def show(stack: Stack = _HUB, project: Project = ROOT) -> None:
    """Show the releases that are kept, and when which one was served."""
    with _told():
        releases = place_of(stack, project)
        served = releases.served()
        for release in releases.kept():
            mark = "*" if release.version == served else " "
            print(f"{mark} {release.version}  {release.published}  {len(release.files)} files  {release.by}")
        for switch in releases.history():
            print(f"  {switch['at']}  {switch['before'] or 'nothing'} -> {switch['version']}  {switch['by']}")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (PublishError, ConfigError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    application()
