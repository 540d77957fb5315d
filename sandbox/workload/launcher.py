"""Stands for the launcher of n8n's task runners image, which no package registry has: `python -m sandbox.workload.launcher`.

Like it, it trades the shared token for a grant, starts the JavaScript runner with only what that image lets through, starts another
when one has ended, and tells its health. Unlike it, it starts the runner before there is a task, and has no Python runner.
Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/set-up-task-runners, https://github.com/n8n-io/task-runner-launcher/tree/main/docs
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import threading
import time
import types
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

_PASSED = (
    *("PATH", "HOME", "GENERIC_TIMEZONE", "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "WORKLOAD_NAMES"),
    *(
        "N8N_RUNNERS_AUTO_SHUTDOWN_TIMEOUT",
        "N8N_RUNNERS_GRACEFUL_SHUTDOWN_TIMEOUT",
        "N8N_RUNNERS_TASK_TIMEOUT",
        "N8N_RUNNERS_MAX_CONCURRENCY",
    ),
)
_SET = {"NODE_FUNCTION_ALLOW_BUILTIN": "crypto", "NODE_FUNCTION_ALLOW_EXTERNAL": "moment"}
_FLAGS = ("--disallow-code-generation-from-strings", "--disable-proto=delete")


class Launcher:
    """Keeps one runner at the broker's service."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told
        self._broker = told.get("N8N_RUNNERS_TASK_BROKER_URI", "http://127.0.0.1:5679")
        self._runner: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()

    def serve(self) -> None:
        """Runs until it is told to end."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        address = (self._told["WORKLOAD_ADDRESS"], int(self._told.get("N8N_RUNNERS_LAUNCHER_HEALTH_CHECK_PORT", "5680")))
        threading.Thread(target=http.server.ThreadingHTTPServer(address, _Health).serve_forever, daemon=True).start()
        while not self._ending.is_set():
            try:
                grant = self._grant()
            except (OSError, urllib.error.URLError):
                # The broker is not up yet, or its process has just ended.
                self._ending.wait(0.5)
                continue
            self._run(grant)

    def _grant(self) -> str:
        body = json.dumps({"token": self._told["N8N_RUNNERS_AUTH_TOKEN"]}).encode()
        asked = urllib.request.Request(f"{self._broker}/runners/auth", body, {"Content-Type": "application/json"})  # noqa: S310 - an address of ours
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            return str(json.load(answer)["data"]["token"])

    def _run(self, grant: str) -> None:
        environment = {
            **{key: self._told[key] for key in _PASSED if key in self._told},
            **_SET,
            "N8N_RUNNERS_TASK_BROKER_URI": self._broker,
            "N8N_RUNNERS_GRANT_TOKEN": grant,
            "N8N_RUNNERS_HEALTH_CHECK_SERVER_ENABLED": "true",
            "N8N_RUNNERS_HEALTH_CHECK_SERVER_HOST": self._told["WORKLOAD_ADDRESS"],
            "N8N_RUNNERS_HEALTH_CHECK_SERVER_PORT": "5681",
        }
        command: Sequence[str] = [self._told["WORKLOAD_NODE"], *_FLAGS, self._told["WORKLOAD_RUNNER"]]
        self._runner = subprocess.Popen(command, env=environment)
        code = self._runner.wait()
        print(f"runner ended with {code}", flush=True)  # noqa: T201 - a program's log
        if code:
            time.sleep(0.5)

    def _end(self, number: int, frame: types.FrameType | None) -> None:
        self._ending.set()
        if self._runner is not None and self._runner.poll() is None:
            self._runner.terminate()


class _Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: probes come every few seconds."""


if __name__ == "__main__":
    Launcher(os.environ).serve()
