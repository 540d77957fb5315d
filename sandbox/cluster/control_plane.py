"""One stack's control plane: brought up, mended, looked at, and ended by what is written down about its processes."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import uuid
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox import processes
from sandbox.cluster import servers
from sandbox.cluster.build import Programs
from sandbox.cluster.certificates import ADMINISTRATOR, CLIENTS, write_private
from sandbox.cluster.servers import SERVERS, Layout, Ports
from sandbox.paths import Home
from sandbox.processes import Process

STAGES = Path(__file__).resolve().parent / "stages"
OPERATORS = STAGES.with_name("operators")
"""Stages for custom resources, each in a file that is named as its definition."""
_FIRST_PORT, _LAST_PORT = 16440, 31000
_PATIENCE = 90.0
_GRACE = 10.0


class ClusterError(Exception):
    """A control plane that does not come up, or refuses what it is given to begin with."""


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """The control plane of one stack, running or not."""

    home: Home
    stack: str

    @property
    def layout(self) -> Layout:
        """Its folder."""
        return Layout(self.home.clusters / self.stack)

    @property
    def kubeconfig(self) -> Path:
        """The administrator's way in, there as soon as the API is ready for work."""
        return self.home.clusters / f"{self.stack}.kubeconfig"

    @property
    def identity(self) -> str | None:
        """Changes whenever a control plane has lost its memory; None when there is none."""
        found = processes.read_json(self._note).get("identity")
        return str(found) if found else None

    @property
    def server(self) -> str:
        """The URL of its API."""
        return self._ports().server

    @property
    def alive(self) -> dict[str, Process]:
        """Those of SERVERS that run."""
        return {process.role: process for process in processes.recorded(self._processes)}

    @property
    def missing(self) -> list[str]:
        """Those of SERVERS that do not run."""
        alive = self.alive
        return [name for name in SERVERS if name not in alive]

    def log(self, name: str) -> Path:
        """What one of SERVERS printed."""
        return self.layout.logs / f"{name}.log"

    def start(self, programs: Programs) -> None:
        """Starts what does not run, and waits until all of it works. What etcd held before is there again.

        ClusterError with the end of a log when it does not come up; what was started is then ended.
        """
        if self.missing == list(SERVERS) or self.identity is None:
            self._end_processes()
            self._prepare(programs)
        elif "etcd" in self.missing and (waiting := self.alive.get("kube-apiserver")) is not None:
            # It would look for etcd at longer and longer intervals, up to minutes.
            processes.end(waiting, first=signal.SIGKILL, patience=_GRACE)
        try:
            self._start(programs)
        except BaseException:
            self._end_processes()
            raise

    def stop(self) -> None:
        """Ends it and removes all that it kept."""
        self.kubeconfig.unlink(missing_ok=True)
        # What clients remembered of its kinds.
        for path in self.home.clusters.glob(f"{self.stack}.*.kinds"):
            path.unlink(missing_ok=True)
        self._end_processes()
        shutil.rmtree(self.layout.folder, ignore_errors=True)

    def kubectl(self, programs: Programs, *arguments: str, given: object = None) -> str:
        """Runs kubectl as administrator, with `given` as JSON on its input; gives what it printed. ClusterError when it fails."""
        command = [str(programs.path("kubectl")), f"--kubeconfig={self.layout.kubeconfig(ADMINISTRATOR.name)}", *arguments]
        words = None if given is None else json.dumps(given)
        done = subprocess.run(
            command, input=words, env=_environment(self.layout.folder), capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            raise ClusterError(f"the cluster of {self.stack} refused `kubectl {' '.join(arguments[:3])}`: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def play(self, programs: Programs, definitions: Collection[str]) -> None:
        """Lets kwok also play the operators of these definitions (`certificates.cert-manager.io`), where it can."""
        wanted = _stages(programs, definitions)
        if self.layout.stages.read_text() == wanted:
            return
        processes.write_text(self.layout.stages, wanted)
        if (running := self.alive.get("kwok")) is not None:
            processes.end(running, first=signal.SIGTERM, patience=_GRACE)
        self._start_kwok(programs, self._ports())

    def tell_ready(self) -> None:
        """Lets everybody in: from now on the engine applies to this cluster."""
        write_private(self.kubeconfig, self.layout.kubeconfig(ADMINISTRATOR.name).read_text())

    @property
    def _note(self) -> Path:
        return self.layout.folder / "cluster.json"

    @property
    def _processes(self) -> Path:
        # Not among the sandbox's other processes: those end with the command that started them.
        return self.layout.folder / "processes"

    def _ports(self) -> Ports:
        noted: Any = processes.read_json(self._note)["ports"]
        try:
            return Ports(**noted)
        except TypeError as error:
            raise ClusterError(
                f"the cluster of {self.stack} was begun by another version of the sandbox: "
                f"`make cluster-down STACK={self.stack}` drops it, `make cluster` begins anew"
            ) from error

    def _prepare(self, programs: Programs) -> None:
        layout = self.layout
        layout.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        layout.logs.mkdir(exist_ok=True)
        layout.keys.make()
        ports = _free_ports(self.layout.folder)
        for client in CLIENTS:
            write_private(layout.kubeconfig(client.name), layout.keys.kubeconfig(client, ports.server, self.stack))
        processes.write_text(layout.authentication, servers.AUTHENTICATION)
        identity = self.identity if layout.data.exists() else None
        if identity is None:
            processes.write_text(layout.stages, _stages(programs, ()))
        processes.write_json(self._note, {"identity": identity or uuid.uuid4().hex, "ports": asdict(ports)})

    def _start(self, programs: Programs) -> None:
        ports = self._ports()
        for name in ("etcd", "kube-apiserver"):
            self._spawn(name, programs, ports)
        self._await("the API", SERVERS[:2], lambda: self._healthy(ports.api, "/readyz"))
        for name in SERVERS[2:]:
            self._spawn(name, programs, ports)
        self._await("the controllers", SERVERS[:4], lambda: self._healthy(ports.controllers, "/healthz"))
        self._await("the scheduler", SERVERS[:4], lambda: self._healthy(ports.scheduler, "/healthz"))
        self._start_kwok(programs, ports)

    def _start_kwok(self, programs: Programs, ports: Ports) -> None:
        """It ends when the API does not describe yet what it is to play, as right after a definition: then it is begun again."""

        def plays() -> bool:
            if "kwok" not in self.alive:
                # Those of an earlier one would keep the nodes from this one until they run out.
                self.kubectl(programs, "delete", "leases", "--all", "--namespace=kube-node-lease")
                self._spawn("kwok", programs, ports)
            return self._healthy(ports.kwok, "/healthz")

        self._await("kwok", SERVERS[:4], plays)

    def _spawn(self, name: str, programs: Programs, ports: Ports) -> None:
        if name in self.alive:
            return
        with self.log(name).open("a") as output:
            child = subprocess.Popen(
                servers.command(name, programs, self.layout, ports),
                env=_environment(self.layout.folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        # Known from its first moment, so that it can be ended even if we are killed before it answers.
        with contextlib.suppress(ProcessLookupError):
            processes.record(self._processes, processes.describe(child.pid, name))

    def _await(self, what: str, begun: Sequence[str], ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            alive = self.alive
            for name in (name for name in begun if name not in alive):
                raise ClusterError(
                    f"{name} of {self.stack} ended early; the end of {self.log(name)} says:\n{_tail(self.log(name))}\n"
                    f"Should it stay so: `make cluster-down STACK={self.stack}` drops what it held, and `make cluster` begins anew."
                )
            if time.monotonic() > deadline:
                raise ClusterError(f"{what} of {self.stack} did not answer within {_PATIENCE:.0f} s; see {self.layout.logs}")
            time.sleep(0.05)

    def _healthy(self, port: int, path: str) -> bool:
        context = ssl.create_default_context(cafile=str(self.layout.keys.certificate("authority")))
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _end_processes(self) -> None:
        for name in reversed(SERVERS):
            if (process := self.alive.get(name)) is not None:
                processes.end(process, first=signal.SIGTERM, patience=_GRACE)


def known(home: Home) -> list[ControlPlane]:
    """Control planes that this sandbox has, running or not."""
    found = (ControlPlane(home, path.parent.name) for path in sorted(home.clusters.glob("*/cluster.json")))
    return [plane for plane in found if plane.identity is not None]


def _stages(programs: Programs, definitions: Collection[str]) -> str:
    operators = [path for path in sorted(OPERATORS.glob("*.yaml")) if path.stem in definitions]
    return "\n---\n".join(path.read_text() for path in (programs.stages, *sorted(STAGES.glob("*.yaml")), *operators))


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the person's own: no credentials, no proxy, no kubeconfig."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)}


def _free_ports(folder: Path) -> Ports:
    """Ports that nobody listens on, below those that systems give to outgoing connections. Sandboxes begin to look at different places."""
    span = _LAST_PORT - _FIRST_PORT
    begin = zlib.crc32(str(folder).encode()) % span
    free: list[int] = []
    for offset in range(span):
        port = _FIRST_PORT + (begin + offset) % span
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            free.append(port)
        if len(free) == len(Ports.__slots__):
            return Ports(*free)
    raise ClusterError(f"no free ports between {_FIRST_PORT} and {_LAST_PORT} on 127.0.0.1")


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-5:])
