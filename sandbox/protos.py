"""Pulumi's protocol messages without the weight of its SDK.

`import pulumi` costs about three times what the generated messages alone cost, in a plugin that starts on every engine run. The
messages live in `pulumi.runtime.proto`; giving Python empty parent packages lets it find them there.
"""

import importlib.util
import sys
import types
from pathlib import Path


def _spare_the_sdk() -> None:
    if "pulumi" in sys.modules:
        return
    spec = importlib.util.find_spec("pulumi")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the pulumi SDK is not installed in this environment: run `make up`, which installs it")
    root = Path(spec.origin).parent
    for name, folder in (("pulumi", root), ("pulumi.runtime", root / "runtime")):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package


_spare_the_sdk()

from pulumi.runtime.proto import (  # noqa: E402
    errors_pb2,
    language_pb2,
    language_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

__all__ = [
    "errors_pb2",
    "language_pb2",
    "language_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
]
