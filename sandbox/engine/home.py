"""The engine's own home: plugins, backend, passphrase, and the environment in which `pulumi` uses them and nothing else."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import secrets
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.engine.stacks import StackError
from sandbox.paths import Home

UNSET = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "PULUMI_STACK",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_ACCESS_TOKEN",
)
"""Variables of a person's own environment that would lead the engine, the program or boto3 to a real account."""

STANDIN_REGISTRY = "sandbox.invalid"
"""What images are said to come from whose digest is not known."""

STATE_VARIABLE, EVERY_STEP = "SANDBOX_STATE", "every-step"
"""Set so in a person's environment, the engine writes the state before and after each step, as on AWS; else once, at its end (ADR 35)."""
_WRITTEN_ONCE = {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"}

_LAUNCHER = Path(__file__).with_name("launcher.py")
_PLAIN = Path(__file__).with_name("plain.py")


def prepare(home: Home, engine: Path) -> None:
    """Makes the home, or brings it up to date (another Python, engine or plugin version). Harmless to repeat."""
    for folder in (home.state, home.plugins, home.processes, home.logs, home.scratch, home.config, home.bin):
        folder.mkdir(parents=True, exist_ok=True)
    _passphrase(home.passphrase)
    _script(home.bin / "pulumi", [sys.executable, str(_PLAIN), str(engine), str(home.project)])
    # The engine takes the plugin folder whose version is the one that the program's SDK asks for.
    _helper(home, "resource", "aws", importlib.metadata.version("pulumi_aws"), "provider")
    _helper(home, "resource", "kubernetes", importlib.metadata.version("pulumi_kubernetes"), "provider-kubernetes")
    # The official download has its own language host beside `pulumi`, and the engine prefers that one.
    _helper(home, "language", "python", "3.246.0", "language-host")


def environment(home: Home, endpoint: str | None, account: str) -> dict[str, str]:
    """Variables with which any `pulumi`, program or boto3 works on the sandbox.

    `endpoint` is the emulated cloud's URL; `account` the id of the account to act in.
    """
    variables = {
        "PULUMI_HOME": str(home.engine_home),
        "PULUMI_BACKEND_URL": f"file://{home.state}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home.passphrase),
        # Production files carry no key of the sandbox: it is read from the state.
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # A real AWS plugin on PATH must never be taken for the sandbox's.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        # The emulated cloud takes any key, and takes one that is an account id to act in that account.
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_EC2_METADATA_DISABLED": "true",
        # Images whose digest no registry has told yet are named under a registry that nobody can pull from (RFC 2606).
        "MOREFOCUS_IMAGE_STANDINS": STANDIN_REGISTRY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": os.pathsep.join([str(home.bin), str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    # A person's own clusters must never be taken for the sandbox's.
    clusters = sorted(str(path) for path in home.clusters.glob("*.kubeconfig"))
    variables["KUBECONFIG"] = os.pathsep.join(clusters) or os.devnull
    if endpoint is not None:
        variables["AWS_ENDPOINT_URL"] = endpoint
    wanted = os.environ.get(STATE_VARIABLE, "")
    if wanted not in ("", EVERY_STEP):
        raise StackError(f"{STATE_VARIABLE} is {wanted!r}: allowed is {EVERY_STEP}; unset it to have each state written once")
    return variables if wanted else variables | _WRITTEN_ONCE


def for_process(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process we start: ours over the person's, without what leads to a real account."""
    return {name: value for name, value in os.environ.items() if name not in UNSET} | dict(variables)


def for_shell(variables: Mapping[str, str]) -> str:
    """The same for `eval "$(make -s env)"`. PATH is put before the shell's own."""
    ahead = os.pathsep.join(variables["PATH"].split(os.pathsep)[:2])
    lines = [f"unset {' '.join(UNSET)}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items() if name != "PATH"]
    lines.append(f'export PATH={shlex.quote(ahead)}:"$PATH"')
    return "\n".join(lines)


def _passphrase(path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(descriptor, secrets.token_urlsafe(32).encode())
        os.close(descriptor)


def _helper(home: Home, kind: str, name: str, version: str, role: str) -> None:
    """A plugin folder with a script that starts our helper under this very Python."""
    script = home.plugins / f"{kind}-{name}-v{version}" / f"pulumi-{kind}-{name}"
    script.parent.mkdir(exist_ok=True)
    _script(script, [sys.executable, str(_LAUNCHER), role, str(home.root)])


def _script(path: Path, command: list[str]) -> None:
    content = f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n'
    if not path.exists() or path.read_text() != content:
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(content)
        temporary.chmod(0o755)
        temporary.replace(path)
