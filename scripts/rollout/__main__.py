"""`python -m scripts.rollout --stack sa-east-1`: takes the newest versions of a stack's functions into service in steps (DEL-3)."""

from __future__ import annotations

import signal
from datetime import timedelta
from types import FrameType
from typing import Annotated, Any

import boto3
import typer

from config.errors import ConfigError
from config.load import load
from scripts.rollout.aliases import candidate, go_back
from scripts.rollout.application import UnknownError, alarms_of, deploy
from scripts.rollout.driver import RefusedError, Rollout

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
APPLICATION = "scheduling-rollout"
"""Name of the component that holds a region's functions together, from which the application's name follows."""
_TAKEN_BACK = 3


@app.command()
def main(
    stack: Annotated[str, typer.Option(help="stack whose functions to take into service, such as sa-east-1")],
    function: Annotated[list[str] | None, typer.Option(help="one of them, such as bookings; again for more; all unless given")] = None,
    *,
    back: Annotated[bool, typer.Option("--back", help="at once: stop what is under way, or return to the version before")] = False,
    unattended: Annotated[bool, typer.Option("--unattended", help="let CodeDeploy do it: the first share, then all")] = False,
) -> None:
    """Move calls to the newest versions in the steps of `scheduling.canary`, and back when an alarm rings. Exit code 3: taken back."""
    try:
        plan = load(stack).plan
        if plan.scheduling.canary is None:
            raise UnknownError(f"scheduling.canary of {stack} is null: its functions take over at once, with `up`")
        name = f"morefocus-{plan.environment.short}-{plan.region.code}-{APPLICATION}"
        functions, codedeploy = (boto3.client(service, region_name=plan.region.value) for service in ("lambda", "codedeploy"))
        alarms = alarms_of(codedeploy, name, function or ())
        if back or unattended:
            _at_once(functions, codedeploy, name, list(alarms), back=back)
            return
        signal.signal(signal.SIGTERM, _ended)
        rollout = Rollout(
            functions=functions,
            cloudwatch=boto3.client("cloudwatch", region_name=plan.region.value),
            steps=plan.scheduling.canary.steps,
            bake=timedelta(minutes=plan.scheduling.canary.bake_minutes),
            say=typer.echo,
        )
        if not rollout.run({each: alarms[each] for each in alarms}):
            raise typer.Exit(_TAKEN_BACK)
    except (ConfigError, RefusedError, UnknownError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _at_once(functions: Any, codedeploy: Any, application: str, names: list[str], *, back: bool) -> None:
    for name in names:
        found = candidate(functions, name)
        if back:
            typer.echo(f"{name}: version {go_back(functions, name)} has all calls")
        elif found is None:
            typer.echo(f"{name}: the newest version is in service")
        elif found.percent:
            typer.echo(f"{name}: version {found.new} has {found.percent} % already; go on without --unattended, or --back first")
        else:
            typer.echo(f"{name}: deployment {deploy(codedeploy, application, found)} takes version {found.new} into service")


def _ended(_number: int, _frame: FrameType | None) -> None:
    # A rollout that is ended goes back, as it does when it is interrupted.
    raise KeyboardInterrupt


if __name__ == "__main__":
    app()
