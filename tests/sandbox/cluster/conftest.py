"""One control plane for all tests that only look at it."""

from collections.abc import Iterator

import pytest

from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane
from sandbox.paths import Home
from tests.kit.control_plane import Cluster, programs, project_folder


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A control plane with the nodes that a project without pools gets, and no definitions."""
    built = programs()
    plane = ControlPlane(Home(project_folder(tmp_path_factory.mktemp("cluster"))), "west")
    bring_up(plane, built, None, lambda _text: None)
    try:
        yield Cluster(plane, built)
    finally:
        plane.stop()
