"""A plugin on an emulated cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.cloud import EmulatedCloud
from tests.kit.kubernetes_plugin import Engine, cluster, plugin


@pytest.fixture(scope="session")
def running_plugin(emulated_cloud: EmulatedCloud) -> Iterator[Engine]:
    """One process for all tests that need no environment of their own."""
    with plugin(emulated_cloud) as asked:
        yield asked


@pytest.fixture
def engine(emulated_cloud: EmulatedCloud, running_plugin: Engine) -> Engine:
    """Configured for a new cluster of version 1.35."""
    emulated_cloud.reset()
    running_plugin.configure(cluster(emulated_cloud))
    return running_plugin
