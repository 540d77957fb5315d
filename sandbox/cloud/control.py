"""Starting, finding and ending the emulated cloud of a sandbox."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from sandbox import processes
from sandbox.cloud.code import fingerprint
from sandbox.paths import REPOSITORY, Home
from sandbox.processes import Process

_READY_SECONDS = 60.0
SETTINGS = {
    # 3,873 sample snapshots otherwise, in every region.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    # Attaching any policy of AWS's own fails otherwise.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Certificates are issued as soon as their records are asked for, not a minute later.
    "MOTO_ACM_VALIDATION_WAIT": "0",
}
"""Environment of the cloud's process."""


class CloudError(Exception):
    """The emulated cloud cannot be started, or does not answer."""


@dataclass(frozen=True, slots=True)
class RunningCloud:
    """An emulated cloud that answers."""

    process: Process
    port: int
    instance: str
    """Changes whenever the cloud has lost its memory."""
    current: bool
    """False when its code has changed since it was started."""

    @property
    def endpoint(self) -> str:
        """The URL for AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self.port}"


def find(home: Home) -> RunningCloud | None:
    """The sandbox's cloud if it runs and answers."""
    process, port = processes.read(home.cloud), processes.read_json(home.cloud).get("port")
    if process is None or not process.alive or not isinstance(port, int):
        return None
    try:
        described = ask(port, "GET", "instance")
    except CloudError:
        return None
    if described["pid"] != process.pid:
        return None
    return RunningCloud(process, port, str(described["instance"]), current=described.get("code") == fingerprint())


def start(home: Home) -> RunningCloud:
    """The sandbox's cloud, started unless it runs. CloudError when it does not come up."""
    if (running := find(home)) is not None:
        return running
    stop(home)
    # The port of before, if still free: a shell that was given the address keeps a valid one.
    previous = processes.read_json(home.cloud).get("port")
    note = home.cloud.with_suffix(".starting")
    note.unlink(missing_ok=True)
    home.logs.mkdir(parents=True, exist_ok=True)
    log = home.logs / "cloud.log"
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "sandbox.cloud", "--note", str(note), "--port", str(previous or 0)],
            cwd=REPOSITORY,
            env=os.environ | SETTINGS,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    # Known from its first moment, so that it can be ended even if we are killed before it answers.
    processes.record(home.processes, processes.describe(child.pid, "cloud"))
    deadline = time.monotonic() + _READY_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        if note.exists():
            note.replace(home.cloud)
            found = find(home)
            if found is not None:
                return found
        time.sleep(0.02)
    child.kill()
    child.wait()
    tail = "\n".join(log.read_text().splitlines()[-5:])
    raise CloudError(f"the emulated cloud did not start; the end of {log} says:\n{tail}")


def stop(home: Home) -> bool:
    """Ends the sandbox's cloud, started or starting. True when one ran. Its address stays noted."""
    running = [process for process in processes.recorded(home.processes) if process.role == "cloud"]
    for process in running:
        processes.end(process, first=signal.SIGTERM, patience=5)
    return bool(running)


def ask(port: int, method: str, path: str, content: object = None) -> dict[str, Any]:
    """Calls the sandbox's own API of the cloud. CloudError when it does not answer, or refuses."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = None if content is None else json.dumps(content)
        connection.request(method, f"/sandbox-api/{path}", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CloudError(f"the emulated cloud on port {port} does not answer: {error}") from error
    finally:
        connection.close()
    if response.status != 200 or not isinstance(answer, dict):
        raise CloudError(f"the emulated cloud refused {method} {path}: {answer}")
    return answer
