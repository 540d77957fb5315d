"""A Python function on Lambda: its package, and the surroundings that every function has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.lambda_.function import Function

from components._base.component import Component
from components._base.function import Duty, surroundings
from components._base.policy_document import Document
from config.vocabulary import DataClass

RUNTIME = "python3.13"
"""Supported until June 2029. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """What a function runs, for how long at most, and what its role is for."""

    handler: str
    """Module and function that Lambda calls, such as `services.rotation.handler.handle`."""
    files: Mapping[str, str]
    """Path in the package to text; the handler's file among them."""
    description: str
    timeout_seconds: int
    duty: str
    """Name of the role's one policy."""
    duty_description: str
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Of its environment."""


def check_sources(handler: str, sources: Mapping[str, str]) -> None:
    """Raise ValueError when the file of `handler` is not among `sources`."""
    file = f"{handler.rpartition('.')[0].replace('.', '/')}.py"
    if file not in sources:
        raise ValueError(f"sources must hold {file}, which Lambda calls (got {', '.join(sources) or 'none'})")


def function(
    owner: Component, name: str, program: Program, policy: Document, *, log_key_arn: pulumi.Input[str], log_retention_days: int
) -> Function:
    """Create under `owner` a function that runs `program` and may do what `policy` allows."""
    duty = Duty(name=program.duty, description=program.duty_description, policy=policy)
    around = surroundings(owner, name, duty, log_key_arn=log_key_arn, log_retention_days=log_retention_days)
    return Function(
        f"{name}-function",
        name=around.name,
        description=program.description,
        runtime=RUNTIME,
        handler=program.handler,
        architectures=["arm64"],
        code=pulumi.AssetArchive({path: pulumi.StringAsset(text) for path, text in sorted(program.files.items())}),
        role=around.role.arn,
        timeout=program.timeout_seconds,
        memory_size=256,
        environment={"variables": program.variables} if program.variables else None,
        logging_config={"log_format": "JSON", "log_group": around.logs.name},
        tags=owner.tags(DataClass.OPERATIONAL, name=name),
        opts=owner.child(depends_on=[around.allowed]),
    )
