"""Pulumi's provider protocol (`pulumirpc.ResourceProvider`) over the sandbox's resources."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty

from sandbox.protos import plugin_pb2, provider_pb2, provider_pb2_grpc
from sandbox.provider import registry
from sandbox.provider.clients import Clients, endpoint
from sandbox.provider.configuration import Configuration
from sandbox.provider.errors import HandlerError, InvalidInputs, explain
from sandbox.provider.facts import cloudformation, sdk
from sandbox.provider.handler import Call
from sandbox.provider.journal import Journal
from sandbox.provider.resources import Cloud, Resources
from sandbox.provider.values import UNKNOWN, from_struct, known, to_struct

T = TypeVar("T")
_log = logging.getLogger(__name__)

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def _answered(method: Callable[..., T]) -> Callable[..., T]:
    """A handler's error becomes one line for the engine; a fault of ours is logged with its traceback as well."""

    def wrapped(self: Any, request: Any, context: Any) -> T:
        try:
            return method(self, request, context)
        except Exception as error:
            if not isinstance(error, HandlerError | InvalidInputs) and not hasattr(error, "response"):
                _log.exception("%s failed", method.__name__)
            context.abort(grpc.StatusCode.UNKNOWN, explain(error))
            raise

    wrapped.__name__ = method.__name__
    return wrapped


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One provider instance: the engine starts a process for each."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._resources: Resources | None = None
        self._cloud: Cloud | None = None

    def Handshake(self, request: Any, context: Any) -> Any:
        """Secrets come unwrapped: the engine itself marks outputs whose inputs were secret."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=False, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version of the installed SDK, which this provider follows."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    @_answered
    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuses a configuration without region or with malformed nested values."""
        del context
        news = from_struct(request.news)
        failures = []
        if known(news):
            try:
                Configuration.parse(news)
            except InvalidInputs as error:
                failures = _failures(error)
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @_answered
    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Nothing in the configuration replaces the provider: a region change shows on the resources themselves."""
        del context
        changed = from_struct(request.old_inputs) != from_struct(request.news)
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if changed else none)

    @_answered
    def Configure(self, request: Any, context: Any) -> Any:
        """Connects to the emulated cloud, acting as the configured roles."""
        del context
        configuration = Configuration.parse(from_struct(request.args))
        address = endpoint()
        clients = Clients(address)
        for role in configuration.roles:
            clients = clients.assume(role)
        account = clients.account()
        configuration.check_account(account)
        self._cloud = Cloud(configuration, clients, account, Journal(address))
        self._resources = Resources(self._cloud)
        threading.Thread(target=_warm, args=(configuration.region,), daemon=True).start()
        return provider_pb2.ConfigureResponse(acceptSecrets=False, acceptResources=False, supportsPreview=True)

    @_answered
    def Check(self, request: Any, context: Any) -> Any:
        """Inputs with defaults, region and name; or every failure found."""
        del context
        news = from_struct(request.news)
        try:
            inputs = self._life.check(request.urn, _type(request), from_struct(request.olds), news, request.randomSeed)
        except (InvalidInputs, sdk.UnknownType) as error:
            return provider_pb2.CheckResponse(inputs=to_struct(news), failures=_failures(error))
        return provider_pb2.CheckResponse(inputs=to_struct(inputs))

    @_answered
    def Diff(self, request: Any, context: Any) -> Any:
        """Changed inputs, leaf by leaf, and whether they replace."""
        del context
        token = _type(request)
        self._known_cloud.journal.acknowledge(request.urn, request.id)
        found = self._life.diff(token, from_struct(request.old_inputs), from_struct(request.olds), from_struct(request.news))
        response = provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE,
            hasDetailedDiff=True,
            deleteBeforeReplace=registry.handlers()[token].replace_first,
        )
        for change in found:
            response.diffs.append(change.path)
            response.detailedDiff[change.path].kind = _KINDS[change.kind, change.replaces]
            response.detailedDiff[change.path].inputDiff = True
            if change.replaces:
                response.replaces.append(change.path)
        return response

    @_answered
    def Create(self, request: Any, context: Any) -> Any:
        """Makes the resource; in a preview, says what is already known of it."""
        del context
        token, inputs = _type(request), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(self._life.preview_create(request.urn, token, inputs)))
        resource_id, outputs = self._life.create(request.urn, token, inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=to_struct(outputs))

    @_answered
    def Read(self, request: Any, context: Any) -> Any:
        """The resource as the cloud has it now; an empty id when it is gone."""
        del context
        found = self._life.read(request.urn, _type(request), request.id, from_struct(request.properties), from_struct(request.inputs))
        if found is None:
            return provider_pb2.ReadResponse()
        inputs, outputs = found
        return provider_pb2.ReadResponse(id=request.id, inputs=to_struct(inputs), properties=to_struct(outputs))

    @_answered
    def Update(self, request: Any, context: Any) -> Any:
        """Changes the resource in place."""
        del context
        token, olds, news = _type(request), from_struct(request.olds), from_struct(request.news)
        if request.preview:
            outputs = self._life.preview_update(request.urn, token, olds, news)
        else:
            outputs = self._life.update(request.urn, token, request.id, olds, news)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @_answered
    def Delete(self, request: Any, context: Any) -> Any:
        """Ends the resource."""
        del context
        self._life.delete(request.urn, _type(request), request.id, from_struct(request.properties))
        return Empty()

    @_answered
    def Invoke(self, request: Any, context: Any) -> Any:
        """A data source."""
        del context
        function = registry.functions().get(request.tok)
        if function is None:
            raise HandlerError(
                f"the sandbox has no data source {request.tok}: write one under sandbox/provider/aws/, or take the fact from config"
            )
        cloud, arguments = self._known_cloud, from_struct(request.args)
        call = Call(
            urn=request.tok,
            region=arguments.get("region") or cloud.configuration.region,
            account=cloud.account,
            operation="",
            connect=cloud.clients.connect,
        )
        return provider_pb2.InvokeResponse(**{"return": to_struct(function.invoke(call, arguments))})

    def Cancel(self, request: Any, context: Any) -> Any:
        """Requests under way are short; they finish."""
        del request, context
        return Empty()

    @property
    def _life(self) -> Resources:
        if self._resources is None:
            raise HandlerError("the provider was asked about a resource before it was configured")
        return self._resources

    @property
    def _known_cloud(self) -> Cloud:
        if self._cloud is None:
            raise HandlerError("the provider was asked for data before it was configured")
        return self._cloud


def _warm(region: str) -> None:
    """Loads what is known of every type while the program is still loading: nobody waits for it then."""
    for token in registry.handlers():
        with contextlib.suppress(Exception):  # whoever needs it will meet, and tell, what is wrong
            sdk.resource(token)
            cloudformation.check_inputs(token, {}, region, UNKNOWN)


def _type(request: Any) -> str:
    return str(request.type or request.urn.split("::")[2].split("$")[-1])


def _failures(error: Exception) -> list[Any]:
    if isinstance(error, InvalidInputs):
        return [provider_pb2.CheckFailure(property=item.path, reason=item.reason) for item in error.failures]
    return [provider_pb2.CheckFailure(property="", reason=str(error))]
