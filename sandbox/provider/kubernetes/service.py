"""Pulumi's provider protocol over objects of Kubernetes clusters."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from google.protobuf.empty_pb2 import Empty

from sandbox.protos import provider_pb2
from sandbox.provider.clients import endpoint
from sandbox.provider.emulated import EmulatedApi
from sandbox.provider.errors import HandlerError, InvalidInputs
from sandbox.provider.journal import Journal
from sandbox.provider.kubernetes.kinds import Kinds, from_cluster
from sandbox.provider.kubernetes.kubeconfig import Configuration, cluster_of
from sandbox.provider.kubernetes.lifecycle import Objects, UnreadyError, secrets_of
from sandbox.provider.kubernetes.objects import RELEASE
from sandbox.provider.kubernetes.release import Releases
from sandbox.provider.kubernetes.schemas import Schemas
from sandbox.provider.kubernetes.target import Emulated, Target
from sandbox.provider.plugin import Plugin, answered, differences, failures_of, partly_failed, type_of
from sandbox.provider.values import UNKNOWN, Properties, from_struct, to_struct

_IDENTIFIER = "clusterIdentifier"
_ADDRESS = ("kubeconfig", "context", "cluster")


class Provider(Plugin):
    """One provider instance: the engine starts a process for each."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._objects: Objects | None = None
        self._releases: Releases | None = None
        self._target: Target | None = None

    @answered
    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Refuses a configuration that names no cluster; one that is not known yet is taken."""
        del context
        news = from_struct(request.news)
        failures = []
        if not any(news.get(name) is UNKNOWN for name in _ADDRESS):
            try:
                Configuration.parse(news)
            except InvalidInputs as error:
                failures = failures_of(error)
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @answered
    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Another cluster replaces all that stands in it: told by its identifier, or else by the active cluster's address.

        Source: https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/ (`clusterIdentifier`).
        """
        del context
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        changed = sorted(name for name in olds.keys() | news.keys() if olds.get(name) != news.get(name))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if changed else none, diffs=changed, replaces=_replacing(olds, news, changed))

    @answered
    def Configure(self, request: Any, context: Any) -> Any:
        """Finds the cluster, and loads what its version of Kubernetes knows."""
        del context
        configuration = Configuration.parse(from_struct(request.args))
        address = endpoint()
        api, journal = EmulatedApi(address), Journal(address)
        recorded = Emulated(api, configuration.cluster.server)
        target = self._target = _live(request) or recorded
        kinds = Kinds(Schemas(target.version), from_cluster(target.objects))
        self._objects = Objects(configuration, target, kinds, journal)
        self._releases = Releases(configuration, recorded, target, journal)
        return provider_pb2.ConfigureResponse(acceptSecrets=False, acceptResources=False, supportsPreview=True)

    @answered
    def Check(self, request: Any, context: Any) -> Any:
        """Inputs with kind, name and namespace; or every failure found."""
        del context
        token, news, olds = type_of(request), from_struct(request.news), from_struct(request.olds)
        life = self._life(token)
        try:
            inputs = life.check(request.urn, token, olds, news, request.randomSeed)
        except InvalidInputs as error:
            return provider_pb2.CheckResponse(inputs=to_struct(news), failures=failures_of(error))
        return provider_pb2.CheckResponse(inputs=to_struct(secrets_of(token, inputs)))

    @answered
    def Diff(self, request: Any, context: Any) -> Any:
        """Changed inputs, leaf by leaf, and whether they replace."""
        del context
        token = type_of(request)
        life = self._life(token)
        life.acknowledge(request.urn, request.id)
        found, first = life.diff(token, from_struct(request.old_inputs), from_struct(request.news))
        return differences(found, replace_first=first and any(change.replaces for change in found))

    @answered
    def Create(self, request: Any, context: Any) -> Any:
        """Makes the object; in a preview, says what is already known of it."""
        token, inputs = type_of(request), from_struct(request.properties)
        life = self._life(token)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(life.preview_create(request.urn, token, inputs)))
        try:
            resource_id, outputs = life.create(request.urn, token, inputs, request.timeout)
        except UnreadyError as error:
            _unready(context, token, error, inputs)
            raise
        return provider_pb2.CreateResponse(id=resource_id, properties=to_struct(outputs))

    @answered
    def Read(self, request: Any, context: Any) -> Any:
        """The object as its target has it now; an empty id when it is gone."""
        del context
        token = type_of(request)
        life = self._life(token)
        found = life.read(request.urn, token, request.id, from_struct(request.properties), from_struct(request.inputs))
        if found is None:
            return provider_pb2.ReadResponse()
        life.acknowledge(request.urn, request.id)
        inputs, outputs = found
        return provider_pb2.ReadResponse(id=request.id, inputs=to_struct(secrets_of(token, inputs)), properties=to_struct(outputs))

    @answered
    def Update(self, request: Any, context: Any) -> Any:
        """Changes the object in place."""
        token, olds, news = type_of(request), from_struct(request.olds), from_struct(request.news)
        life = self._life(token)
        if request.preview:
            outputs = life.preview_update(request.urn, token, olds, news)
        else:
            try:
                outputs = life.update(request.urn, token, olds, news, request.timeout, ignored=list(request.ignoreChanges))
            except UnreadyError as error:
                _unready(context, token, error, news)
                raise
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    @answered
    def Delete(self, request: Any, context: Any) -> Any:
        """Ends the object."""
        del context
        token = type_of(request)
        self._life(token).delete(token, request.id, from_struct(request.properties), request.timeout)
        return Empty()

    @answered
    def Invoke(self, request: Any, context: Any) -> Any:
        """Functions of the real provider render files and charts, which objects of typed classes do not need."""
        del context
        raise HandlerError(f"the sandbox has no function {request.tok}: declare typed objects, or a chart as {RELEASE}")

    def Cancel(self, request: Any, context: Any) -> Any:
        """Waits for rollouts end; what was applied stays."""
        if self._target is not None:
            self._target.cancel()
        return super().Cancel(request, context)

    def _life(self, token: str) -> Any:
        found = self._releases if token == RELEASE else self._objects
        if found is None:
            raise HandlerError("the provider was asked about an object before it was configured")
        return found


def _live(request: Any) -> Target | None:
    """The real API server of the provider's stack, when `make cluster` has brought one up."""
    folder, urn = os.environ.get("SANDBOX_FOLDER"), str(request.urn)
    if not folder or "::" not in urn:
        return None
    stack = urn.removeprefix("urn:pulumi:").partition("::")[0]
    kubeconfig = Path(folder, "cluster", f"{stack}.kubeconfig")
    if not kubeconfig.exists():
        return None
    from sandbox.provider.kubernetes.live import Live

    return Live(kubeconfig)


def _unready(context: Any, token: str, error: UnreadyError, inputs: Properties) -> None:
    partly_failed(context, str(error), error.resource_id, to_struct(error.outputs), to_struct(secrets_of(token, inputs)))


def _replacing(olds: Properties, news: Properties, changed: list[str]) -> list[str]:
    before, after = olds.get(_IDENTIFIER), news.get(_IDENTIFIER)
    if before is not None and after is not None:
        return [] if before == after else [_IDENTIFIER]
    unknown = [name for name in _ADDRESS if news.get(name) is UNKNOWN]
    if unknown:
        return unknown
    try:
        same = cluster_of(olds).server == cluster_of(news).server
    except InvalidInputs:
        same = True
    return [] if same else [name for name in _ADDRESS if name in changed]
