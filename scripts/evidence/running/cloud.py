"""The cloud's own API, asked once for each question, and its answers in the words of the provider's properties."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from policies.graph import Graph, Resource

HOME = "us-east-1"
"""Where services without a region answer: IAM, CloudFront, and web ACLs of distributions."""
AWS_OWN = "alias/aws/managed"
"""Stands for a key that AWS manages, whose ARN looks like one of ours."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


class GoneError(Exception):
    """The cloud has no such resource."""


class UnreadError(Exception):
    """The cloud did not tell; says why."""


def connect(service: str, region: str) -> Any:
    """Return a boto3 client with the credentials and the endpoint of the environment, as every tool of AWS reads them."""
    client = boto3.client(service, region_name=region, config=Config(retries={"mode": "adaptive", "total_max_attempts": 6}))
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        # S3 Control puts the account before the host, which an address cannot carry; a header says it too.
        client.meta.events.register("before-call", lambda params, **_: _at(endpoint, params))
    return client


def _at(endpoint: str, params: dict[str, Any]) -> None:
    params["url"] = urlsplit(params["url"])._replace(netloc=urlsplit(endpoint).netloc).geturl()


class Cloud:
    """Clients by service and region, made when they are needed; safe for threads. It only ever reads."""

    def __init__(self, connect: Callable[[str, str], Any] = connect) -> None:
        """Take what makes a boto3 client of a service in a region, if it is not the environment."""
        self._connect = connect
        self._clients: dict[tuple[str, str], Any] = {}
        self._answers: dict[str, Any] = {}
        self._lock = Lock()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a region."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._connect(service, region)
            return self._clients[service, region]

    def ask(self, service: str, region: str, operation: str, **parameters: Any) -> Any:
        """Return the answer to an operation such as `describe_key`; all its pages, where it has several, in one."""
        if not operation.startswith(("describe_", "get_", "list_", "head_")):
            raise ValueError(f"{operation} may change something: readers describe, get, list and head only")
        question = json.dumps([service, region, operation, parameters], sort_keys=True)
        if question not in self._answers:
            client = self.client(service, region)
            paged = client.can_paginate(operation)
            answer = client.get_paginator(operation).paginate(**parameters).build_full_result() if paged else None
            self._answers[question] = getattr(client, operation)(**parameters) if answer is None else answer
        return self._answers[question]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands, and what stands around it."""

    cloud: Cloud
    region: str
    graph: Graph
    """The state's, in which readers look for what the program itself says of a neighbour."""

    def ask(self, service: str, operation: str, **parameters: Any) -> Any:
        """Ask in the resource's own region."""
        return self.cloud.ask(service, self.region, operation, **parameters)

    def everywhere(self, service: str, operation: str, **parameters: Any) -> Any:
        """Ask a service that has no regions."""
        return self.cloud.ask(service, HOME, operation, **parameters)

    def key(self, named: str | None) -> str | None:
        """Return the ARN of a key of ours, or AWS_OWN for one that AWS manages, or None for none.

        Answers name the key that is used, also where AWS chose its own: that is nothing which was asked for.
        """
        if not named or "alias/aws/" in named:
            return AWS_OWN if named else None
        region = named.split(":")[3] if named.startswith("arn:") else self.region
        try:
            found = self.cloud.ask("kms", region, "describe_key", KeyId=named)["KeyMetadata"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NotFoundException":
                # Its key is gone, not what is encrypted by it.
                return named
            raise UnreadError(f"a key: DescribeKey answers {code}") from None
        return AWS_OWN if found.get("KeyManager") == "AWS" else str(found["Arn"])

    def unless_said(self, owner: Resource, path: str, type_: str, by: str, read: Callable[[], Any]) -> dict[str, Any]:
        """Return what could also stand in a resource of its own, such as a queue's policy.

        Where there is one (of `type_`, which names `owner` in `by`), `owner` says what the program made it say; else what is `read`.
        """
        said = self.graph.attached(owner, type_, by).resources
        return {path: owner.properties.get(path) if said else read()}


def camel(value: Any) -> Any:
    """Return an answer's structures with the provider's names: `KMSMasterKeyID` is kmsMasterKeyId, a quantity with items a list."""
    if isinstance(value, Mapping):
        if "Quantity" in value and value.keys() <= {"Quantity", "Items"}:
            return [camel(item) for item in value.get("Items", ())]
        return {worded(str(key)): camel(inner) for key, inner in value.items()}
    return [camel(item) for item in value] if isinstance(value, list | tuple) else value


def worded(name: str) -> str:
    """Return a member's name as the provider spells it."""
    first, *rest = [match[0] for match in _WORD.finditer(name)]
    return first.lower() + "".join(word.capitalize() for word in rest)


def told(answer: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return properties whose members the answer has, as in `told(answer, multiAz="MultiAZ")`.

    For members that AWS always sends: where one is left out, nobody told of it.
    """
    return {ours: answer[theirs] for ours, theirs in names.items() if theirs in answer}


def given(answer: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return properties whose members AWS leaves out where there is nothing: None then."""
    return {ours: answer.get(theirs) for ours, theirs in names.items()}


def one(answers: Iterable[Any]) -> Any:
    """Return the only answer, or None where there is none."""
    return next(iter(answers), None)


def text(resource: Resource, *paths: str) -> str:
    """Return the first text at one of these paths; raises UnreadError naming them where the state does not know any."""
    for path in paths:
        found = resource.look(path)
        if isinstance(found, str) and found:
            return found
    raise UnreadError(f"{resource.type}: the state does not know its {' or '.join(paths)}")
