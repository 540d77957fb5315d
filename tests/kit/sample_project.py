"""The sample program with a sandbox of its own: brought up, killed and counted by tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil

from tests.kit.cloud import REPOSITORY

SAMPLE = Path(__file__).with_name("sample")
_COMMAND_SECONDS = 240


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    code: int
    output: str


@dataclass(frozen=True)
class SampleProject:
    """A copy of the sample program with a sandbox of its own."""

    root: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts `python -m sandbox ...` on this project."""
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments, "--project", str(self.root)],
            cwd=REPOSITORY,
            env={**os.environ, "CI": "true", "COLUMNS": "200", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> Finished:
        """Runs it to its end."""
        process = self.start(*arguments, **environment)
        output, _ = process.communicate(timeout=_COMMAND_SECONDS)
        return Finished(process.returncode, output)

    def up(self, **environment: str) -> Finished:
        """`up` that must succeed."""
        finished = self.run("up", **environment)
        assert finished.code == 0, finished.output
        return finished

    def status(self) -> Any:
        """What `status --json` says."""
        return json.loads(self.run("status", "--json").output)

    def boto(self, service: str, region: str = "eu-west-1") -> Any:
        """A boto3 client on this project's emulated cloud."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint(),
            aws_access_key_id="123456789012",
            aws_secret_access_key="test",
        )

    def endpoint(self) -> str:
        """Where the emulated cloud listens, from its own note."""
        note = json.loads((self.root / ".sandbox" / "run" / "cloud.json").read_text())
        return f"http://127.0.0.1:{note['port']}"

    def set(self, key: str, value: str) -> None:
        """Adds a key to the stack's file."""
        with (self.root / "Pulumi.alpha.yaml").open("a") as stack:
            stack.write(f"  sample:{key}: {value}\n")

    def processes(self) -> list[psutil.Process]:
        """Every process that this project's sandbox started."""
        found = []
        for process in psutil.process_iter():
            try:
                text = " ".join(process.cmdline()) + process.environ().get("SANDBOX_FOLDER", "")
                if str(self.root) in text and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def victim(self, role: str) -> psutil.Process:
        """The running "engine", "provider" or "cloud" of this project, from the notes that the sandbox keeps of its processes."""
        run = self.root / ".sandbox" / "run"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for note in (*run.glob("processes/*"), run / "cloud.json"):
                with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
                    content = json.loads(note.read_text())
                    if content["role"] == role:
                        return psutil.Process(content["pid"])
            time.sleep(0.01)
        raise AssertionError(f"no {role} is running for {self.root}")


def make_sample(root: Path) -> SampleProject:
    """A fresh copy of the sample, with the tests' own interpreter as its virtual environment."""
    shutil.copytree(SAMPLE, root)
    (root / ".venv").symlink_to(sys.prefix)
    return SampleProject(root)
