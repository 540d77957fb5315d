"""`python -m scripts.new_tenant NAME --market EU --tier professional`: writes a tenant's file, when a preview would accept it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from config import tenancy
from config.errors import ConfigError, Problem, problems_of
from config.load import ROOT, load
from config.tenants import FOLDER, LicenceMode, Tenant
from config.vocabulary import Tier

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_FILE = """\
# Written by `make new-tenant`. What else may stand here is in docs/reference/config.md; what it leaves out has its default.
name: {name}
market: {market}
tier: {tier}
# Whether a customer pays for it, and on what ground n8n runs for it: internal-automation, embed with a reference, or refused (D5).
sold: {sold}
licence: {licence}
# The database that holds its schema. It stays there whatever is added later (DAT-7).
shard: {shard}
"""


class RefusedError(Exception):
    """The tenant cannot be added; nothing was written."""


@application.command()
def main(
    name: Annotated[str, typer.Argument(help="Lower-case words joined by hyphens, such as first-customer.")],
    *,
    market: Annotated[str, typer.Option(help="US, EU, BR or AR: decides the region.")],
    tier: Annotated[str, typer.Option(help="starter, professional or enterprise.")],
    internal: Annotated[bool, typer.Option("--internal", help="Our own: nobody pays for it.")] = False,
    licence: Annotated[str | None, typer.Option(help="Reference of the embed licence under which n8n runs for a customer.")] = None,
    network: Annotated[str | None, typer.Option(help="Its own VPC, of connectivity.enterprise_networks; enterprise only.")] = None,
    project: Annotated[Path, typer.Option(help="The folder of Pulumi.yaml.")] = ROOT,
) -> None:
    """Write the file of a tenant, and say what comes next."""
    ground = LicenceMode.EMBED if licence else LicenceMode.INTERNAL if internal else LicenceMode.REFUSED
    given = {"name": name, "market": market, "tier": tier, "sold": not internal, "network": network}
    given["licence"] = {"mode": ground.value, **({"reference": licence} if licence else {})}
    try:
        said = add(project, given)
    except (RefusedError, ConfigError) as error:
        print(f"nothing was written: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print("\n".join(said))


def add(project: Path, given: dict[str, Any]) -> list[str]:
    """Write the tenant's file; return what to tell, line by line.

    Raises RefusedError when there is such a file, and ConfigError with all that a preview would refuse; each before anything is written.
    """
    tenant = _tenant(given)
    file = project / tenant.file
    if file.exists():
        raise RefusedError(f"{tenant.file} is there already: change it, or remove the tenant first (`make offboard-tenant`)")
    stack, shard = _place(project, tenant)
    text = _text(tenant, shard)
    _preview(project, tenant, text, stack)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as written:
        written.write(text)
    told = [f"wrote {tenant.file}: stack {stack}, namespace {tenant.namespace}, schema {tenant.schema_name} on {shard}"]
    if tenant.licence.mode is LicenceMode.REFUSED:
        told += ["", "left to decide:", "  licence: no n8n runs for it until an embed licence is named (D5)"]
    if tenant.tier is Tier.ENTERPRISE:
        told += ["", f"its own nodes: {tenant.nodes.min} to {tenant.nodes.max} of {tenant.nodes.instance_type}; write `nodes` for others"]
    return [*told, "", f"then: make preview STACK={stack}, make up STACK={stack}"]


def _tenant(given: dict[str, Any]) -> Tenant:
    file = f"{FOLDER}/{given['name']}.yaml"
    try:
        return Tenant.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise ConfigError(problems_of(error, Tenant, {}, file, "")) from None


def _place(project: Path, tenant: Tenant) -> tuple[str, str]:
    """Return the stack that serves the tenant's market, and the shard that its name gives there."""
    stacks = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))
    if not stacks:
        raise RefusedError(f"{project} has no stack file: a tenant needs a region")
    plans = load(stacks[0], root=project).estate.plans
    serving = tenancy.stacks_by_market(plans)
    stack = serving.get((tenant.environment, tenant.market))
    if stack is None:
        allowed = ", ".join(sorted(market for where, market in serving if where is tenant.environment))
        raise ConfigError([Problem(tenant.file, "market", tenant.market, f"a market that is served: {allowed}", "choose one of these")])
    return stack, plans[stack].platform.pooling.shard_of(tenant.name)


def _text(tenant: Tenant, shard: str) -> str:
    reference = f", reference: {tenant.licence.reference!r}" if tenant.licence.reference else ""
    text = _FILE.format(
        name=tenant.name,
        market=tenant.market.value,
        tier=tenant.tier.value,
        sold=str(tenant.sold).lower(),
        licence=f"{{mode: {tenant.licence.mode.value}{reference}}}",
        shard=shard,
    )
    return text + (f"# Its own VPC on the region's transit gateway (NET-8).\nnetwork: {tenant.network}\n" if tenant.network else "")


def _preview(project: Path, tenant: Tenant, text: str, stack: str) -> None:
    """Load a copy of the configuration with the new file in it. Raises ConfigError with every mistake."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        shutil.copytree(project / "config", root / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for path in project.glob("Pulumi.*.yaml"):
            shutil.copy(path, root)
        (root / tenant.file).parent.mkdir(exist_ok=True)
        (root / tenant.file).write_text(text, encoding="utf-8")
        load(stack, root=root)


if __name__ == "__main__":
    application()
