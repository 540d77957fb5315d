"""Checks at UptimeRobot, tried on a stand-in of its API on loopback."""

import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.uptime_robot.reconcile import PAGE, ApiError, caller, main, reconcile

PREFIX = "morefocus-prod "
WEB = {"url": "https://morefocus.com", "interval": "60"}
HOOKS = {"url": "https://hooks.use1.morefocus.com/webhook/", "interval": "60", "custom_http_statuses": "200:1_404:1"}
KEY = "u1-secret"


class Robot(BaseHTTPRequestHandler):
    """Answers as the service documents it."""

    monitors: list[dict[str, Any]]

    def do_POST(self) -> None:
        asked = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        method = self.path.rpartition("/")[2]
        said = self.answer(method, asked) if asked.pop("api_key") == KEY else {"stat": "fail", "error": {"type": "invalid_parameter"}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def answer(self, method: str, asked: dict[str, str]) -> dict[str, Any]:
        monitors = self.server.monitors  # type: ignore[attr-defined]
        if method == "getMonitors":
            start = int(asked["offset"])
            return {
                "stat": "ok",
                "pagination": {"total": len(monitors)},
                "monitors": [_shown(each) for each in monitors[start : start + PAGE]],
            }
        if method == "newMonitor":
            monitors.append({**asked, "id": 1000 + len(monitors)})
        elif method == "editMonitor":
            next(each for each in monitors if str(each["id"]) == asked["id"]).update({**asked, "id": int(asked["id"])})
        else:
            monitors[:] = [each for each in monitors if str(each["id"]) != asked["id"]]
        return {"stat": "ok"}

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _shown(monitor: dict[str, Any]) -> dict[str, Any]:
    """As it is listed: numbers, and codes in lists."""
    shown = {key: int(value) if key in ("interval", "type") else value for key, value in monitor.items() if key != "format"}
    if codes := monitor.get("custom_http_statuses"):
        shown["custom_http_statuses"] = {"up": [code.partition(":")[0] for code in codes.split("_")], "down": []}
    return shown


@pytest.fixture
def robot() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    server.monitors = [{"id": 1, "friendly_name": "somebody else's", "url": "https://example.com", "interval": "300", "type": "1"}]  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/v2"


def test_checks_become_what_is_wanted_and_a_second_run_does_nothing(robot: ThreadingHTTPServer) -> None:
    call = caller(address(robot), KEY)
    wanted = {f"{PREFIX}web": WEB, f"{PREFIX}hooks": HOOKS}
    assert reconcile(call, PREFIX, wanted)["made"] == [f"{PREFIX}hooks", f"{PREFIX}web"]
    assert reconcile(call, PREFIX, wanted) == {"made": [], "changed": [], "removed": []}
    moved = {f"{PREFIX}web": {**WEB, "url": "https://www.morefocus.com"}}
    assert reconcile(call, PREFIX, moved) == {"made": [], "changed": [f"{PREFIX}web"], "removed": [f"{PREFIX}hooks"]}
    assert reconcile(call, PREFIX, moved) == {"made": [], "changed": [], "removed": []}


def test_what_somebody_else_checks_is_left_alone(robot: ThreadingHTTPServer) -> None:
    reconcile(caller(address(robot), KEY), PREFIX, {})
    assert [each["friendly_name"] for each in robot.monitors] == ["somebody else's"]  # type: ignore[attr-defined]


def test_accounts_with_more_checks_than_one_page_are_read_to_the_end(robot: ThreadingHTTPServer) -> None:
    wanted = {f"{PREFIX}{number:03}": WEB for number in range(PAGE + 7)}
    call = caller(address(robot), KEY)
    reconcile(call, PREFIX, wanted)
    assert reconcile(call, PREFIX, wanted) == {"made": [], "changed": [], "removed": []}


def test_a_refused_key_is_told_and_stands_in_no_message(robot: ThreadingHTTPServer) -> None:
    with pytest.raises(ApiError, match=r"getMonitors.*invalid_parameter") as refused:
        reconcile(caller(address(robot), "wrong-key"), PREFIX, {})
    assert "wrong-key" not in str(refused.value)


def test_the_program_reads_its_files_and_says_what_it_did(
    robot: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "checks.json").write_text(json.dumps({"prefix": PREFIX, "checks": {f"{PREFIX}web": WEB}}), encoding="utf-8")
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    for name, value in {"CHECKS": tmp_path / "checks.json", "API_KEY_FILE": tmp_path / "key", "API": address(robot)}.items():
        monkeypatch.setenv(name, str(value))
    assert main() == 0 and json.loads(capsys.readouterr().out)["made"] == [f"{PREFIX}web"]
    (tmp_path / "key").write_text("wrong", encoding="utf-8")
    assert main() == 1 and "getMonitors" in capsys.readouterr().err
