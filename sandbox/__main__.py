"""`python -m sandbox`: the sandbox's commands; the Makefile calls them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sandbox import commands
from sandbox.cloud.control import CloudError
from sandbox.cluster import commands as clusters
from sandbox.cluster.build import ClusterBuildError
from sandbox.cluster.control_plane import ClusterError
from sandbox.cluster.nodes import PoolError
from sandbox.engine.build import EngineError
from sandbox.engine.recovery import EngineBusyError
from sandbox.engine.stack_files import StackFileError
from sandbox.engine.stacks import StackError
from sandbox.lock import LockHeldError
from sandbox.paths import REPOSITORY
from sandbox.session import UnknownStackError

_TOLD = (
    CloudError,
    ClusterBuildError,
    ClusterError,
    EngineBusyError,
    EngineError,
    LockHeldError,
    PoolError,
    StackError,
    StackFileError,
    UnknownStackError,
)

_PAGE = 120

application = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Project = Annotated[Path, typer.Option(help="The folder of Pulumi.yaml.", envvar="SANDBOX_PROJECT", file_okay=False, exists=True)]
Stack = Annotated[str | None, typer.Option(help="One stack only.", show_default="all")]


@application.command()
def up(stack: Stack = None, project: Project = REPOSITORY) -> None:
    """Preview, then apply; a second run changes nothing."""
    _run(lambda console: commands.up(project.resolve(), stack, console))


@application.command()
def preview(stack: Stack = None, project: Project = REPOSITORY) -> None:
    """Show what would change."""
    _run(lambda console: commands.preview(project.resolve(), stack, console))


@application.command()
def refresh(stack: Stack = None, project: Project = REPOSITORY) -> None:
    """Compare the states with the emulated cloud, show drift."""
    _run(lambda console: commands.refresh(project.resolve(), stack, console))


@application.command()
def down(
    project: Project = REPOSITORY,
    keep_cloud: Annotated[bool, typer.Option(help="Leave the emulated cloud running, empty.")] = False,
    force: Annotated[bool, typer.Option(help="Drop everything even where destroying fails.")] = False,
) -> None:
    """Destroy everything, then stop what was started."""
    _run(lambda console: commands.down(project.resolve(), console, keep_cloud=keep_cloud, force=force))


@application.command()
def status(project: Project = REPOSITORY, as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False) -> None:
    """What is up, where, how many resources, how they are held."""
    _run(lambda console: commands.status(project.resolve(), console, as_json=as_json))


@application.command()
def env(project: Project = REPOSITORY) -> None:
    """Print the sandbox's environment for a shell: eval "$(make -s env)"."""
    _run(lambda out: commands.environment(project.resolve(), out, Console(stderr=True, emoji=False)))


@application.command()
def engine() -> None:
    """Find the engine, or build it."""
    _run(commands.build_engine)


@application.command()
def cluster(stack: Stack = None, project: Project = REPOSITORY) -> None:
    """Bring up a Kubernetes control plane for each stack, for `up` to apply to."""
    _run(lambda console: clusters.cluster(project.resolve(), stack, console))


@application.command()
def cluster_down(stack: Stack = None, project: Project = REPOSITORY) -> None:
    """End clusters without destroying the stacks."""
    _run(lambda console: clusters.down(project.resolve(), stack, console))


@application.command()
def cluster_programs() -> None:
    """Find the programs of a control plane, or build them."""
    _run(clusters.programs)


def _run(command: Callable[[Console], int]) -> None:
    # ARNs hold `:secret:` and the like, which are no emoji. A page is wider than the 80 columns taken for granted without a terminal.
    console = Console(emoji=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PAGE)
    try:
        code = command(console)
    except _TOLD as error:
        Console(stderr=True, emoji=False).print(f"[bold red]error[/] {error}", highlight=False, soft_wrap=True)
        code = 1
    except KeyboardInterrupt:
        Console(stderr=True, emoji=False).print("Stopped.")
        code = commands.INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    application()
