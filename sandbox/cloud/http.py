"""The web server in front of moto: HTTP/1.1 with connections kept open, one thread each.

moto's own (werkzeug's) closes the connection after every answer. This one keeps moto's reading of requests (underscored S3 metadata
headers, raw paths) and its speed is measured in docs/adr/0006-emulated-cloud-server.md.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import traceback

from moto.server import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from sandbox.cloud.messages import Answer, Application, HangupError

_IDLE_SECONDS = 120.0


def server(port: int, application: Application) -> ThreadedWSGIServer:
    """A server bound to 127.0.0.1; port 0 takes a free one. OSError when the port is taken."""
    made = ThreadedWSGIServer("127.0.0.1", port, application, handler=_Handler)  # type: ignore[arg-type]
    made.daemon_threads = True
    return made


class _Handler(MotoRequestHandler):  # type: ignore[misc]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _IDLE_SECONDS

    def handle_expect_100(self) -> bool:
        """The client waits for this before it sends the body: out with it."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # The body is read whole, so that the next request on this connection starts where this one ends.
        if environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read()
            environ["CONTENT_LENGTH"] = str(len(body))
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            answer = self.server.app(environ)
        except HangupError:
            self._reset()
            return
        except Exception:
            self.server.log("error", traceback.format_exc())
            answer = Answer("500 Internal Server Error", (), b"")
        self._send(answer, with_body=environ["REQUEST_METHOD"] != "HEAD")

    def _send(self, answer: Answer, with_body: bool) -> None:
        lines = [f"HTTP/1.1 {answer.status}"]
        lines += [f"{name}: {value}" for name, value in answer.headers if name.lower() not in _OURS]
        if answer.code not in (204, 304):
            length = next((value for name, value in answer.headers if name.lower() == "content-length"), None)
            # The answer to HEAD names the length of what GET would send.
            lines.append(f"Content-Length: {len(answer.body) if with_body or length is None else length}")
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        with contextlib.suppress(ConnectionError):
            self.wfile.write(head + (answer.body if with_body else b""))
            self.wfile.flush()

    def _reset(self) -> None:
        # Lingering for zero seconds makes the kernel send RST, as a dying peer or a firewall would.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a line for each of thousands of requests would fill the disk."""


_OURS = {"content-length", "connection", "transfer-encoding"}
