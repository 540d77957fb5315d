"""The scheduling API's documents, and a local front of the handlers that answers as they say."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from components.serverless.contract import METHODS, resolve
from tests.kit.functions import SERVICE
from tests.services.scheduling.scene import REGION, Scene

TENANT = "clinic-a"
OWNER = "2f1d3c4b-5a69-4788-9a0b-1c2d3e4f5a6b"
SCOPES = "scheduling/bookings.read scheduling/bookings.write scheduling/customers.privacy"
DOCUMENTS: Mapping[str, dict[str, Any]] = {
    version: yaml.load((SERVICE / "openapi" / f"scheduling.{version}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for version in ("v1", "v2")
}


def token(*, scope: str = SCOPES, groups: tuple[str, ...] = ("owner",), **more: Any) -> str:
    """A token as the pool's would be, but for its signature, which a local front does not ask for."""
    claims = {"sub": OWNER, "tenant": TENANT, "cognito:groups": list(groups), "scope": scope, "exp": int(time.time()) + 600, **more}
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def headers(**more: str) -> dict[str, str]:
    """What every request of a client carries."""
    return {"Authorization": f"Bearer {token()}", "X-API-Key": "a-client", "X-Tenant": TENANT, **more}


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case, and the body, read as JSON when there is one."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Front:
    """Where the handlers answer, and what stands behind them."""

    address: str
    scene: Scene
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, given: Mapping[str, str] | None = None) -> Answer:
        """One request; `body` is sent as JSON, bytes as they are."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = dict(headers() if given is None else given)
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(f"{self.address}{path}", content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return _answer(answer)
        except urllib.error.HTTPError as refused:
            return _answer(refused)

    def booking(self, version: str, resource: str, start: str = "2032-05-10T14:00:00Z") -> Answer:
        """A new booking of half an hour."""
        customer = {"name": "Ana Souza", "phone": "+5511912345678", "language": "pt-BR"}
        ends = f"{start[:14]}{int(start[14:16]) + 30:02}{start[16:]}"
        when = {"start": start, "duration_minutes": 30} if version == "v1" else {"start": start, "end": ends}
        what = resource if version == "v1" else {"kind": "person", "id": resource}
        return self.ask("POST", f"/api/{version}/bookings", {"resource": what, "customer": customer, **when})

    def known(self, version: str) -> dict[str, Any]:
        """One booking of the version, always the same."""
        if version not in self.kept:
            self.kept[version] = self.booking(version, f"known-{version}").body
        return self.kept[version]


def _answer(answer: Any) -> Answer:
    content = answer.read()
    found = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, found, json.loads(content) if content else None)


@contextmanager
def front(scene: Scene, folder: Path) -> Iterator[Front]:
    """Every handler behind the contract, on loopback, over the scene's cloud; ended by its process afterwards."""
    contract = folder / "contract.json"
    contract.write_text(json.dumps(DOCUMENTS))
    scene.connect("s3").create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    pool = scene.connect("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]
    environment = scene.environment(scene.queue(), FILES_BUCKET="files", USER_POOL_ID=pool)
    command = ["node", "front/server.mjs", str(contract)]
    with (folder / "front.log").open("w") as log:
        process = subprocess.Popen(command, cwd=SERVICE, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, f"the front did not start: {(folder / 'front.log').read_text()[-2000:]}"
            yield Front(f"http://127.0.0.1:{json.loads(line)['port']}", scene)
        finally:
            process.kill()
            process.wait(20)


def operations(version: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and document of every operation, with the parameters of its path among its own."""
    document = DOCUMENTS[version]
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                given = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield path, method, {**item[method], "parameters": [resolve(document, each) for each in given]}


def closed(version: str, schema: Any) -> Any:
    """A schema of the document that can stand alone."""
    return {**schema, "components": DOCUMENTS[version]["components"]}
