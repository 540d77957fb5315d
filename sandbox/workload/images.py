"""How the programs of known images are started here, and what of a container's settings must differ on one machine."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.paths import REPOSITORY
from sandbox.workload.addresses import PRELOAD, with_addresses, with_own_loopback
from sandbox.workload.certificates import write_private
from sandbox.workload.containers import Launch, Pod
from sandbox.workload.install import Programs
from sandbox.workload.objects import ManifestError
from sandbox.workload.servers import as_somebody

_OWN_LOOPBACK = "a pod's loopback, and all its addresses, are its own address here"
_LISTENING = ("N8N_LISTEN_ADDRESS", "N8N_WORKER_SERVER_ADDRESS", "N8N_RUNNERS_BROKER_LISTEN_ADDRESS")


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands on this machine in place of images, names and public authorities."""

    programs: Programs
    tools: Path
    """Folder of Debian's programs: pgbouncer, redis-server."""
    names_file: Path
    names: Mapping[str, str]
    authority: Path
    processes: Path

    def command(self, launch: Launch, pod: Pod) -> list[str]:
        """The command line that stands for the container. ManifestError for an image that nothing stands for."""
        repository = launch.image.partition("@")[0].rpartition(":")[0] or launch.image
        for ending, start in _IMAGES.items():
            if repository.endswith(ending):
                self._rewrite(launch, pod)
                return start(self, launch, pod)
        raise ManifestError(f"{pod.name}: nothing on this machine stands for the image {launch.image}; known: {', '.join(_IMAGES)}")

    def _rewrite(self, launch: Launch, pod: Pod) -> None:
        for key, value in launch.environment.items():
            if (own := with_own_loopback(value, pod.address)) != value:
                launch.set(_OWN_LOOPBACK, **{key: own})

    def _node(self, launch: Launch) -> None:
        options = f"{launch.environment.get('NODE_OPTIONS', '')} --require={PRELOAD}".strip()
        launch.set("the cluster's names are answered from a file", NODE_OPTIONS=options, WORKLOAD_NAMES=str(self.names_file))
        launch.set("a throw-away authority stands for public ones", NODE_EXTRA_CA_CERTS=str(self.authority))


def _n8n(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    machine._node(launch)
    launch.set(_OWN_LOOPBACK, **dict.fromkeys(_LISTENING, pod.address))
    launch.environment.setdefault("NODE_ENV", "production")
    shims = _shims(machine, launch)
    launch.environment["PATH"] = f"{shims}:{launch.environment['PATH']}"
    if launch.command:
        return [*launch.command, *launch.arguments]
    return [str(machine.programs.node), str(machine.programs.n8n), *launch.arguments]


def _shims(machine: Machine, launch: Launch) -> Path:
    """What a script in the container finds on its PATH."""
    folder = launch.folder / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name, line in {"n8n": f'"{machine.programs.node}" "{machine.programs.n8n}"', "node": f'"{machine.programs.node}"'}.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        (folder / name).chmod(0o755)
    return folder


def _runners(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    machine._node(launch)
    launch.differences.append("the launcher is a stand-in of the sandbox's: no registry has n8n's; the Python runner is not started")
    launch.environment |= {
        "PYTHONPATH": str(REPOSITORY),
        "WORKLOAD_ADDRESS": pod.address,
        "WORKLOAD_NODE": str(machine.programs.node),
        "WORKLOAD_RUNNER": str(machine.programs.runner),
        "WORKLOAD_PROCESSES": str(machine.processes),
    }
    return [sys.executable, "-m", "sandbox.workload.launcher"]


def _pgbouncer(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    """PgBouncer asks the machine's resolver, so its file gets addresses; settings that this build does not know are left out."""
    given = [*launch.command, *launch.arguments]
    file = next((Path(word) for word in given if word.endswith(".ini")), None)
    if file is None or not file.is_file():
        raise ManifestError(
            f"{pod.name}: PgBouncer is given no .ini file that a volume brings; its command is {' '.join(given) or 'empty'}"
        )
    text, unknown = _known_settings(launch.rewrite(file.read_text()))
    text = with_addresses(with_own_loopback(text, pod.address), machine.names)
    text = re.sub(r"^(listen_addr\s*=).*$", rf"\1 {pod.address}", text, flags=re.MULTILINE)
    made = launch.folder / "pgbouncer.ini"
    write_private(made, text.encode())
    launch.differences.append("pgbouncer.ini has this machine's folders and addresses in place of paths and names")
    if unknown:
        launch.differences.append(f"pgbouncer.ini is without {', '.join(unknown)}, which Debian's older PgBouncer does not know")
    return [*as_somebody(), str(machine.tools / "pgbouncer"), str(made)]


_NEWER = (
    "max_prepared_statements",
    "auth_ldap_options",
    "server_tls13_ciphers",
    "client_tls13_ciphers",
    "query_wait_notify",
    "transaction_timeout",
)
"""Settings since PgBouncer 1.19: https://www.pgbouncer.org/changelog.html."""


def _known_settings(text: str) -> tuple[str, list[str]]:
    unknown = [name for name in _NEWER if re.search(rf"^{name}\s*=", text, re.MULTILINE)]
    for name in unknown:
        text = re.sub(rf"^{name}\s*=.*\n?", "", text, flags=re.MULTILINE)
    return text, unknown


_IMAGES: Mapping[str, Callable[[Machine, Launch, Pod], list[str]]] = {
    "n8nio/n8n": _n8n,
    "n8nio/runners": _runners,
    "pgbouncer": _pgbouncer,
}
