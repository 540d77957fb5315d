"""The web server: connections are kept, bodies of every kind arrive whole, answers are what HTTP wants."""

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from sandbox.cloud.http import server
from sandbox.cloud.messages import Answer, Environ, HangupError


def application(environ: Environ) -> Answer:
    if environ["PATH_INFO"] == "/hangup":
        raise HangupError
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("a bug")
    if environ["PATH_INFO"] == "/empty":
        return Answer("204 No Content", (), b"")
    body = environ["wsgi.input"].read()
    said = f"{environ['REQUEST_METHOD']} {environ['RAW_URI']} {environ.get('HTTP_X_AMZ_META_A_B', '')} ".encode() + body
    return Answer("200 OK", (("X-Said", "yes"), ("Content-Length", "999"), ("Connection", "close")), said)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    serving = server(0, application)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield serving.port
    serving.shutdown()


def test_one_connection_serves_many_requests(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.connect()
    kept = connection.sock
    for number in range(3):
        connection.request("POST", f"/a%2Fb?n={number}", b"x" * number * 100_000)
        answer = connection.getresponse()
        assert answer.read() == f"POST /a%2Fb?n={number}  ".encode() + b"x" * number * 100_000
        assert answer.getheader("X-Said") == "yes"
        assert connection.sock is kept


def test_a_body_in_chunks_arrives_whole(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("PUT", "/k", iter([b"one ", b"two"]), encode_chunked=True)
    assert connection.getresponse().read() == b"PUT /k  one two"
    connection.request("GET", "/next")
    assert connection.getresponse().read() == b"GET /next  "


def test_a_client_that_waits_for_leave_to_send_gets_it(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as raw:
        raw.sendall(b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert raw.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        raw.sendall(b"ok")
        assert raw.recv(1000).endswith(b"PUT /k  ok")


def test_the_answer_to_head_has_the_length_and_no_body(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("HEAD", "/k")
    answer = connection.getresponse()
    assert answer.read() == b"" and answer.getheader("Content-Length") == "999"
    connection.request("GET", "/empty")
    answer = connection.getresponse()
    assert answer.status == 204 and answer.getheader("Content-Length") is None and answer.read() == b""
    connection.request("GET", "/k")
    assert connection.getresponse().read() == b"GET /k  "


def test_metadata_with_underscores_keeps_its_name(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/k", headers={"x-amz-meta-a_b": "kept"})
    assert connection.getresponse().read() == b"GET /k kept "


def test_a_hangup_resets_the_connection(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/hangup")
    with pytest.raises(ConnectionResetError):
        connection.getresponse()


def test_a_bug_is_a_500_and_the_connection_goes_on(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/broken")
    answer = connection.getresponse()
    assert answer.status == 500 and answer.read() == b""
    connection.request("GET", "/k")
    assert connection.getresponse().status == 200


def test_a_client_of_http_1_0_is_answered_and_let_go(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as raw:
        raw.sendall(b"GET /k HTTP/1.0\r\n\r\n")
        data = b""
        while chunk := raw.recv(1000):
            data += chunk
    assert data.endswith(b"GET /k  ")
