"""Pulumi's provider protocol (`pulumirpc.ResourceProvider`) over the sandbox's resources."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct

from sandbox.protos import provider_pb2
from sandbox.provider import registry
from sandbox.provider.clients import Clients, endpoint
from sandbox.provider.configuration import Configuration
from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.facts import cloudformation, sdk
from sandbox.provider.handler import Call
from sandbox.provider.journal import Journal
from sandbox.provider.plugin import Plugin, answered, differences, failures_of, type_of
from sandbox.provider.resources import Cloud, Resources
from sandbox.provider.values import UNKNOWN, Properties, from_struct, known, to_struct


class Provider(Plugin):
    """One provider instance: the engine starts a process for each."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._resources: Resources | None = None
        self._cloud: Cloud | None = None

    @answered
    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuses a configuration without region or with malformed nested values."""
        del context
        news = from_struct(request.news)
        failures = []
        if known(news):
            try:
                Configuration.parse(news)
            except InvalidInputs as error:
                failures = failures_of(error)
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @answered
    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Nothing in the configuration replaces the provider: a region change shows on the resources themselves."""
        del context
        changed = from_struct(request.old_inputs) != from_struct(request.news)
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if changed else none)

    @answered
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

    @answered
    def Check(self, request: Any, context: Any) -> Any:
        """Inputs with defaults, region and name; or every failure found."""
        del context
        news = from_struct(request.news)
        try:
            inputs = self._life.check(request.urn, type_of(request), _without_id(request.olds), news, request.randomSeed)
        except (InvalidInputs, sdk.UnknownType) as error:
            return provider_pb2.CheckResponse(inputs=to_struct(news), failures=failures_of(error))
        return provider_pb2.CheckResponse(inputs=to_struct(inputs))

    @answered
    def Diff(self, request: Any, context: Any) -> Any:
        """Changed inputs, leaf by leaf, and whether they replace."""
        del context
        token = type_of(request)
        self._known_cloud.journal.acknowledge(request.urn, request.id)
        found = self._life.diff(token, from_struct(request.old_inputs), _without_id(request.olds), from_struct(request.news))
        return differences(found, replace_first=registry.handlers()[token].replace_first)

    @answered
    def Create(self, request: Any, context: Any) -> Any:
        """Makes the resource; in a preview, says what is already known of it."""
        del context
        token, inputs = type_of(request), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=_with_id(self._life.preview_create(request.urn, token, inputs), UNKNOWN))
        resource_id, outputs = self._life.create(request.urn, token, inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=_with_id(outputs, resource_id))

    @answered
    def Read(self, request: Any, context: Any) -> Any:
        """The resource as the cloud has it now; an empty id when it is gone."""
        del context
        found = self._life.read(request.urn, type_of(request), request.id, _without_id(request.properties), from_struct(request.inputs))
        if found is None:
            return provider_pb2.ReadResponse()
        inputs, outputs = found
        return provider_pb2.ReadResponse(id=request.id, inputs=to_struct(inputs), properties=_with_id(outputs, request.id))

    @answered
    def Update(self, request: Any, context: Any) -> Any:
        """Changes the resource in place."""
        del context
        token, olds, news = type_of(request), _without_id(request.olds), from_struct(request.news)
        if request.preview:
            outputs = self._life.preview_update(request.urn, token, olds, news)
        else:
            outputs = self._life.update(request.urn, token, request.id, olds, news)
        return provider_pb2.UpdateResponse(properties=_with_id(outputs, request.id))

    @answered
    def Delete(self, request: Any, context: Any) -> Any:
        """Ends the resource."""
        del context
        self._life.delete(request.urn, type_of(request), request.id, _without_id(request.properties))
        return Empty()

    @answered
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


def _with_id(outputs: Properties, resource_id: Any) -> Struct:
    """Outputs as the real provider writes them: the id is one of them, and the only way in which policies are told it."""
    return to_struct({**outputs, "id": resource_id})


def _without_id(given: Struct) -> Properties:
    """Outputs as handlers know them."""
    return {key: value for key, value in from_struct(given).items() if key != "id"}


def _warm(region: str) -> None:
    """Loads what is known of every type while the program is still loading: nobody waits for it then."""
    for token in registry.handlers():
        with contextlib.suppress(Exception):  # whoever needs it will meet, and tell, what is wrong
            sdk.resource(token)
            cloudformation.check_inputs(token, {}, region, UNKNOWN)
