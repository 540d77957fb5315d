"""`python -m scripts.offboard_tenant export|erase|prove NAME`: ends a tenant in three steps, each of which can be run again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from config.errors import ConfigError
from config.load import ROOT, load
from scripts.offboard_tenant import proof
from scripts.offboard_tenant.erase import erase as erase_all
from scripts.offboard_tenant.export import export as export_all
from scripts.offboard_tenant.export import verified
from scripts.offboard_tenant.holdings import Cloud, Holdings, OffboardError, holdings_of

application = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
Name = Annotated[str, typer.Argument(help="The tenant, as its file in config/tenants calls it.")]
Folder = Annotated[Path, typer.Option(help="Where the export is, or goes.")]
Database = Annotated[
    str,
    typer.Option(envvar="OFFBOARD_DATABASE", help="How role `migrations` reaches the tenant's shard, such as 'host=... dbname=morefocus'."),
]
N8n = Annotated[str | None, typer.Option(envvar="OFFBOARD_N8N", help="How role `n8n` reaches its schema, when the tenant has workflows.")]
Project = Annotated[Path, typer.Option(help="The folder of Pulumi.yaml.")]
_REMOVED = """\
{file} is removed. What is left stands in the program's state and is protected; in stack {stack}:
  pulumi stack --show-urns -s {stack} | grep '{namespace}'    # then `pulumi state unprotect` the bucket and the secret among them
  make up STACK={stack}
  python -m scripts.offboard_tenant prove {tenant} --folder {folder} --by <who answers for it>"""


@application.command()
def export(name: Name, folder: Folder, database: Database, n8n: N8n = None, project: Project = ROOT) -> None:
    """Take out tables, files and workflows, with a manifest of hashes."""
    with _told():
        holdings = _find(project, name)
        with _connected(database, n8n) as (rows, flows):
            print(f"exported {name}: {export_all(holdings, Cloud.of(holdings.region), rows, flows, folder)}")


@application.command()
def erase(
    name: Name,
    *,
    folder: Folder,
    database: Database,
    confirm: Annotated[str, typer.Option(help="The tenant's name once more: this cannot be undone.")],
    n8n: N8n = None,
    project: Project = ROOT,
) -> None:
    """Erase what was exported, and the tenant's file."""
    with _told():
        if confirm != name:
            raise OffboardError(f"--confirm must be {name!r} (got {confirm!r}): what is erased does not come back")
        verified(folder, name)
        holdings = _find(project, name)
        with _connected(database, n8n) as (rows, flows):
            locked = erase_all(holdings, Cloud.of(holdings.region), rows, flows)
        _remember(folder, holdings)
        if locked:
            raise OffboardError("S3 keeps what is locked; run this step again when its lock has ended:\n  " + "\n  ".join(locked))
        (project / holdings.file).unlink(missing_ok=True)
        print(_REMOVED.format(file=holdings.file, stack=holdings.stack, namespace=holdings.namespace, tenant=name, folder=folder))


@application.command()
def prove(
    name: Name,
    *,
    folder: Folder,
    database: Database,
    by: Annotated[str, typer.Option(help="Who answers for it.")],
    kubeconfig: Annotated[Path | None, typer.Option(help="How the cluster is reached; without it the namespace is not looked at.")] = None,
    records: Annotated[Path, typer.Option(help="Where records are kept.")] = Path("offboarding"),
    project: Project = ROOT,
) -> None:
    """Read back everywhere; write the record, when nothing is left."""
    with _told():
        manifest, holdings = verified(folder, name), _recall(folder)
        cloud = Cloud.of(holdings.region)
        with _connected(database, None) as (rows, _):
            left, looked = proof.remains(holdings, cloud, rows, project, kubeconfig=kubeconfig)
        if left:
            raise OffboardError("it is not gone:\n  " + "\n  ".join(left))
        skipped = [] if kubeconfig else [f"namespace {holdings.namespace}: no kubeconfig was given"]
        kept = proof.backups(holdings, cloud)
        print(f"gone: {proof.record(holdings, manifest, looked, kept, by=by, skipped=skipped, folder=records)}")


def _find(project: Path, name: str) -> Holdings:
    stacks = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))
    for stack in stacks:
        settings = load(stack, root=project)
        for tenant in settings.tenants:
            if tenant.name == name:
                return holdings_of(settings, tenant)
    raise OffboardError(f"no tenant is called {name}: see config/tenants; one whose file is removed is only to be proven gone")


_NOTE = "holdings.json"


def _remember(folder: Path, holdings: Holdings) -> None:
    """Keep where the tenant had something: its file, from which that follows, goes."""
    import json
    from dataclasses import asdict

    (folder / _NOTE).write_text(json.dumps(asdict(holdings), indent=2) + "\n", encoding="utf-8")


def _recall(folder: Path) -> Holdings:
    import json

    if not (folder / _NOTE).is_file():
        raise OffboardError(f"{folder} does not say where the tenant had something: run the step `erase` first")
    return Holdings(**json.loads((folder / _NOTE).read_text(encoding="utf-8")))


@contextmanager
def _connected(database: str, n8n: str | None) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any] | None]]:
    with ExitStack() as opened:
        rows = opened.enter_context(psycopg.connect(database, autocommit=True))
        yield rows, None if n8n is None else opened.enter_context(psycopg.connect(n8n, autocommit=True))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OffboardError, ConfigError, psycopg.OperationalError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    application()
