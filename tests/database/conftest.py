"""One server for all tests of the database; one migrated database that tests share, and an empty one for each that asks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from scripts.tools_postgres import PostgresServer
from tests.database.made import ACME, ZETA, Place, a_place, running

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A server of PostgreSQL 17."""
    with running() as found:
        yield found


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    """A server of its own, since roles are the server's: what a test leaves there would meet the next."""
    with running() as found, a_place(found, tmp_path, f"fresh{next(_NUMBERS)}") as place:
        yield place


@pytest.fixture(scope="session")
def migrated(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A database with two tenants; read only in what they share."""
    with a_place(server, tmp_path_factory.mktemp("database"), "morefocus") as place:
        place.migrate(ACME, ZETA)
        yield place
