"""A headless Chromium that opens a file, spoken to by its DevTools protocol; `make tools` brings it.

Source: https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from sandbox.paths import tools_cache
from tests.kit.tools import needs

PROGRAM = "chromium-headless-shell"
_PATIENCE = 30.0


class Page:
    """One open page. `requests` are the addresses it asked for, `complaints` what its console said and errors it met."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._number = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return what a method answers; events meanwhile are noted."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return dict(told["result"])
            self._note(told)

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file and wait until it has loaded."""
        self.call("Page.navigate", url=f"{path.resolve().as_uri()}{fragment}")
        began = time.monotonic()
        while self.value("document.readyState") != "complete" or not self.value("location.href").startswith("file:"):
            assert time.monotonic() - began < _PATIENCE, "the page does not load"
            time.sleep(0.02)

    def value(self, expression: str) -> Any:
        """Return what an expression of JavaScript gives."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def look(self, width: int, *, dark: bool = False, height: int = 900) -> None:
        """Show it so wide, in light or dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path: Path) -> None:
        """Write a picture of the whole page."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))

    def press(self, key: str, code: int) -> None:
        """Press a key, such as Enter with the code 13."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, text="\r" if key == "Enter" else "")

    def _note(self, told: dict[str, Any]) -> None:
        params = told.get("params", {})
        match told.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded":
                self.complaints.append(json.dumps(params)[:500])


@contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """Start one with a profile in the folder, and end it; skips the test where the machine has none."""
    program, environment = _program()
    arguments = (
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--remote-debugging-port=0",
        "--no-first-run",
    )
    with (folder / "chromium.log").open("w") as log:
        process = subprocess.Popen(
            [program, *arguments, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            env=environment,
            stdout=log,
            stderr=log,
            # A group of its own, which ends as a whole: Debian's program is a script with the browser as its child.
            start_new_session=True,
        )
    try:
        socket = websocket.create_connection(_address(folder / "profile", process), timeout=_PATIENCE, suppress_origin=True)
        try:
            yield Page(socket)
        finally:
            socket.close()
    finally:
        _end(process)


def _program() -> tuple[str, dict[str, str]]:
    """Return the browser and the environment it starts in.

    Debian's starter names the browser by its place in the system, which is another one in the cache of tools.
    """
    starter = needs(PROGRAM)
    root = tools_cache() / "root"
    unpacked = root / "usr" / "lib" / "chromium" / PROGRAM
    if not Path(starter).is_relative_to(tools_cache()) or not unpacked.is_file():
        return starter, dict(os.environ)
    libraries = sorted({str(library.parent) for top in ("usr/lib", "lib") for library in (root / top).rglob("*.so*")})
    return str(unpacked), {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser with all its children; fails if any of them stays."""
    began = time.monotonic()
    kind = signal.SIGTERM
    while time.monotonic() - began < _PATIENCE:
        process.poll()
        try:
            os.killpg(process.pid, kind)
        except ProcessLookupError:
            return
        time.sleep(0.05)
        kind = signal.SIGKILL if time.monotonic() - began > 3 else signal.SIGTERM
    raise AssertionError("Chromium does not end")


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Return where its first page listens, once it does."""
    began = time.monotonic()
    while time.monotonic() - began < _PATIENCE and process.poll() is None:
        try:
            port = (profile / "DevToolsActivePort").read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
                pages = [each for each in json.loads(answer.read()) if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        except (OSError, IndexError):
            pass
        time.sleep(0.05)
    raise AssertionError("Chromium does not start: see chromium.log")
