"""What the sandbox's plugins share of Pulumi's provider protocol, and the process that each of them is."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterable
from concurrent import futures
from typing import Any, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty

from sandbox.protos import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from sandbox.provider.differ import Change
from sandbox.provider.errors import HandlerError, InvalidInputs, explain
from sandbox.signals import Farewell

T = TypeVar("T")
_WORKERS = 24
_log = logging.getLogger(__name__)

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Plugin(provider_pb2_grpc.ResourceProviderServicer):
    """The questions that every plugin answers alike."""

    def __init__(self, version: str) -> None:
        self._version = version

    def Handshake(self, request: Any, context: Any) -> Any:
        """Secrets come unwrapped: the engine itself marks outputs whose inputs were secret."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=False, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version of the installed SDK, which the plugin follows."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    def Cancel(self, request: Any, context: Any) -> Any:
        """Requests under way are short; they finish."""
        del request, context
        return Empty()


def answered(method: Callable[..., T]) -> Callable[..., T]:
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


def differences(found: Iterable[Change], *, replace_first: bool) -> Any:
    """The answer to Diff: these changes; with `replace_first` the old resource goes before its replacement is made."""
    changes = list(found)
    response = provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        hasDetailedDiff=True,
        deleteBeforeReplace=replace_first,
    )
    for change in changes:
        response.diffs.append(change.path)
        response.detailedDiff[change.path].kind = _KINDS[change.kind, change.replaces]
        response.detailedDiff[change.path].inputDiff = True
        if change.replaces:
            response.replaces.append(change.path)
    return response


def type_of(request: Any) -> str:
    """The type that a request is about, whichever way this engine tells it."""
    return str(request.type or request.urn.split("::")[2].split("$")[-1])


def failures_of(error: Exception) -> list[Any]:
    """What Check answers when inputs cannot be."""
    if isinstance(error, InvalidInputs):
        return [provider_pb2.CheckFailure(property=item.path, reason=item.reason) for item in error.failures]
    return [provider_pb2.CheckFailure(property="", reason=str(error))]


def partly_failed(context: Any, message: str, resource_id: str, outputs: Any, inputs: Any) -> None:
    """Ends the request so that the engine's state holds the resource, and the next run goes on with it."""
    failure = provider_pb2.ErrorResourceInitFailed(id=resource_id, properties=outputs, inputs=inputs, reasons=[message])
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    status.details.add().Pack(failure)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, message)


def serve(plugin: Plugin) -> None:
    """Serves on loopback until the engine ends the process: it reads the port from the first line that is printed."""
    # What was loaded so far lives to the end: it need never be looked through for garbage.
    gc.freeze()
    logging.basicConfig(stream=sys.stderr, level=os.environ.get("SANDBOX_LOG", "ERROR"), format="%(name)s: %(message)s")
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=_WORKERS),
        options=[("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    # The engine ends a plugin that acknowledged Cancel by SIGINT, waits for it, and starts plugins in a group of their own: a
    # terminal's Ctrl-C does not come here.
    farewell = Farewell()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    farewell.wait()
    server.stop(grace=None)
