"""A region's n8n, run for real from the objects that are applied to its cluster; whatever is missing for it skips the test and is named."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sandbox.workload import install
from sandbox.workload.objects import Objects
from sandbox.workload.servers import ServerError
from sandbox.workload.site import Site
from scripts.n8n.bring_up import MAIN, WEBHOOK, Deployed, bring_up
from tests.kit.composed import shipped_graph
from tests.kit.kubernetes import objects
from tests.kit.n8n import Editor, call
from tests.kit.tools import needs

STACK = "us-east-1"
QUICK = {"QUEUE_WORKER_LOCK_DURATION": "4000", "QUEUE_WORKER_LOCK_RENEW_TIME": "1000", "QUEUE_WORKER_STALLED_INTERVAL": "2000"}
"""A dead worker is noticed within seconds rather than a minute and a half: what happens then is the same."""


class MadeUp:
    """Values of the cloud's secrets: for each name an object with the properties that external secrets ask for."""

    def __init__(self, known: Objects) -> None:
        self._properties: dict[str, set[str]] = {}
        for external in known.kinds("ExternalSecret"):
            for each in external["spec"].get("data", ()):
                reference = each["remoteRef"]
                self._properties.setdefault(reference["key"], set()).add(reference.get("property", "value"))

    def read(self, key: str) -> str:
        """Return the secret's value; KeyError for one that nothing asks for."""
        return json.dumps({name: f"{key[-24:]}-{name}-{'0' * 32}".replace("/", "-")[:56] for name in self._properties[key]})


@dataclass
class Live:
    """It, and how tests reach it."""

    deployed: Deployed

    @property
    def site(self) -> Site:
        return self.deployed.site

    @property
    def authority(self) -> str:
        return str(self.site.authority.certificate)

    @property
    def webhook_address(self) -> str:
        return self.deployed.running[f"{WEBHOOK}-0"].address

    @property
    def main_address(self) -> str:
        return self.deployed.running[f"{MAIN}-0"].address

    def call(self, path: str, given: Any) -> tuple[int, Any]:
        """Call a webhook; one that has just been published is known to webhook processors in a moment."""
        return call(self.webhook_address, f"/webhook/{path}", given, self.authority)

    def editor(self) -> Editor:
        """Sign in as the owner."""
        found = Editor(self.main_address)
        told = self.deployed.environment()
        found.sign_in(told["N8N_INSTANCE_OWNER_EMAIL"], self.owner_password())
        return found

    def owner_password(self) -> str:
        external = self.site.objects.get("ExternalSecret", self.deployed.namespace, "n8n-owner")
        reference = external["spec"]["data"][0]["remoteRef"]
        return str(json.loads(self.site.read(reference["key"]))[reference["property"]])

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the database itself, past the pooler."""
        with psycopg.connect(self.site.postgres.dsn(self._database()), autocommit=True) as connection:
            connection.execute("SET search_path = n8n")
            found = connection.execute(statement.encode(), parameters or None)
            return found.fetchall() if found.description else []

    def statuses(self, since: int) -> Mapping[int, str]:
        """Return id to status of the executions after one."""
        return dict(self.sql("SELECT id, status FROM execution_entity WHERE id > %s ORDER BY id", since))

    def newest(self) -> int:
        return int(self.sql("SELECT coalesce(max(id), 0) FROM execution_entity")[0][0])

    def _database(self) -> str:
        job = next(each for each in self.site.objects.kinds("Job") if each["metadata"]["name"].startswith("migrations-"))
        env = job["spec"]["template"]["spec"]["containers"][0]["env"]
        return str(next(each["value"] for each in env if each["name"] == "PGDATABASE"))


@contextlib.contextmanager
def live(folder: Path, cloud: str) -> Iterator[Live]:
    """Bring it up, and end every process of it."""
    tools = {name: needs(name) for name in ("redis-server", "pgbouncer")}
    for program in ("psql", "perl"):
        needs(program)
    programs = install.find()
    if programs is None:
        pytest.skip(f"n8n is not installed, so NOTHING of it was run: `{install.COMMAND}` installs it (2.5 GB, some 3 minutes)")
    if os.uname().sysname != "Linux":
        pytest.skip("pods have loopback addresses of their own on Linux alone, so NOTHING of n8n was run")
    known = Objects.of(objects(shipped_graph(STACK)))
    site = Site(folder, known, programs, tools, MadeUp(known).read, cloud)
    try:
        yield Live(bring_up(site, told=QUICK))
    except ServerError as error:
        if "refuse root" in str(error):
            pytest.skip(f"NOTHING of n8n was run: {error}")
        raise
    finally:
        site.down()
