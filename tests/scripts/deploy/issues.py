"""The part of GitLab's issues API that one issue needs, on loopback.

Source: https://docs.gitlab.com/api/issues/
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "project-access-token"
PROJECT = "morefocus/platform"


@dataclass
class Issues:
    """A project's issues, and what was asked."""

    api: str = ""
    held: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    """Answers to give before any other: status, and the header Retry-After."""
    loses_answers_to: str = ""
    """A method whose requests are done and answered with 502."""

    def add(self, title: str, label: str, state: str = "opened") -> dict[str, Any]:
        """An issue that somebody made."""
        iid = len(self.held) + 1
        made = {
            "iid": iid,
            "title": title,
            "labels": [label],
            "state": state,
            "description": "",
            "web_url": f"https://gitlab.example.com/-/issues/{iid}",
        }
        self.held.append(made)
        return made

    def answer(self, method: str, path: str, token: str, body: dict[str, str]) -> tuple[int, Any]:
        """Return status and content."""
        parts = urlsplit(path)
        segments = parts.path.removeprefix("/api/v4/projects/").split("/")
        if token != TOKEN:
            return 401, {"message": "401 Unauthorized"}
        # The project's path is one segment, its slash escaped.
        if unquote(segments[0]) != PROJECT or segments[1] != "issues":
            return 404, {"message": "404 Project Not Found"}
        if method == "GET":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            found = [
                each
                for each in self.held
                if each["state"] == asked["state"] and asked["labels"] in each["labels"] and asked["search"] in each["title"]
            ]
            return 200, found if asked["sort"] == "asc" else found[::-1]
        if method == "POST":
            made = self.add(body["title"], body["labels"])
            made["description"] = body["description"]
            return 201, made
        issue = self.held[int(segments[2]) - 1]
        issue["description"] = body["description"]
        if body.get("state_event") == "close":
            issue["state"] = "closed"
        return 200, issue


@contextmanager
def serving() -> Iterator[Issues]:
    """Answer on loopback until the test ends."""
    issues = Issues()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            issues.asked.append(self.command)
            if issues.refusals:
                status, wait = issues.refusals.pop(0)
                content: Any = {}
            else:
                (status, content), wait = issues.answer(self.command, self.path, self.headers.get("PRIVATE-TOKEN", ""), body), ""
            if self.command == issues.loses_answers_to:
                status = 502
            written = json.dumps(content).encode()
            self.send_response(status)
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = do_PUT = _handle  # noqa: N815 - the names are the library's

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issues.api = f"http://127.0.0.1:{server.server_port}/api/v4"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield issues
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
