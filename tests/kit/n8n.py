"""A running n8n, spoken to as its users and its operators do."""

from __future__ import annotations

import http.client
import itertools
import json
import ssl
from dataclasses import dataclass
from typing import Any

MAIN_PORT, WEBHOOK_PORT = 5678, 8443


@dataclass
class Editor:
    """The editor's API, as the browser of the owner uses it."""

    address: str
    cookie: str = ""
    browser: str = "browser-of-the-tests"

    def sign_in(self, email: str, password: str) -> None:
        """Open a session; fail with what n8n says."""
        status, body, headers = self._ask("POST", "/rest/login", {"emailOrLdapLoginId": email, "password": password})
        assert status == 200, (status, body)
        self.cookie = headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, given: Any = None) -> Any:
        """Return `data` of the answer; fail with what n8n says."""
        status, body, _ = self._ask(method, path, given)
        assert status in range(200, 300), (method, path, status, body)
        return body.get("data", body) if isinstance(body, dict) else body

    def publish(self, workflow: dict[str, Any]) -> str:
        """Save a workflow and put it to work; return its id."""
        saved = self.ask("POST", "/rest/workflows", workflow)
        self.ask("POST", f"/rest/workflows/{saved['id']}/activate", {"versionId": saved["versionId"]})
        return str(saved["id"])

    def _ask(self, method: str, path: str, given: Any = None) -> tuple[int, Any, dict[str, str]]:
        connection = http.client.HTTPConnection(self.address, MAIN_PORT, timeout=60)
        headers = {"Content-Type": "application/json", "browser-id": self.browser, "cookie": self.cookie}
        connection.request(method, path, None if given is None else json.dumps(given), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        found = {key.lower(): value for key, value in answer.getheaders()}
        return answer.status, json.loads(text) if text[:1] in "{[" else text, found


def call(address: str, path: str, given: Any, authority: str, *, name: str | None = None, timeout: float = 60) -> tuple[int, Any]:
    """Call a webhook as the load balancer does: over TLS. Return status and body."""
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False
    connection = http.client.HTTPSConnection(address, WEBHOOK_PORT, timeout=timeout, context=context)
    connection.request("POST", path, json.dumps(given), {"Content-Type": "application/json", **({"Host": name} if name else {})})
    answer = connection.getresponse()
    text = answer.read().decode()
    return answer.status, json.loads(text) if text[:1] in "{[" else text


def metrics(address: str, port: int = MAIN_PORT, *, tls: bool = False) -> set[str]:
    """Return the names of the metrics that a process serves, as Prometheus would keep them; it does not check certificates here."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = http.client.HTTPConnection(address, port, timeout=30)
    connection = http.client.HTTPSConnection(address, port, timeout=30, context=context) if tls else plain
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    return {line.split("{")[0].split(" ")[0] for line in lines if line and not line.startswith("#")}


def node(name: str, type_: str, version: float, position: int, **parameters: Any) -> dict[str, Any]:
    """Return a node of a workflow."""
    return {
        "id": f"{name}-id",
        "name": name,
        "type": type_,
        "typeVersion": version,
        "position": [position * 200, 0],
        "parameters": parameters,
    }


def workflow(name: str, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a workflow that runs its nodes one after another."""
    connections = {
        first["name"]: {"main": [[{"node": second["name"], "type": "main", "index": 0}]]} for first, second in itertools.pairwise(nodes)
    }
    return {"name": name, "nodes": nodes, "connections": connections, "settings": {"executionOrder": "v1"}}


def webhook(path: str, *, at_once: bool) -> dict[str, Any]:
    """Return the trigger of a workflow, which answers at once or with the last node's data."""
    made = node(
        "Webhook", "n8n-nodes-base.webhook", 2, 0, path=path, httpMethod="POST", responseMode="onReceived" if at_once else "lastNode"
    )
    return {**made, "webhookId": path}


def code(position: int, text: str) -> dict[str, Any]:
    """Return a node of JavaScript, which a task runner runs."""
    return node("Code", "n8n-nodes-base.code", 2, position, jsCode=text)


def wait(position: int, seconds: int) -> dict[str, Any]:
    """Return a node that waits within its worker."""
    return node("Wait", "n8n-nodes-base.wait", 1.1, position, amount=seconds, unit="seconds")
