"""Brings a region's n8n up from its rendered objects: the database and its roles, the pooler, the queue, then n8n's processes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from sandbox.workload.containers import Launch
from sandbox.workload.objects import ManifestError, Object, name_of, namespace_of, pod_template
from sandbox.workload.servers import ServerError
from sandbox.workload.site import Running, Site

MAIN, WEBHOOK, WORKER = "n8n-main", "n8n-webhook", "n8n-worker"
EXPORT = "n8n-export"
_IMAGE, _JOB_IMAGE = "n8nio/n8n", "library/postgres"
_RDS_ROLE = "CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD '{}'"

Report = Callable[[str], None]


@dataclass(slots=True)
class Deployed:
    """One n8n that runs."""

    site: Site
    namespace: str
    running: dict[str, Running] = field(default_factory=dict)
    """Pod's name to the pod."""

    def start(self, name: str, index: int = 0, told: Mapping[str, str] | None = None) -> Running:
        """Start one more pod of a Deployment: MAIN, WEBHOOK or WORKER."""
        pod = self.site.start("Deployment", self.namespace, name, index, told)
        self.running[pod.name] = pod
        return pod

    def command(self, *arguments: str, told: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run one of n8n's own commands as the daily export's containers do: their environment, in a home that is empty at first."""
        job = only(self.site, "CronJob", EXPORT)
        pod = self.site.pod("CronJob", self.namespace, name_of(job))
        shutil.rmtree(pod.folder / "volumes" / "home", ignore_errors=True)
        container = {**pod.spec["initContainers"][0], "args": list(arguments)}
        return self.site.run_container(pod, container, told)

    def in_main(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of n8n's own commands in the pod of the main, as operators do; its /tmp is the folder `main_files`."""
        pod = self.running[f"{MAIN}-0"].pod
        return self.site.run_container(pod, {**pod.spec["containers"][0], "args": list(arguments)})

    @property
    def main_files(self) -> Path:
        """The folder that the main knows as /tmp."""
        return self.site.folder / "pods" / f"{MAIN}-0" / "volumes" / "tmp"

    @property
    def files(self) -> Path:
        """The folder that these commands know as /tmp."""
        return self.site.folder / "pods" / f"{EXPORT}-0" / "volumes" / "tmp"

    def environment(self, name: str = MAIN) -> Mapping[str, str]:
        """Return what the manifest tells n8n's container of a Deployment, secrets resolved."""
        return _launch(self.site, "Deployment", self.namespace, name, _IMAGE).environment


def deployed(site: Site) -> Deployed:
    """Return the region's n8n, not started. ManifestError when none is rendered."""
    return Deployed(site, namespace_of(only(site, "Deployment", MAIN)))


def bring_up(site: Site, report: Report = lambda _: None, *, workers: int = 1, told: Mapping[str, str] | None = None) -> Deployed:
    """Start all of it, what others stand on first; `told` changes what workers are told.

    Raises ManifestError or ServerError; what was started by then runs on, and is written down.
    """
    made = deployed(site)
    start_stores(site, made.environment(), report)
    report("n8n: main, which migrates its tables")
    made.start(MAIN)
    report("n8n: webhook processor and workers with their runners")
    made.start(WEBHOOK)
    for index in range(workers):
        made.start(WORKER, index, told)
    return made


def start_stores(site: Site, environment: Mapping[str, str], report: Report = lambda _: None) -> None:
    """Start PostgreSQL, Redis and PgBouncer, and run the Job that makes the database what its files say."""
    report("PostgreSQL and Redis")
    job = only(site, "Job", "migrations-")
    told = _launch(site, "Job", namespace_of(job), name_of(job), _JOB_IMAGE)
    site.start_servers([told.environment["PGHOST"]], [environment["QUEUE_BULL_REDIS_HOST"]], environment["QUEUE_BULL_REDIS_PASSWORD"])
    _as_rds_gives_it(site, told)
    report("roles and schemas, by the Job that the cluster runs")
    for done in site.run("Job", namespace_of(job), name_of(job)):
        if done.returncode:
            raise ServerError(f"{name_of(job)} failed: {done.stderr.strip()[-2000:]}")
    report("PgBouncer")
    pooler = only(site, "Deployment", "pgbouncer")
    site.start("Deployment", namespace_of(pooler), name_of(pooler))


def _as_rds_gives_it(site: Site, told: Launch) -> None:
    """Make the database and its master user, which is no superuser, once."""
    user, database = told.environment["MASTER_USER"], told.environment["PGDATABASE"]
    password = (told.mounts["/passwords"] / "master").read_text()
    with psycopg.connect(site.postgres.dsn(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (user,)).fetchone():
            return
        connection.execute(_RDS_ROLE.format(user, password.replace("'", "''")).encode())
        connection.execute(f"GRANT pg_monitor, pg_signal_backend TO {user} WITH ADMIN OPTION".encode())
        connection.execute(f"CREATE DATABASE {database} OWNER {user}".encode())


def only(site: Site, kind: str, beginning: str) -> Object:
    """Return the one object of a kind whose name begins so. ManifestError when there is none, or another."""
    found = [each for each in site.objects.kinds(kind) if name_of(each).startswith(beginning)]
    if len(found) != 1:
        raise ManifestError(f"expected one {kind} whose name begins with {beginning}, found {', '.join(map(name_of, found)) or 'none'}")
    return found[0]


def _launch(site: Site, kind: str, namespace: str, name: str, image: str) -> Launch:
    pod = site.pod(kind, namespace, name)
    containers: Iterable[Mapping[str, Any]] = pod_template(site.objects.get(kind, namespace, name))["spec"]["containers"]
    for container in containers:
        if image in str(container["image"]):
            return site.launch(pod, container, {})
    raise ManifestError(f"{kind} {namespace}/{name} has no container of {image}")
