"""The functions of the scheduling service: what each runs, is told and may read (SCH-2, SCH-7, SCH-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components._base import Component, Statement
from components.serverless.function_network import FunctionNetwork
from components.serverless.node_function import CanaryPlan, NodeFunction, NodeFunctionArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What one function is for."""

    says: str
    reads: Sequence[str] = ()
    """Secrets by the names that the handlers give them, where the region has them."""
    in_network: bool = False
    """It touches personal data beyond the table, at providers or in files, and leaves by the region's own addresses."""
    called_by_events: bool = False
    """Nobody waits for an answer, so a call that failed three times is parked."""


FUNCTIONS: Mapping[str, Work] = {
    "bookings": Work(says="Bookings, availability and health"),
    "privacy": Work(says="Export and erasure of one person's data", reads=("ADDRESS_KEY",), in_network=True),
    "payments": Work(
        says="Notices of payment providers", reads=("STRIPE_WEBHOOK", "MERCADO_PAGO", "MERCADO_PAGO_WEBHOOK"), in_network=True
    ),
    "messages": Work(says="Sends the jobs of the queue", reads=("WHATSAPP", "ADDRESS_KEY"), in_network=True),
    "tokens": Work(says="Adds the tenant to tokens before they are signed"),
    "feedback": Work(says="Marks addresses whose mail came back", reads=("ADDRESS_KEY",), called_by_events=True),
    "audit": Work(says="Writes the audit log and sends the outbox", called_by_events=True),
}
"""By name, which is the folder of the handler."""
ROUTED = ("bookings", "privacy", "payments")
"""Those that answer routes of the contract."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much one function may take."""

    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """The release that all functions run."""

    bucket: pulumi.Input[str]
    key: pulumi.Input[str]
    source_hash: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Runtime:
    """What is the same for all functions of a region.

    Raises ValueError when a function has no size, or a size no function.
    """

    sizes: Mapping[str, Size]
    secrets: Mapping[str, pulumi.Input[str]]
    """ARN of each secret that the region has, by the name that the handlers give it, such as `STRIPE_WEBHOOK`."""
    network: FunctionNetwork | None
    """None runs all of them outside of the region's network."""
    extension_layer_arn: str
    key_arn: pulumi.Input[str]
    credentials_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    alert_topic_arn: pulumi.Input[str]
    canary: CanaryPlan | None = field(default=None)

    def __post_init__(self) -> None:
        if set(self.sizes) != set(FUNCTIONS):
            given = ", ".join(sorted(self.sizes)) or "none"
            raise ValueError(f"sizes must be of {', '.join(sorted(FUNCTIONS))} (got {given})")


def component_name(function: str) -> str:
    """Return the logical name of a function's component, from which its physical name follows."""
    return f"scheduling-{function}"


def secrets_of(function: str, there: Mapping[str, pulumi.Input[str]]) -> dict[str, pulumi.Input[str]]:
    """Return the variables that name secrets, such as `WHATSAPP_SECRET`, to what the region has of them."""
    return {f"{name}_SECRET": there[name] for name in FUNCTIONS[function].reads if name in there}


def build_function(
    owner: Component,
    function: str,
    bundle: Bundle,
    runtime: Runtime,
    *,
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
    parked_in: pulumi.Input[str] | None,
) -> NodeFunction:
    """Create one function under `owner`; `parked_in` is the ARN of the queue for calls of events that failed."""
    work, size = FUNCTIONS[function], runtime.sizes[function]
    return NodeFunction(
        component_name(function),
        owner.context,
        NodeFunctionArgs(
            release_bucket=bundle.bucket,
            release_key=bundle.key,
            release_hash=bundle.source_hash,
            handler=f"{function}/handler.handle",
            description=work.says,
            timeout_seconds=size.timeout_seconds,
            memory_mb=size.memory_mb,
            reserved_concurrency=size.reserved_concurrency,
            variables=variables,
            secrets=secrets_of(function, runtime.secrets),
            credentials_key_arn=runtime.credentials_key_arn,
            statements=statements,
            network=runtime.network if work.in_network else None,
            canary=runtime.canary,
            extension_layer_arn=runtime.extension_layer_arn,
            key_arn=runtime.key_arn,
            log_key_arn=runtime.log_key_arn,
            log_retention_days=runtime.log_retention_days,
            alert_topic_arn=runtime.alert_topic_arn,
            on_failure_arn=parked_in if work.called_by_events else None,
        ),
        opts=owner.child(),
    )
