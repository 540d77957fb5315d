"""The plugin's process: the engine starts it with its own address, and reads the port from the first line it prints."""

from __future__ import annotations

import gc
import importlib.metadata
import logging
import os
import sys
from concurrent import futures

import grpc

from sandbox.protos import provider_pb2_grpc
from sandbox.provider.service import Provider
from sandbox.signals import Farewell

_WORKERS = 24


def main() -> None:
    """Serves on loopback until the engine ends it."""
    # What was loaded so far lives to the end: it need never be looked through for garbage.
    gc.freeze()
    logging.basicConfig(stream=sys.stderr, level=os.environ.get("SANDBOX_LOG", "ERROR"), format="%(name)s: %(message)s")
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=_WORKERS),
        options=[("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(importlib.metadata.version("pulumi_aws")), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    # The engine ends a plugin that acknowledged Cancel by SIGINT, waits for it, and starts plugins in a group of their own: a
    # terminal's Ctrl-C does not come here.
    farewell = Farewell()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    farewell.wait()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
