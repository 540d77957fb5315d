"""What a service would refuse about the request that a handler makes of its inputs, before anything is made."""

from __future__ import annotations

from sandbox.provider.errors import Failure
from sandbox.provider.facts import service_model
from sandbox.provider.values import UNKNOWN, Properties


def refusals(service: str, operation: str, request: Properties) -> list[Failure]:
    """Failures with the request's own paths (`VersioningConfiguration.Status`); values may be UNKNOWN."""
    problems = service_model.check_request(service, operation, request, UNKNOWN)
    return [Failure(problem.path, problem.message) for problem in problems]


def parameters(inputs: Properties, **wire: str) -> Properties:
    """The request's members for those inputs that are given: `parameters(inputs, Description="description")`."""
    return {member: inputs[key] for member, key in wire.items() if inputs.get(key) not in (None, "")}
