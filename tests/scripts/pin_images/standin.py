"""A registry and a chart repository on loopback, that answer as real ones do, and as real ones should not."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}).encode()
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
ARCHIVE = b"the archive of a chart"
ARCHIVE_DIGEST = hashlib.sha256(ARCHIVE).hexdigest()
TOKEN, PASSWORD = "a-token-for-anybody", "from-aws"


@dataclass
class Behaviour:
    """How the stand-in answers."""

    images: dict[str, bytes] = field(default_factory=lambda: {"team/tool:1.2.3": MANIFEST})
    """Manifest by name and tag."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Of the chart repository, by path."""
    tokens: bool = False
    """Nothing without a token that it gives to anybody."""
    basic: bool = False
    """Nothing without AWS's password."""
    realm: str = ""
    """Where tokens are given; itself unless said."""
    busy: int = 0
    """Times it answers 429 before it answers."""
    retry_after: str = "7"
    told: str | None = None
    """Digest that it says, whatever it gives; empty for saying none."""
    redirect: str = ""
    """Where manifests are given instead."""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and authorization of each request."""


@contextmanager
def standing(behaviour: Behaviour) -> Iterator[str]:
    """Serve on a free port of loopback; gives `127.0.0.1:<port>`."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour
    protocol_version = "HTTP/1.0"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def _answer(self) -> None:
        told, path = self.behaviour, self.path.partition("?")[0]
        authorization = self.headers.get("Authorization", "")
        told.asked.append((self.command, self.path, authorization))
        if told.busy:
            told.busy -= 1
            self._send(429, {"Retry-After": told.retry_after})
        elif path == "/token":
            self._send(200, {}, json.dumps({"token": TOKEN}).encode())
        elif path.startswith("/v2/"):
            self._manifest(path, authorization)
        elif path.lstrip("/") in told.files:
            self._send(200, {}, told.files[path.lstrip("/")])
        else:
            self._send(404, {})

    def _manifest(self, path: str, authorization: str) -> None:
        told = self.behaviour
        name, _, wanted = path.removeprefix("/v2/").partition("/manifests/")
        if told.tokens and authorization != f"Bearer {TOKEN}":
            host = self.headers["Host"]
            realm = told.realm or f"http://{host}/token"
            challenge = f'Bearer realm="{realm}",service="registry",scope="repository:{name}:pull"'
            return self._send(401, {"WWW-Authenticate": challenge})
        expected = f"Basic {base64.b64encode(f'AWS:{PASSWORD}'.encode()).decode()}"
        if told.basic and authorization != expected:
            return self._send(401, {"WWW-Authenticate": 'Basic realm="aws"'})
        if told.redirect:
            return self._send(307, {"Location": f"{told.redirect}{path}"})
        digests = {f"sha256:{hashlib.sha256(body).hexdigest()}": body for body in told.images.values()}
        body = told.images.get(f"{name}:{wanted}") or digests.get(wanted) or (MANIFEST if wanted == told.told else None)
        if body is None:
            return self._send(404, {})
        said = told.told if told.told is not None else f"sha256:{hashlib.sha256(body).hexdigest()}"
        return self._send(200, {"Docker-Content-Digest": said} if said else {}, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
