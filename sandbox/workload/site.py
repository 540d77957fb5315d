"""Workloads of one cluster's manifests, run as processes: started, looked at, killed and ended by what is written down about them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sandbox import processes
from sandbox.processes import Process
from sandbox.workload.addresses import Addresses, written
from sandbox.workload.certificates import Authority
from sandbox.workload.containers import Launch, Pod, Reader, is_sidecar
from sandbox.workload.images import Machine
from sandbox.workload.install import Programs
from sandbox.workload.objects import ManifestError, Objects, pod_template
from sandbox.workload.probes import answers, passes
from sandbox.workload.secrets import Read, Secrets
from sandbox.workload.servers import POSTGRES_PORT, REDIS_PORT, Postgres, Redis, ServerError, until

_READY_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Running:
    """A pod whose containers run."""

    pod: Pod
    processes: Mapping[str, Process]
    """Container to its process; sidecars among them, in the order in which they were started."""

    @property
    def name(self) -> str:
        """The pod's name."""
        return self.pod.name

    @property
    def address(self) -> str:
        """Where it answers, on the ports of its manifest."""
        return self.pod.address

    @property
    def alive(self) -> bool:
        """False as soon as one of its containers has ended."""
        return all(process.alive for process in self.processes.values())


@dataclass(slots=True)
class Site:
    """A folder in which a part of one cluster runs."""

    folder: Path
    objects: Objects
    programs: Programs
    tools: Mapping[str, str]
    """Paths of Debian's programs by name: pgbouncer, redis-server."""
    read: Read
    """Gives the value of one of the cloud's secrets."""
    cloud: str = ""
    """URL of the emulated cloud."""
    differences: dict[str, list[str]] = field(default_factory=dict)
    """Pod and container to what is not as in the cluster, in words."""

    @property
    def authority(self) -> Authority:
        """Signs all that speaks TLS here."""
        return Authority(self.folder / "authority")

    @property
    def notes(self) -> Path:
        """What is written down about processes."""
        return self.folder / "processes"

    @property
    def addresses(self) -> Addresses:
        """Who answers where."""
        return Addresses.load(self.folder / "addresses.json")

    @property
    def postgres(self) -> Postgres:
        """The database's server."""
        return Postgres(self.folder / "postgres", self.programs.postgres, self.addresses.give("postgres"))

    @property
    def redis(self) -> Redis:
        """The queue's server."""
        return Redis(self.folder / "redis", self.tools["redis-server"], self.addresses.give("redis"))

    def start_servers(self, database_names: Sequence[str], queue_names: Sequence[str], queue_password: str) -> None:
        """Starts PostgreSQL and Redis, which answer under these names. ServerError with the end of a log when one does not come up."""
        self.authority.make()
        postgres, redis = self.postgres, self.redis
        self.addresses.give("postgres", database_names)
        self.addresses.give("redis", queue_names)
        postgres.prepare(self.authority, database_names)
        redis.prepare(self.authority, queue_names, queue_password)
        for role, command, port in (("postgres", postgres.command(), POSTGRES_PORT), ("redis", redis.command(), REDIS_PORT)):
            process = self._spawn(role, command, _plain(), self.folder)
            self._await(role, partial(answers, self.addresses.give(role), port), partial(_alive, process), 60)

    def start(self, kind: str, namespace: str, name: str, index: int = 0, told: Mapping[str, str] | None = None) -> Running:
        """Starts one pod of a workload and waits until its probes say that it is ready.

        `told` changes its environment, and is listed among the differences. ManifestError or ServerError when it cannot.
        """
        pod = self.pod(kind, namespace, name, index)
        self._write_names()
        started: dict[str, Process] = {}
        for container in _in_order(pod):
            launch, command = self._command(pod, container, told or {})
            if command:
                started[launch.name] = self._spawn(f"{pod.name}/{launch.name}", command, launch.environment, launch.folder)
        if not started:
            raise ManifestError(f"{kind} {namespace}/{name}: nothing on this machine stands for any of its images")
        running = Running(pod, started)
        for container in _in_order(pod):
            probe = container.get("readinessProbe") or container.get("startupProbe") or container.get("livenessProbe")
            if probe is not None and container["name"] in started:
                role = f"{pod.name}/{container['name']}"
                self._await(role, partial(passes, probe, container, pod.address), lambda: running.alive, _READY_SECONDS)
        return running

    def run(self, kind: str, namespace: str, name: str, told: Mapping[str, str] | None = None) -> list[subprocess.CompletedProcess[str]]:
        """Runs a Job's (or CronJob's) containers to their end, one after another, until one fails."""
        pod = self.pod(kind, namespace, name, 0)
        self._write_names()
        done: list[subprocess.CompletedProcess[str]] = []
        spec = pod.spec
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            done.append(self.run_container(pod, container, told))
            if done[-1].returncode:
                break
        return done

    def run_container(
        self, pod: Pod, container: Mapping[str, Any], told: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs one container of a pod to its end."""
        self._write_names()
        launch, command = self._command(pod, container, told or {})
        if not command:
            raise ManifestError(f"{pod.name}: nothing on this machine stands for {launch.image}")
        return _to_its_end(command, launch)

    def pod(self, kind: str, namespace: str, name: str, index: int = 0) -> Pod:
        """One pod of a workload; Services that select it lead to the last one that was asked for."""
        template = pod_template(self.objects.get(kind, namespace, name))
        called = f"{name}-{index}"
        labels = template.get("metadata", {}).get("labels") or {}
        address = self.addresses.give(called, self.objects.names_of_pod(namespace, labels))
        folder = self.folder / "pods" / called
        folder.mkdir(parents=True, exist_ok=True)
        return Pod(called, namespace, template, address, folder)

    def launch(self, pod: Pod, container: Mapping[str, Any], told: Mapping[str, str]) -> Launch:
        """A container of the pod, ready to be started."""
        self.authority.make()
        reader = Reader(
            self.objects, Secrets(self.objects, self.read, self.authority, {"bcrypt": self.programs.bcrypt}), self.folder / "claims"
        )
        launch = reader.launch(pod, container)
        launch.set("asked for by whoever runs it here", **told)
        return launch

    def _command(self, pod: Pod, container: Mapping[str, Any], told: Mapping[str, str]) -> tuple[Launch, list[str]]:
        launch = self.launch(pod, container, told)
        command = self.machine().command(launch, pod)
        if command is None:
            launch.differences = [f"not started: nothing on this machine stands for {launch.image}"]
        self.differences[f"{pod.name}/{launch.name}"] = launch.differences
        return launch, command or []

    def machine(self) -> Machine:
        """What stands here in place of images."""
        names = self.addresses.names
        return Machine(self.programs, self.tools, self.folder / "names.json", names, self.authority.certificate, self.cloud)

    def log(self, role: str) -> Path:
        """What a process printed: `postgres`, `redis`, or `<pod>/<container>`."""
        return self.folder / "logs" / f"{role.replace('/', '.')}.log"

    def stop(self, running: Running, patience: float | None = None) -> bool:
        """Ends a pod as Kubernetes does: its containers, then its sidecars, by SIGTERM. True when one had to be killed in the end."""
        grace = patience if patience is not None else float(running.pod.spec.get("terminationGracePeriodSeconds", 30))
        killed = False
        for process in reversed([*running.processes.values()]):
            killed |= processes.end(process, first=signal.SIGTERM, patience=grace)
            _end_group(process)
        return killed

    def kill(self, running: Running) -> None:
        """Ends a pod as a lost node does: nothing of it is told."""
        for process in running.processes.values():
            _end_group(process)
            processes.end(process, first=signal.SIGKILL, patience=10)

    def down(self) -> list[str]:
        """Ends every process that is written down, those that others stand on last; gives their roles."""
        living = processes.recorded(self.notes)
        last = ("postgres", "redis")
        for process in sorted(living, key=lambda one: last.index(one.role) + 1 if one.role in last else 0):
            first = signal.SIGINT if process.role == "postgres" else signal.SIGTERM
            processes.end(process, first=first, patience=6)
            _end_group(process)
        return [process.role for process in living]

    def _write_names(self) -> None:
        processes.write_text(self.folder / "names.json", written(self.addresses.names))

    def _spawn(self, role: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Process:
        self.log(role).parent.mkdir(parents=True, exist_ok=True)
        with self.log(role).open("ab") as printed:
            child = subprocess.Popen(
                command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, start_new_session=True
            )
        try:
            process = processes.describe(child.pid, role)
        except ProcessLookupError:
            raise ServerError(f"{role} ended at once: {self._end_of_log(role)}") from None
        processes.record(self.notes, process)
        return process

    def _await(self, role: str, ready: Callable[[], bool], alive: Callable[[], bool], seconds: float) -> None:
        try:
            until(ready, seconds, role, alive)
        except ServerError as error:
            raise ServerError(f"{error}; its log ({self.log(role)}) ends:\n{self._end_of_log(role)}") from None

    def _end_of_log(self, role: str) -> str:
        return self.log(role).read_text(errors="replace")[-2000:]


def _in_order(pod: Pod) -> list[Mapping[str, Any]]:
    """Sidecars first, as Kubernetes starts them."""
    spec = pod.spec
    return [*(each for each in spec.get("initContainers", ()) if is_sidecar(each)), *spec["containers"]]


def _to_its_end(command: Sequence[str], launch: Launch) -> subprocess.CompletedProcess[str]:
    environment = launch.environment
    return subprocess.run(command, env=environment, cwd=launch.folder, capture_output=True, text=True, check=False, timeout=300)


def _end_group(process: Process) -> None:
    """Kills the process and what it started and left behind: each of ours leads a group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _alive(process: Process) -> bool:
    return process.alive


def _plain() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "TZ", "HOME", "TMPDIR"}}
