"""What the parts share: paths of patches, errors, settings that moto's objects have no place for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def steps(path: str) -> list[str]:
    """The names of a patch's path, such as `/variables/a~1b`."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.strip("/").split("/")]


def bad_request(message: str) -> Exception:
    """API Gateway's refusal of a request."""
    from moto.apigateway.exceptions import BadRequestException

    refusal: Exception = BadRequestException(message)
    return refusal


def not_found(message: str) -> Exception:
    """API Gateway's answer for what is not there."""
    from moto.apigateway.exceptions import NotFoundException

    missing: Exception = NotFoundException(message)
    missing.code = 404  # type: ignore[attr-defined]
    return missing


def unless_missing(original: Any, what: str) -> Callable[..., Any]:
    """The operation, with API Gateway's own answer where moto has a KeyError."""

    @wraps(original)
    def operation(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except KeyError:
            raise not_found(f"Invalid {what} identifier specified") from None

    return operation


def is_true(value: str) -> bool:
    """A switch as a patch spells it."""
    return value.lower() == "true"


def unsupported(operation: dict[str, Any]) -> Exception:
    """The answer to a patch that the resource does not have."""
    return bad_request(f"Invalid patch path '{operation['path']}' specified for op '{operation['op']}'")
