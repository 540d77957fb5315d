"""A provider that echoes what it is given: no checks, no facts, no cloud."""

from __future__ import annotations

import sys
from concurrent import futures
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from sandbox.protos import plugin_pb2, provider_pb2, provider_pb2_grpc

VERSION = "7.51.1"


class Echo(provider_pb2_grpc.ResourceProviderServicer):
    """The least that the engine accepts as a provider."""

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Takes no secrets, resources or outputs."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """A fixed version."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Everything is fine."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing changes."""
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing to configure."""
        del request, context
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Everything is fine."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Compares the wire values as they are."""
        del context
        same = request.old_inputs == request.news
        none, some = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME
        return provider_pb2.DiffResponse(changes=none if same else some)

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The inputs are the outputs."""
        del context
        identity = "" if request.preview else request.urn.rsplit("::", 1)[-1]
        return provider_pb2.CreateResponse(id=identity, properties=request.properties)

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """As remembered."""
        del context
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """The inputs are the outputs."""
        del context
        return provider_pb2.UpdateResponse(properties=request.news)

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing stands anywhere."""
        del request, context
        return Empty()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing takes long."""
        del request, context
        return Empty()


def main() -> None:
    """Serves on loopback until the engine ends it."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=24))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Echo(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
