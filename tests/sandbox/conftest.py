"""Fixtures of the sandbox's own tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.project import Project, project


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Project]:
    """A small project with three stacks and a sandbox of its own."""
    with project(tmp_path) as made:
        yield made
