"""boto3 clients that talk to the emulated cloud: one per account, service and region, each call checked, retried and repeatable.

Every call that changes something carries an idempotency key made of the operation it belongs to and of what it asks. The emulated
cloud answers a repeated key with its first answer, so a retry after a lost response, or a second run after a killed one, makes
nothing twice.
"""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.provider.errors import HandlerError
from sandbox.provider.values import canonical

IDEMPOTENCY_HEADER = "X-Sandbox-Idempotency"
_READING = ("Describe", "Get", "List", "Head", "Search", "Lookup", "BatchGet", "Query", "Scan", "AssumeRole")


@dataclass(frozen=True)
class AssumedRole:
    """A role that the provider acts as (`assumeRoles` of the provider's configuration)."""

    arn: str
    session_name: str = "pulumi"
    external_id: str | None = None


class Repetition(threading.local):
    """The operation that this thread is in, and how often each call was made in it."""

    operation: str = ""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()


class Clients:
    """Thread-safe. `endpoint` must be on loopback: this provider never speaks to AWS."""

    def __init__(self, endpoint: str, credentials: Mapping[str, str] | None = None) -> None:
        host = urlsplit(endpoint).hostname
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise HandlerError(
                f"the sandbox's provider speaks only to an emulated cloud on loopback; AWS_ENDPOINT_URL is {endpoint!r}: "
                'run `eval "$(make -s env)"` in a sandbox that is up'
            )
        self.endpoint = endpoint
        self._credentials = dict(credentials or {})
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()
        self._repetition = Repetition()

    @contextmanager
    def operation(self, identity: str) -> Iterator[None]:
        """Calls of this thread made inside belong to the operation of that identity."""
        before, seen = self._repetition.operation, self._repetition.seen
        self._repetition.operation, self._repetition.seen = identity, Counter()
        try:
            yield
        finally:
            self._repetition.operation, self._repetition.seen = before, seen

    def connect(self, service: str, region: str) -> Any:
        """The client for a service in a region; made once."""
        key = (service, region)
        client = self._clients.get(key)
        if client is None:
            with self._lock:
                client = self._clients.get(key) or self._make(service, region)
                self._clients[key] = client
        return client

    def assume(self, role: AssumedRole) -> Clients:
        """Clients that act as that role, in the role's account."""
        extra = {"ExternalId": role.external_id} if role.external_id else {}
        answer = self.connect("sts", "us-east-1").assume_role(RoleArn=role.arn, RoleSessionName=role.session_name, **extra)["Credentials"]
        return Clients(
            self.endpoint,
            {
                "aws_access_key_id": answer["AccessKeyId"],
                "aws_secret_access_key": answer["SecretAccessKey"],
                "aws_session_token": answer["SessionToken"],
            },
        )

    def account(self) -> str:
        """The account that these credentials act in."""
        return str(self.connect("sts", "us-east-1").get_caller_identity()["Account"])

    def _make(self, service: str, region: str) -> Any:
        # Importing boto3 takes longer than a whole preview of few resources, which needs no client at all.
        import boto3
        from botocore.config import Config

        from sandbox.provider.facts import service_model

        if self._session is None:
            self._session = boto3.session.Session(**self._credentials)
        client = self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": int(os.environ.get("SANDBOX_ATTEMPTS", "6"))},
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=60,
                max_pool_connections=32,
                parameter_validation=True,
                request_min_compression_size_bytes=1_048_576,
            ),
        )
        service_model.install(client)
        client.meta.events.register_first("before-parameter-build", self._repeat_token)
        client.meta.events.register("before-call", self._keep_host)
        client.meta.events.register("before-call", self._mark)
        return client

    def _keep_host(self, params: dict[str, Any], **_: Any) -> None:
        # S3 Control puts the account before the host name, which an address on loopback cannot carry; a header has it too.
        params["url"] = urlsplit(params["url"])._replace(netloc=urlsplit(self.endpoint).netloc).geturl()

    def _repeat_token(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        # botocore fills a client token that is left out with a random one; then no second run would ask in the same words.
        operation = self._repetition.operation
        for name in model.idempotent_members if operation else ():
            if name not in params:
                asked = f"{operation}/{model.service_model.service_name}/{model.name}/{canonical(params)}"
                params[name] = str(uuid.uuid5(uuid.NAMESPACE_URL, asked))

    def _mark(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        operation = self._repetition.operation
        if not operation or model.name.startswith(_READING):
            return
        body = params["body"]
        content = body if isinstance(body, bytes | str) else canonical(body)
        asked = canonical([model.service_model.service_name, model.name, params["url_path"], params["query_string"]])
        digest = hashlib.sha256(asked.encode() + (content if isinstance(content, bytes) else content.encode())).hexdigest()[:24]
        self._repetition.seen[digest] += 1
        params["headers"][IDEMPOTENCY_HEADER] = f"{operation}/{digest}-{self._repetition.seen[digest]}"


def endpoint() -> str:
    """The emulated cloud's address, from the standard variable of every AWS SDK."""
    try:
        return os.environ["AWS_ENDPOINT_URL"]
    except KeyError:
        raise HandlerError(
            'AWS_ENDPOINT_URL is not set, so there is no emulated cloud to speak to: start one with `make up`, then `eval "$(make -s env)"`'
        ) from None
