"""Faults between a client and the emulated cloud, on request: what a test or a drill asks for, and nothing by itself."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.cloud import aws_errors, aws_request
from sandbox.cloud.aws_request import AwsRequest
from sandbox.cloud.messages import Answer, Environ, HangupError

KINDS = ("throttle", "error500", "error503", "reset-before", "reset-after", "delay")


class InvalidRuleError(ValueError):
    """A fault that cannot be set."""


@dataclass(slots=True)
class Rule:
    """One fault."""

    match: str
    """ "*" for every AWS request, "<service>:*", or "<service>:<Action>" by boto3's names."""
    kind: str
    times: int = -1
    """How often it strikes; -1 for always."""
    probability: float = 1.0
    seed: int = 0
    seconds: float = 1.0
    """How long a "delay" takes."""
    struck: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def described(self) -> dict[str, Any]:
        """The rule with how often it struck."""
        names = ("match", "kind", "times", "probability", "seed", "seconds", "struck")
        return {name: getattr(self, name) for name in names}


def rule(content: dict[str, Any]) -> Rule:
    """A rule from JSON. InvalidRuleError says what is wrong with it."""
    allowed = {"match", "kind", "times", "probability", "seed", "seconds"}
    if unknown := sorted(set(content) - allowed):
        raise InvalidRuleError(f"unknown field {unknown[0]!r} of a fault; allowed: {', '.join(sorted(allowed))}")
    if content.get("kind") not in KINDS:
        raise InvalidRuleError(f"fault kind {content.get('kind')!r} is not one of {', '.join(KINDS)}")
    made = Rule(**({"match": "*"} | content))
    if not 0 <= made.probability <= 1:
        raise InvalidRuleError(f"probability must be between 0 and 1 (got {made.probability})")
    made.dice.seed(made.seed)
    service, _, action = made.match.partition(":")
    if made.match != "*":
        try:
            known = aws_request.service(service).actions
        except aws_request.UnknownServiceError as error:
            raise InvalidRuleError(str(error)) from error
        if action not in known | {"*"}:
            raise InvalidRuleError(f"{service} has no action {action!r} (match {made.match!r}); use '{service}:*' for all")
    return made


class Faults:
    """The rules in force; the first that matches and still has strikes left, strikes. Thread-safe."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replaces all rules."""
        made = [rule(content) for content in rules]
        with self._lock:
            self._rules = made

    def described(self) -> list[dict[str, Any]]:
        """The rules, with how often each struck."""
        with self._lock:
            return [item.described() for item in self._rules]

    def around(self, environ: Environ, run: Callable[[], Answer]) -> Answer:
        """Runs the request under the rules. HangupError when a fault breaks the connection."""
        if not self._rules or (request := aws_request.read(environ)) is None:
            return run()
        struck = self._strike(request)
        if struck is None:
            return run()
        if struck.kind == "reset-before":
            raise HangupError
        if struck.kind == "throttle":
            return aws_errors.throttled(request)
        if struck.kind == "error500":
            return aws_errors.error(request, "500 Internal Server Error", "InternalFailure", "injected by the sandbox")
        if struck.kind == "error503":
            return aws_errors.error(request, "503 Service Unavailable", "ServiceUnavailable", "injected by the sandbox")
        if struck.kind == "delay":
            time.sleep(struck.seconds)
        answer = run()
        if struck.kind == "reset-after":
            raise HangupError
        return answer

    def _strike(self, request: AwsRequest) -> Rule | None:
        with self._lock:
            for item in self._rules:
                if item.times != -1 and item.struck >= item.times:
                    continue
                if _matches(item, request) and item.dice.random() < item.probability:
                    item.struck += 1
                    return item
        return None


def _matches(item: Rule, request: AwsRequest) -> bool:
    if item.match == "*":
        return True
    name, _, wanted = item.match.partition(":")
    action = aws_request.service(name).action(request)
    return action is not None and wanted in ("*", action)
