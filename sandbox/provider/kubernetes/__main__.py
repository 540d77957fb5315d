"""The `kubernetes` plugin's process: the engine starts it with its own address, and reads the port from the first line it prints."""

from __future__ import annotations

import importlib.metadata

from sandbox.provider.kubernetes.service import Provider
from sandbox.provider.plugin import serve

if __name__ == "__main__":
    serve(Provider(importlib.metadata.version("pulumi_kubernetes")))
