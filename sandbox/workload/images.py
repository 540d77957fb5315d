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

_PRELOADED = re.compile(r"(?:--require|-r)[= ](?P<file>/\S+)\s*")
_OWN_LOOPBACK = "a pod's loopback, and all its addresses, are its own address here"
_LISTENING = ("N8N_LISTEN_ADDRESS", "N8N_WORKER_SERVER_ADDRESS", "N8N_RUNNERS_BROKER_LISTEN_ADDRESS")


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands on this machine in place of images, names and public authorities."""

    programs: Programs
    tools: Mapping[str, str]
    """Paths of Debian's programs by name: pgbouncer, redis-server."""
    names_file: Path
    names: Mapping[str, str]
    authority: Path
    cloud: str
    """URL of the emulated cloud; empty where there is none."""

    def command(self, launch: Launch, pod: Pod) -> list[str] | None:
        """The command line that stands for the container; None where nothing on this machine stands for its image."""
        repository = launch.image.partition("@")[0].rpartition(":")[0] or launch.image
        for ending, start in _IMAGES.items():
            if repository.endswith(ending):
                self._rewrite(launch, pod)
                return start(self, launch, pod)
        return None

    def _rewrite(self, launch: Launch, pod: Pod) -> None:
        for key, value in launch.environment.items():
            if (own := with_own_loopback(value, pod.address)) != value:
                launch.set(_OWN_LOOPBACK, **{key: own})

    def _node(self, launch: Launch) -> None:
        options = launch.environment.get("NODE_OPTIONS", "")
        for match in _PRELOADED.finditer(options):
            if not Path(match["file"]).exists():
                options = options.replace(match[0], "")
                launch.differences.append(f"{match['file']} is not loaded: the container that would bring it is not run here")
        options = f"{options.strip()} --require={PRELOAD}".strip()
        launch.set("the cluster's names are answered from a file", NODE_OPTIONS=options, WORKLOAD_NAMES=str(self.names_file))
        launch.set("a throw-away authority stands for public ones", NODE_EXTRA_CA_CERTS=str(self.authority))


def _n8n(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    machine._node(launch)
    launch.set(_OWN_LOOPBACK, **dict.fromkeys(_LISTENING, pod.address))
    launch.environment.setdefault("NODE_ENV", "production")
    node = f'"{machine.programs.node}"'
    _shims(launch, {"n8n": f'{node} "{machine.programs.n8n}"', "node": node})
    if launch.command:
        return [*launch.command, *launch.arguments]
    return [str(machine.programs.node), str(machine.programs.n8n), *launch.arguments]


def _shims(launch: Launch, programs: Mapping[str, str]) -> None:
    """Puts programs, each with the command that starts it, where a script in the container finds them."""
    folder = launch.folder / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in programs.items():
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / name).chmod(0o755)
    launch.environment["PATH"] = f"{folder}:{launch.environment['PATH']}"


def _runners(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    machine._node(launch)
    launch.differences.append("the launcher is a stand-in of the sandbox's: no registry has n8n's; the Python runner is not started")
    launch.environment |= {
        "PYTHONPATH": str(REPOSITORY),
        "WORKLOAD_ADDRESS": pod.address,
        "WORKLOAD_NODE": str(machine.programs.node),
        "WORKLOAD_RUNNER": str(machine.programs.runner),
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
    text, unknown = _known_settings(file.read_text())
    for rules in re.findall(r"^auth_hba_file\s*=\s*(\S+)", text, re.MULTILINE):
        write_private(Path(rules), _ANY_ADDRESS.sub(r"\1 0.0.0.0/0 ", Path(rules).read_text()).encode())
        launch.differences.append(f"{Path(rules).name} says 0.0.0.0/0 where it said all, which Debian's older PgBouncer does not know")
    write_private(file, with_addresses(with_own_loopback(text, pod.address), machine.names).encode())
    launch.differences.append("pgbouncer.ini has this machine's folders and addresses in place of paths and names")
    if unknown:
        launch.differences.append(f"pgbouncer.ini is without {', '.join(unknown)}, which Debian's older PgBouncer does not know")
    prefix = " ".join(as_somebody())
    _shims(launch, {"pgbouncer": f'{prefix} "{machine.tools["pgbouncer"]}"'})
    return given


def _psql(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    """libpq connects to PGHOSTADDR and checks the certificate for PGHOST."""
    if (address := machine.names.get(launch.environment.get("PGHOST", ""))) is not None:
        launch.set("the cluster's names are answered from a file", PGHOSTADDR=address)
    return [*launch.command, *launch.arguments]


def _aws(machine: Machine, launch: Launch, pod: Pod) -> list[str]:
    launch.set("the emulated cloud stands for AWS", AWS_ENDPOINT_URL=machine.cloud)
    launch.set("version 1 of AWS's command line reads it so", AWS_DEFAULT_REGION=launch.environment.get("AWS_REGION", ""))
    launch.set("the emulated cloud gives pods no identity", AWS_ACCESS_KEY_ID="sandbox", AWS_SECRET_ACCESS_KEY="sandbox")  # noqa: S106
    _shims(launch, {"aws": f'env PYTHONPATH="{machine.programs.aws}" "{sys.executable}" -m awscli'})
    return [*launch.command, *launch.arguments]


_ANY_ADDRESS = re.compile(r"^(host\w*\s+\S+\s+\S+)\s+all\s+", re.MULTILINE)
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
    "/pgbouncer": _pgbouncer,
    "library/postgres": _psql,
    "aws-cli/aws-cli": _aws,
}
