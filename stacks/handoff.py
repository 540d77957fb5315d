"""What stacks tell each other and their readers: the only contract between them.

References run from later stacks to earlier ones with the hub first (D12); the hub knows the regions by derived names only.
"""

import asyncio
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, fields
from typing import Any

import pulumi
from pulumi.output import UNKNOWN

from config.load import Settings
from config.vocabulary import Region

HUB_PREFIX = "hub_"
SCHEDULING_PREFIX = "scheduling_"
_READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"


@dataclass(frozen=True, kw_only=True, slots=True)
class HubExports:
    """What exists once; stack outputs `hub_<field>`."""

    zone_id: pulumi.Input[str]
    """Route 53 zone of the estate's domain."""
    name_servers: pulumi.Input[list[str]]
    """What the registrar of the domain is to be told."""
    web_url: pulumi.Input[str]
    web_bucket: pulumi.Input[str]
    """Where the web client is uploaded."""
    web_distribution_id: pulumi.Input[str]
    web_distribution_domain: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    """Where alarms that can only stand in the hub's region go, such as those of health checks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionExports:
    """What each region has; stack outputs of the same names."""

    vpc_id: pulumi.Input[str]
    vpc_cidr: pulumi.Input[str]
    nat_public_ips: pulumi.Input[list[str]]
    """Addresses the region's calls to others come from."""
    private_subnet_ids: pulumi.Input[list[str]]
    """Where nodes, pods and functions stand, one subnet a zone."""
    isolated_subnet_ids: pulumi.Input[list[str]]
    """Where data stores stand."""
    transit_gateway_id: pulumi.Input[str]
    transit_core_table_id: pulumi.Input[str]
    """Transit gateway's table of the region's own VPC: later regions write the way to theirs here."""
    transit_peers_table_id: pulumi.Input[str]
    """Transit gateway's table of what comes from other regions."""
    cluster_name: pulumi.Input[str]
    cluster_endpoint: pulumi.Input[str]
    node_security_group_id: pulumi.Input[str]
    """Of nodes and pods: who may use data stores."""
    cluster_certificate_authority: pulumi.Input[str]
    """Base64 of the PEM that signs the API server's certificate."""
    database_endpoint: pulumi.Input[str]
    database_replica_endpoints: pulumi.Input[list[str]]
    database_secret_arn: pulumi.Input[str]
    """Where the master user's password is; the password itself is in no output."""
    database_arn: pulumi.Input[str]
    """What a standby in another region follows."""
    database_subnet_group: pulumi.Input[str]
    """Name of the subnet group in which a standby of another region's database can stand."""
    database_security_group_id: pulumi.Input[str]
    """Lets in who may use databases of this region."""
    logs_key_arn: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    """Where alarms of this region go."""
    cache_endpoint: pulumi.Input[str]
    file_system_id: pulumi.Input[str]
    files_bucket: pulumi.Input[str]
    backups_bucket: pulumi.Input[str]
    logs_bucket: pulumi.Input[str]
    load_balancer_arn: pulumi.Input[str]
    load_balancer_dns_name: pulumi.Input[str]
    load_balancer_zone_id: pulumi.Input[str]
    """Hosted zone of that name, for alias records."""
    load_balancer_security_group_id: pulumi.Input[str]
    load_balancer_listener_arn: pulumi.Input[str]
    load_balancer_target_group_arn: pulumi.Input[str]
    """Target group of type ip, to which pods are bound that answer the world."""
    origin_host: pulumi.Input[str]
    """Name by which the CDN reaches the region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SchedulingExports:
    """What people and programs need of the scheduling service; stack outputs `scheduling_<field>`, where a stack has it."""

    api_host: pulumi.Input[str]
    user_pool_id: pulumi.Input[str]
    web_client_id: pulumi.Input[str]
    mobile_client_id: pulumi.Input[str]
    sign_in_host: pulumi.Input[str]
    """Host of the sign-in pages and of the OAuth 2.0 endpoints."""
    queue_url: pulumi.Input[str]
    table_name: pulumi.Input[str]
    release_bucket: pulumi.Input[str]
    """Where bundles of functions are uploaded."""
    dashboard_name: pulumi.Input[str]


def publish_hub(exports: HubExports) -> None:
    """Make the hub's exports outputs of this stack."""
    for field in fields(exports):
        pulumi.export(f"{HUB_PREFIX}{field.name}", getattr(exports, field.name))


def publish_region(exports: RegionExports) -> None:
    """Make the region's exports outputs of this stack."""
    for field in fields(exports):
        pulumi.export(field.name, getattr(exports, field.name))


def publish_scheduling(exports: SchedulingExports) -> None:
    """Make the scheduling service's exports outputs of this stack."""
    for field in fields(exports):
        pulumi.export(f"{SCHEDULING_PREFIX}{field.name}", getattr(exports, field.name))


class Readings:
    """The outputs of earlier stacks of this project and organization: asked for at once, waited for when they are needed.

    The engine opens their states meanwhile, each of which with its decryption takes as long as loading a good part of the program.
    """

    def __init__(self, hub_stack: str, stacks: Collection[str]) -> None:
        """Begin to read the hub and the other `stacks`, all at the same time."""
        self._hub_stack, self._stacks = hub_stack, tuple(stacks)
        self._references: dict[str, pulumi.StackReference] = {}
        names = dict.fromkeys([hub_stack, *stacks])
        reader = ThreadPoolExecutor(max_workers=len(names))
        # The SDK keeps the engine's address in the context; a thread starts with an empty one.
        self._published = {stack: reader.submit(copy_context().run, _outputs, _full_name(stack)) for stack in names}
        reader.shutdown(wait=False)

    def hub(self) -> HubExports:
        """Return what the hub exports.

        Before the hub has been brought up a preview goes on with values that are unknown, and says so.

        Raises RunError at `up`, naming the command that brings the hub up, when it exports too little or nothing.
        """
        names = [field.name for field in fields(HubExports)]
        return HubExports(**self._values(self._hub_stack, names, HUB_PREFIX))

    def regions(self) -> dict[str, RegionExports]:
        """Return what each of `stacks` exports as a region, by stack; without one as `hub` does without the hub."""
        names = [field.name for field in fields(RegionExports)]
        return {stack: RegionExports(**self._values(stack, names, "")) for stack in self._stacks}

    def _values(self, stack: str, names: Sequence[str], prefix: str) -> dict[str, pulumi.Output[Any]]:
        published = self._published[stack].result()
        missing = [name for name in names if published.get(f"{prefix}{name}") is None]
        if not missing:
            reference = self._reference(stack)
            return {name: reference.require_output(f"{prefix}{name}") for name in names}
        subject = f"the hub, stack {stack}," if stack == self._hub_stack else f"stack {stack}"
        lacking = f"{subject} has no outputs yet" if not published else f"stack {stack} lacks {', '.join(missing)}"
        if not pulumi.runtime.is_dry_run():
            raise pulumi.RunError(f"{lacking}, and this stack needs them: run `pulumi up -s {stack}` first")
        pulumi.log.warn(f"{lacking}: what depends on it is unknown in this preview; `pulumi up -s {stack}` comes first")
        return {name: _unknown() for name in names}

    def _reference(self, stack: str) -> pulumi.StackReference:
        """Return the one reference to a stack, however much is read of it."""
        if stack not in self._references:
            name = "hub" if stack == self._hub_stack else f"{Region(stack).code}-stack"
            self._references[stack] = pulumi.StackReference(name, stack_name=_full_name(stack))
        return self._references[stack]


def read_earlier(settings: Settings) -> Readings | None:
    """Begin to read the stacks that this one refers to; None for the hub, which refers to no other."""
    estate = settings.estate
    return None if settings.plan.hub else Readings(estate.hub_stack, estate.earlier_peers(settings.stack))


def _full_name(stack: str) -> str:
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"


def _unknown() -> pulumi.Output[Any]:
    """Return a value that is not known yet, as the engine gives for what is still to be created."""
    return pulumi.Output.from_input(UNKNOWN)


def _outputs(stack: str) -> dict[str, Any]:
    """Return a stack's outputs as they are in the state, or nothing when there is no such stack.

    Asked before a reference is made: a reference to a stack that does not exist ends the program with a traceback.
    """
    try:
        found: dict[str, Any] = asyncio.run(pulumi.runtime.invoke_async(_READ_OUTPUTS, {"name": stack}))
    except Exception as error:
        if "unknown stack" in str(error):
            return {}
        raise pulumi.RunError(f"cannot read the outputs of stack {stack}: {error}") from error
    outputs: dict[str, Any] = found["outputs"]
    return outputs
