"""Fixtures that every test may use."""

import pulumi  # noqa: F401 - the real one, before `sandbox.protos` gives a process without it empty parent packages

from tests.kit.estate import estate
from tests.kit.provider import emulated_cloud, workbench

__all__ = ["emulated_cloud", "estate", "workbench"]
