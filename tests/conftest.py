"""Fixtures that every test may use."""

from tests.kit.estate import estate
from tests.kit.provider import emulated_cloud, workbench

__all__ = ["emulated_cloud", "estate", "workbench"]
