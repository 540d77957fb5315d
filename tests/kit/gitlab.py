"""A GitLab of a test's own on loopback: its notes API, with pages, tokens, limits and faults on demand.

Source: https://docs.gitlab.com/api/notes/#merge-requests, https://docs.gitlab.com/api/rest/#pagination
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST = 1_000_000
BOT, PERSON = 7, 8


@dataclass
class Fault:
    """What the next request of a method meets."""

    method: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    """The work is done all the same, and only the answer is lost."""
    body: str = '{"message": "it does not work now"}'


@dataclass
class GitLab:
    """What is there, and what was asked."""

    address: str = ""
    projects: dict[str, str] = field(default_factory=lambda: {"42": "42", "group/estate": "42"})
    merge_request: str = "5"
    tokens: dict[str, tuple[int, bool]] = field(default_factory=lambda: {"glpat-writes": (BOT, True), "glpat-reads": (BOT, False)})
    """Token to its user and whether it may write."""
    notes: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def api(self) -> str:
        """The address of its API."""
        return f"{self.address}/api/v4"

    def add(self, body: str, author: int = PERSON, *, system: bool = False) -> dict[str, Any]:
        """Write a note as somebody does."""
        note = {"id": 100 + len(self.asked) + len(self.notes), "body": body, "author": {"id": author}, "system": system}
        self.notes.append(note)
        return note

    def count(self, method: str) -> int:
        """Return how often something was asked."""
        return sum(asked == method for asked, _ in self.asked)


@contextmanager
def gitlab() -> Iterator[GitLab]:
    """Serve one for as long as the block lasts."""
    held = GitLab()

    class Handler(_Handler):
        gitlab = held

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    gitlab: GitLab

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        self.gitlab.asked.append((self.command, self.path))
        content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        fault = next((each for each in self.gitlab.faults if each.method == self.command), None)
        if fault:
            self.gitlab.faults.remove(fault)
        if fault is None or fault.done:
            status, body, headers = self._answer(content)
        if fault is not None:
            status, body, headers = fault.status, fault.body, fault.headers
        raw = (body if isinstance(body, str) else json.dumps(body)).encode() if status != 204 else b""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def _answer(self, content: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        known = self.gitlab.tokens.get(self.headers.get("PRIVATE-TOKEN") or "")
        if known is None:
            return 401, {"message": "401 Unauthorized"}, {}
        user, writes = known
        parts = urlsplit(self.path)
        path = [unquote(part) for part in parts.path.removeprefix("/api/v4/").split("/")]
        if path == ["user"]:
            return 200, {"id": user, "username": "project_42_bot"}, {}
        if (
            path[0] != "projects"
            or path[1] not in self.gitlab.projects
            or path[2:5] != ["merge_requests", self.gitlab.merge_request, "notes"]
        ):
            return 404, {"message": "404 Not found"}, {}
        if self.command != "GET" and not writes:
            return 403, {"error": "insufficient_scope", "error_description": "The request requires higher privileges than provided."}, {}
        match self.command, path[5:]:
            case "GET", []:
                return self._page({key: values[0] for key, values in parse_qs(parts.query).items()})
            case "POST", []:
                return self._checked(content) or (201, self.gitlab.add(content["body"], user), {})
        return self._one(path[5], user, content)

    def _one(self, number: str, user: int, content: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        note = next((note for note in self.gitlab.notes if str(note["id"]) == number), None)
        if note is None:
            return 404, {"message": "404 Note Not Found"}, {}
        if note["author"]["id"] != user:
            return 403, {"message": "403 Forbidden"}, {}
        if self.command == "DELETE":
            self.gitlab.notes.remove(note)
            return 204, None, {}
        if refused := self._checked(content):
            return refused
        note["body"] = content["body"]
        return 200, note, {}

    def _checked(self, content: dict[str, Any]) -> tuple[int, Any, dict[str, str]] | None:
        if not content.get("body"):
            return 400, {"error": "body is missing"}, {}
        if len(content["body"]) > LONGEST:
            return 400, {"message": {"note": [f"is too long (maximum is {LONGEST} characters)"]}}, {}
        return None

    def _page(self, query: dict[str, str]) -> tuple[int, Any, dict[str, str]]:
        rows = sorted(self.gitlab.notes, key=lambda note: int(note["id"]), reverse=query.get("sort", "desc") == "desc")
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 20)), 100)
        more = len(rows) > page * size
        return 200, rows[(page - 1) * size : page * size], {"X-Next-Page": str(page + 1) if more else "", "X-Total": str(len(rows))}
