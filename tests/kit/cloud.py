"""An emulated cloud of the tests' own: the sandbox's real process, on loopback, ended by its recorded process id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from sandbox.cloud.control import SETTINGS

REPOSITORY = Path(__file__).resolve().parents[2]
_START_SECONDS = 60


@dataclass
class EmulatedCloud:
    """Where it listens, and the process to kill in tests that do."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def reset(self) -> None:
        """Empties it: nothing of an earlier test is there."""
        self.ask("POST", "/moto-api/reset", raw=True)

    def ask(self, method: str, path: str, body: Any = None, *, raw: bool = False) -> Any:
        """One request to the sandbox's own API."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}{path}", content, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return text if raw else json.loads(text)

    def boto(self, service: str, region: str = "eu-west-1") -> Any:
        """A boto3 client that knows nothing of ours."""
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, aws_access_key_id="test", aws_secret_access_key="test")


@contextmanager
def running(folder: Path) -> Iterator[EmulatedCloud]:
    """Starts one with its note and log in `folder`; ends it afterwards."""
    note = folder / "cloud.json"
    with (folder / "cloud.log").open("wb") as log:
        command, environment = [sys.executable, "-m", "sandbox.cloud", "--note", str(note)], {**os.environ, **SETTINGS}
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not note.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the emulated cloud did not start: {(folder / 'cloud.log').read_text()[-2000:]}")
            time.sleep(0.05)
        yield EmulatedCloud(f"http://127.0.0.1:{json.loads(note.read_text())['port']}", process)
    finally:
        process.terminate()
        process.wait(20)
