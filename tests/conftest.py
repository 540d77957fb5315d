"""Fixtures that every test may use."""

import gc
import os

import pulumi  # noqa: F401 - the real one, before `sandbox.protos` gives a process without it empty parent packages

from tests.kit.estate import estate
from tests.kit.provider import emulated_cloud, workbench

__all__ = ["emulated_cloud", "estate", "workbench"]

# As in `stacks.start`: a composed stack's objects live on in shared graphs, and looking through them again and again takes most of a run.
gc.set_threshold(100_000, 20, 20)

# As the sandbox does: no registry is asked for digests here.
os.environ.setdefault("MOREFOCUS_IMAGE_STANDINS", "sandbox.invalid")
