"""Runs a piece of a Pulumi program without an engine and records every resource it registers.

Mocks have two traps: registrations come from several threads, and a resource exists only once its urn has been awaited.
`record` drains both, so a `Graph` is complete and its order is always the same.
"""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import Stack, run_pulumi_func
from pulumi.runtime.sync_await import _ensure_event_loop

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands in a graph for a value that is not known before `up`; the engine's protocol uses the same marker."""

ComputedOutputs = Callable[[str, str, dict[str, Any]], dict[str, Any]]
Calls = Mapping[str, Mapping[str, Any] | Callable[[dict[str, Any]], Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One registered resource as the engine would see it."""

    urn: str
    type: str
    name: str
    parent: str | None
    """Urn of the parent; None for what hangs directly under the stack."""
    custom: bool
    """True for a provider's resource, False for a component."""
    inputs: dict[str, Any]
    """Keys as on the wire: camelCase for a provider's resources."""
    protect: bool
    aliases: tuple[str, ...]
    depends_on: tuple[str, ...]
    provider: str
    ignore_changes: tuple[str, ...] = ()
    read_id: str | None = None
    """Id of a resource that is read and not created, such as a stack reference."""
    answered: dict[str, Any] = field(default_factory=dict)
    """What a provider's resource was answered: its `id`, its inputs and its computed outputs, such as `arn`."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Urns that each input was made of."""


@dataclass(frozen=True)
class Graph:
    """Everything one run registered, in the order of urns."""

    resources: tuple[Recorded, ...]
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Published outputs of components (and of the stack) by urn."""
    result: Any = None
    """What the recorded function returned."""

    def of_type(self, type_: str) -> list[Recorded]:
        """Return the resources of one type token, such as `aws:ec2/vpc:Vpc`."""
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str | None = None) -> Recorded:
        """Return the only resource of a type (and logical name); fail naming what there is otherwise."""
        found = [resource for resource in self.of_type(type_) if name is None or resource.name == name]
        if len(found) != 1:
            # Of that type, if there are any: a whole stack would fill pages.
            there = ", ".join(f"{each.type} {each.name}" for each in self.of_type(type_) or self.resources[:50]) or "nothing"
            raise AssertionError(f"expected one {type_} {name or ''}, found {len(found)}; there is: {there}")
        return found[0]

    def named(self, name: str) -> Recorded:
        """Return the only resource with a logical name."""
        found = [resource for resource in self.resources if resource.name == name]
        if len(found) != 1:
            raise AssertionError(f"expected one resource named {name!r}, found {[r.type for r in found]}")
        return found[0]

    def outputs_of(self, resource: Recorded) -> dict[str, Any]:
        """Return what a component published."""
        return self.outputs[resource.urn]

    @property
    def stack_outputs(self) -> dict[str, Any]:
        """What the program exported."""
        return next((out for urn, out in self.outputs.items() if "::pulumi:pulumi:Stack::" in urn), {})

    def tree(self) -> str:
        """Return types and logical names, indented by parentage: the identity of everything in the stack."""
        known = {resource.urn for resource in self.resources}
        children: dict[str | None, list[Recorded]] = {}
        for resource in self.resources:
            parent = resource.parent if resource.parent in known else None
            children.setdefault(parent, []).append(resource)
        lines: list[str] = []

        def walk(parent: str | None, depth: int) -> None:
            for resource in sorted(children.get(parent, []), key=lambda each: (each.type, each.name)):
                lines.append(f"{'  ' * depth}{resource.type} {resource.name}")
                walk(resource.urn, depth + 1)

        walk(None, 0)
        return "\n".join(lines) + "\n"


class _Monitor(mocks.MockMonitor):
    """The SDK's mock monitor, which also keeps what the request says besides the inputs."""

    def __init__(self, responder: "_Responder") -> None:
        super().__init__(responder)
        self.lock = threading.Lock()
        self.recorded: dict[str, Recorded] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != "pulumi:pulumi:Stack":
            self._keep(request, response.urn, request.object, None, {"id": response.id, **_given_back(response.object)})
        return response

    def ReadResource(self, request: Any) -> Any:
        response = super().ReadResource(request)  # type: ignore[no-untyped-call]
        self._keep(request, response.urn, request.properties, request.id, _given_back(response.properties))
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        _ensure_event_loop()  # type: ignore[no-untyped-call]
        with self.lock:
            self.outputs[request.urn] = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]

    def _keep(self, request: Any, urn: str, properties: Any, read_id: str | None, answered: dict[str, Any]) -> None:
        inputs = _plain(rpc.deserialize_properties(properties, keep_unknowns=True))
        recorded = Recorded(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=None if "::pulumi:pulumi:Stack::" in request.parent else request.parent or None,
            custom=bool(getattr(request, "custom", True)),
            inputs=inputs,
            protect=bool(getattr(request, "protect", False)),
            aliases=tuple(alias.spec.name or alias.urn for alias in getattr(request, "aliases", ())),
            depends_on=tuple(sorted(request.dependencies)),
            provider=request.provider,
            ignore_changes=tuple(getattr(request, "ignoreChanges", ())),
            read_id=read_id,
            answered=answered,
            property_dependencies={key: tuple(sorted(of.urns)) for key, of in getattr(request, "propertyDependencies", {}).items()},
        )
        with self.lock:
            if urn in self.recorded:
                raise AssertionError(f"two resources share the identity {urn}")
            self.recorded[urn] = recorded


def _given_back(properties: Any) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(rpc.deserialize_properties(properties, keep_unknowns=True))
    return plain


class _Responder(mocks.Mocks):
    def __init__(self, computed: ComputedOutputs, calls: Calls, preview: bool) -> None:
        self.computed = computed
        self.preview = preview
        self.calls = calls

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = dict(args.inputs)
        identity = args.resource_id or ("" if self.preview else f"{args.name}-id")
        answered = {} if self.preview else self.computed(args.typ, args.name, inputs)
        return identity, {**inputs, **answered}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token not in self.calls:
            raise AssertionError(f"no answer was given for the call of {args.token}")
        answer = self.calls[args.token]
        return dict(answer(args.args) if callable(answer) else answer), []


def computed_outputs(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return stand-ins for what AWS would answer: an ARN for everything, and what the SDK cannot do without."""
    service = type_.partition(":")[2].partition("/")[0] or "unknown"
    digest = hashlib.sha256(f"{type_}{name}".encode()).hexdigest()
    region = inputs.get("region") or "us-east-1"
    computed: dict[str, Any] = {"arn": f"arn:aws:{service}:{region}:123456789012:{name}", "keyId": digest[:32]}
    for key in ("name", "bucket"):
        computed[key] = inputs.get(key) or f"{name}-{digest[:7]}"
    if "tags" in inputs:
        computed["tagsAll"] = inputs["tags"]
    return computed


def record(
    program: Callable[[], Any],
    *,
    project: str = "morefocus",
    stack: str = "us-east-1",
    preview: bool = False,
    computed: ComputedOutputs = computed_outputs,
    calls: Calls | None = None,
    config: Mapping[str, str] | None = None,
) -> Graph:
    """Run `program` as the body of a stack and return all it registered.

    `computed(type, logical name, inputs)` gives the outputs AWS would add; `calls` answers data sources by token.
    With `preview` ids and computed outputs are unknown, as before a first `up`. Whatever `program` raises, or a
    registration raises in a thread, is raised here.
    """
    graph, error = _run(program, project=project, stack=stack, preview=preview, computed=computed, calls=calls, config=config)
    if error is not None:
        raise error
    return graph


def failure(
    program: Callable[[], Any],
    *,
    stack: str = "us-east-1",
    preview: bool = False,
    computed: ComputedOutputs = computed_outputs,
    calls: Calls | None = None,
    config: Mapping[str, str] | None = None,
) -> tuple[Exception, Graph]:
    """Run a program that must fail; return what it raised, and what it had registered by then."""
    graph, error = _run(program, project="morefocus", stack=stack, preview=preview, computed=computed, calls=calls, config=config)
    if error is None:
        raise AssertionError(f"the program ended well, and registered {len(graph.resources)} resources")
    return error, graph


_IDLE = asyncio.new_event_loop()
"""Current between runs, for Outputs that tests make themselves."""


def _run(
    program: Callable[[], Any],
    *,
    project: str,
    stack: str,
    preview: bool,
    computed: ComputedOutputs,
    calls: Calls | None,
    config: Mapping[str, str] | None,
) -> tuple[Graph, Exception | None]:
    monitor = _Monitor(_Responder(computed, calls or {}, preview))
    result: list[Any] = []
    error: Exception | None = None
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        _configure(monitor, project, stack, preview)
        pulumi.runtime.set_all_config(dict(config or {}), [])

        def body() -> None:
            root = Stack()
            try:
                result.append(program())
            finally:
                root._finish()

        loop.run_until_complete(run_pulumi_func(body))
    except Exception as caught:
        error = caught
    finally:
        pulumi.runtime.set_all_config({}, [])
        _abandon(loop)
        asyncio.set_event_loop(_IDLE)
    ordered = tuple(monitor.recorded[urn] for urn in sorted(monitor.recorded))
    outputs = {urn: _plain(values) for urn, values in sorted(monitor.outputs.items())}
    return Graph(ordered, outputs, result[0] if result else None), error


def _abandon(loop: asyncio.AbstractEventLoop) -> None:
    """Close a run's loop; after a failure part of the graph is still waiting, and would wait into the next run."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def _configure(monitor: _Monitor, project: str, stack: str, preview: bool) -> None:
    """Point the SDK at the monitor; unlike `set_mocks` this leaves no finished stack behind, so exports are kept."""
    features = set(monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures)  # type: ignore[no-untyped-call]
    settings.configure(
        mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=monitor,
            monitor_features=features,
            engine=mocks.MockEngine(None),
            project=project,
            stack=stack,
            dry_run=preview,
            organization="organization",
            callbacks=None,
        )
    )
    settings.SETTINGS.rpc_manager.clear()
    settings.SETTINGS.outputs.clear()
    settings.set_root_resource(None)  # type: ignore[arg-type]


def resolved(value: Any) -> Any:
    """Return what an Output of a finished run holds (None when it is not known)."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(_future(value), timeout=10))
    finally:
        loop.close()


async def _future(value: Any) -> Any:
    return await pulumi.Output.from_input(value).future()


def _plain(value: Any) -> Any:
    """Unwrap secrets, and turn whole floats of the wire back into integers."""
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        if rpc.is_rpc_secret(value):
            return _plain(rpc.unwrap_rpc_secret(value))
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
