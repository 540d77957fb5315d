"""What one resource type is to the sandbox: the shape that every handler fills.

The gRPC service does what all types share (unwrapping, facts, defaults, names, tags, diffs, retries, idempotency); a handler knows
only its type: which calls make it, read it, change it and end it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sandbox.provider.errors import Failure
from sandbox.provider.values import Properties, canonical


class Support(StrEnum):
    """How much of a resource the emulated cloud holds."""

    HELD = "held"
    """All of it: boto3 reads back what the program declared."""
    PARTLY = "partly"
    """It is there, but some properties are only in the state; the handler's `gap` names them."""
    RECORDED = "recorded"
    """The emulated cloud has no such thing: its inputs are validated and kept in the state only."""


@dataclass(frozen=True, slots=True)
class Call:
    """The surroundings of one request: whose resource, where, and the clients to reach the cloud with."""

    urn: str
    region: str
    account: str
    operation: str
    """Identity of this create, update or delete; the same again when an interrupted one is taken up."""
    connect: Callable[[str, str], Any]
    teardown: bool = False
    """The whole sandbox is being taken down: deletion protection is lifted, buckets are emptied, no final snapshot."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rsplit("::", 1)[-1]

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of the resource's account, in the resource's region unless told."""
        return self.connect(service, region or self.region)

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """The ARN as AWS makes it; give region or account as "" where the service leaves it out."""
        region = self.region if region is None else region
        account = self.account if account is None else account
        return f"arn:aws:{service}:{region}:{account}:{resource}"

    def token(self) -> str:
        """A caller reference or client token that is the same when the request is tried again."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.operation}/{self.urn}"))


class Handler:
    """One resource type. Property names are the wire's (camelCase), values are plain Python.

    `create` and `update` return outputs that are not simply the inputs: the service adds the inputs, `region` and `tagsAll`.
    """

    token: ClassVar[str]
    """Pulumi's type, such as `aws:ec2/vpc:Vpc`."""
    support: ClassVar[Support] = Support.HELD
    gap: ClassVar[str] = ""
    """What the emulated cloud does not hold, for the table and the reference; required unless `support` is HELD."""
    create_only: ClassVar[frozenset[str]] = frozenset()
    """Inputs (dotted wire paths) whose change replaces the resource. `region` always does."""
    replace_first: ClassVar[bool] = False
    """Deleted before its replacement is made, because two cannot stand side by side (real provider: deleteBeforeReplace)."""
    unordered: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are sets: order is no difference."""
    documents: ClassVar[frozenset[str]] = frozenset()
    """Inputs that hold JSON documents: compared as documents, not as text."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """What the real provider's schema fills in when the program says nothing."""
    autoname: ClassVar[str | None] = None
    """The input that the real provider names by itself when absent."""
    autoname_prefix: ClassVar[str] = ""
    """What every name of the type begins with (`alias/`)."""
    autoname_limit: ClassVar[int] = 63
    volatile: ClassVar[frozenset[str]] = frozenset()
    """Outputs that an update may change: unknown in the preview of an update."""

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        """What only this type knows to be wrong; values may be UNKNOWN. May add to `inputs` what the real provider's check adds."""
        del call, inputs
        return []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        """Outputs that are known before the resource exists, given known inputs: names, ARNs, what AWS makes predictable."""
        del call, inputs
        return {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        """Makes it. Returns the id and the outputs beyond the inputs. Same calls in the same order when tried again."""
        raise NotImplementedError

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        """What the cloud says now, inputs and outputs alike, in the form the program writes them; None when it is gone.

        `state` is what is remembered (empty on import): what the cloud does not hold is taken from there by the service.
        """
        raise NotImplementedError

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Brings it from `old` (outputs) to `new` (inputs); must be safe to run again after an interruption."""
        raise NotImplementedError

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """Ends it. A resource that is already gone may raise the cloud's not-found error: the service takes it as done."""
        raise NotImplementedError

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        """Whether changing the top-level input `path` replaces because of these values; `create_only` is for inputs that always do."""
        del path, old, new
        return False

    def equal(self, path: str, old: Any, new: Any) -> bool:
        """Whether two values of the top-level input `path` mean the same; override for what AWS normalises."""
        if path in self.unordered and isinstance(old, list) and isinstance(new, list):
            return sorted(map(canonical, old)) == sorted(map(canonical, new))
        return canonical(old) == canonical(new)


class Recorded(Handler):
    """A type that the emulated cloud lacks: validated against the service's own model, kept in the state."""

    support = Support.RECORDED
    service: ClassVar[str]
    """boto3's service name, such as `eks`."""
    operation: ClassVar[str]
    """The service's creating operation in its own spelling, such as `CreateAddon`."""

    def request(self, call: Call, inputs: Properties) -> Properties:
        """The operation's parameters for these inputs; values may be UNKNOWN. It is what gets validated."""
        raise NotImplementedError

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        """The id and the computed outputs, made the way AWS makes them (predictable ARNs; otherwise from `call.token()`)."""
        raise NotImplementedError

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        """The id and outputs that `identify` makes: there is nothing to call."""
        return self.identify(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        """What the state remembers: nothing else does."""
        del call, resource_id
        return dict(state) if state else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """What was computed at creation stays, unless the new inputs compute it anew."""
        del resource_id
        made = self.identify(call, new)[1]
        return {key: value if key in self.volatile else old.get(key, value) for key, value in made.items()}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """Nothing stands anywhere but in the state."""
        del call, resource_id, state


class Function:
    """One data source (invoke)."""

    token: ClassVar[str]

    def invoke(self, call: Call, arguments: Properties) -> Properties:
        """The result, all properties of the SDK's result type included."""
        raise NotImplementedError
