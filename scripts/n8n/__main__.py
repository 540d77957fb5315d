"""`make n8n`: n8n as a stack's manifests deploy it, run as processes on this machine: on PostgreSQL, PgBouncer and Redis, over TLS.

The stack is up in the sandbox (`make up`): its objects come from its state, and secrets from the emulated cloud.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from sandbox import lock, processes
from sandbox.cloud import control
from sandbox.paths import REPOSITORY, Home, tools_cache
from sandbox.workload import install
from sandbox.workload.install import InstallError, Programs
from sandbox.workload.objects import ManifestError, Objects
from sandbox.workload.servers import ServerError
from sandbox.workload.site import Site
from scripts.manifests import of_state
from scripts.n8n.bring_up import MAIN, WEBHOOK, Deployed, bring_up
from scripts.n8n.secrets import CloudSecrets, client
from scripts.tools import ToolsError, provide

app = typer.Typer(add_completion=False, help=__doc__)
CONSOLE = Console(stderr=True, highlight=False)
Stack = Annotated[str, typer.Option(help="the stack whose manifests are run")]
_PROGRAMS = ("redis-server", "pgbouncer")


@app.command()
def programs() -> None:
    """Install what images would bring: once, into a cache outside this folder."""
    found = _installed()
    CONSOLE.print(f"n8n {install.version('n8n')} is in {found.folder}")


@app.command()
def up(stack: Stack = "us-east-1", workers: Annotated[int, typer.Option(min=1, help="pods of workers")] = 1) -> None:
    """Start all of it, and tell what differs from the cluster."""
    home = Home(REPOSITORY)
    objects = Objects.of(of_state(home, stack))
    cloud = control.find(home)
    if cloud is None or not objects.all:
        _fail(f"{stack} is not up in the sandbox: run `make up STACK={stack}` first, or `make up`")
    site = Site(_folder(home, stack), objects, _installed(), _tools(), lambda _: "", cloud.endpoint)
    if processes.recorded(site.notes):
        _fail("it runs already: `make n8n-status` shows it, `make n8n-down` ends it")
    known = CloudSecrets(client(cloud.endpoint, objects), objects, site.folder / "made-up.json")
    site.folder.mkdir(parents=True, exist_ok=True)
    site.read = known.read
    try:
        with lock.hold(home, "make n8n"):
            made = bring_up(site, lambda doing: CONSOLE.print(f"  {doing}"), workers=workers)
    except (ServerError, ManifestError, lock.LockHeldError) as error:
        site.down()
        _fail(str(error))
    _tell(made, known)


@app.command()
def status(stack: Stack = "us-east-1") -> None:
    """Show what runs, and where it answers."""
    folder = _folder(Home(REPOSITORY), stack)
    living = processes.recorded(folder / "processes")
    owners = processes.read_json(folder / "addresses.json").get("owners")
    addresses = owners if isinstance(owners, dict) else {}
    for process in living:
        CONSOLE.print(f"{process.role:24} {addresses.get(process.role.partition('/')[0], ''):16} process {process.pid}")
    if not living:
        CONSOLE.print("n8n does not run; `make n8n` starts it")


@app.command()
def down(stack: Stack = "us-east-1") -> None:
    """End every process of it, and remove its data."""
    folder = _folder(Home(REPOSITORY), stack)
    ended = Site(folder, Objects(()), Programs(folder), {}, lambda _: "").down()
    shutil.rmtree(folder, ignore_errors=True)
    CONSOLE.print(f"ended: {', '.join(ended) or 'nothing ran'}")


def _tell(made: Deployed, known: CloudSecrets) -> None:
    site = made.site
    CONSOLE.print("\nWhat differs from the cluster:", style="bold")
    for role, differences in sorted(site.differences.items()):
        CONSOLE.print(f"  {role}")
        for each in differences:
            CONSOLE.print(f"    {each}")
    CONSOLE.print(f"  secrets without a value in the emulated cloud, made up here: {', '.join(sorted(known.made_up)) or 'none'}")
    CONSOLE.print("  not run: the mesh, network policies, probes after the start, limits of CPU and memory")
    CONSOLE.print(f"\neditor    http://{made.running[f'{MAIN}-0'].address}:5678 ({made.environment()['N8N_INSTANCE_OWNER_EMAIL']})")
    CONSOLE.print(f"webhooks  https://{made.running[f'{WEBHOOK}-0'].address}:8443/webhook/... (trust {site.authority.certificate})")
    CONSOLE.print(f"logs      {site.folder / 'logs'}")


def _installed() -> Programs:
    try:
        return install.find_or_install(lambda doing, done, of: CONSOLE.print(f"  {doing}: {done} of {of}"))
    except InstallError as error:
        _fail(str(error))


def _tools() -> dict[str, str]:
    try:
        folder = provide(_PROGRAMS)
    except ToolsError as error:
        _fail(str(error))
    found = {name: str(folder / name) if (folder / name).exists() else shutil.which(name) for name in _PROGRAMS}
    if missing := [name for name, path in found.items() if path is None]:
        _fail(f"{', '.join(missing)} cannot be had: `make tools` brings them from Debian ({tools_cache()}), or install them")
    return {name: path for name, path in found.items() if path is not None}


def _folder(home: Home, stack: str) -> Path:
    return home.workload / stack


def _fail(message: str) -> NoReturn:
    CONSOLE.print(message, style="red")
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
