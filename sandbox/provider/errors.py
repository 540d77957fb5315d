"""What a handler raises, and how a cloud's refusal reads to a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# Codes that mean "it is not there" without ending in NotFound.
_GONE = (
    "NoSuch",
    "NotFound",
    "DoesNotExist",
    "ResourceNotFound",
    "NonexistentItem",
    "NonExistentQueue",
    "UnknownMonitor",
    "UnknownSubscription",
    "404",
)

_REMEDIES = {
    "Throttling": "the cloud kept throttling after every retry: run it again, or lower --parallel",
    "BucketAlreadyExists": "bucket names are global: choose another name",
    "DependencyViolation": "something still uses it: delete or detach that first",
    "LimitExceeded": "ask for a higher quota in Service Quotas, or use less",
    "InternalError": "the cloud failed on its side after every retry: run it again",
}


@dataclass(frozen=True)
class Failure:
    """One input that cannot be: where it stands (a wire path such as `vpcConfig.subnetIds`) and what is wrong with it."""

    path: str
    reason: str


class InvalidInputs(Exception):  # noqa: N818 - reads as a statement where it is raised
    """The inputs cannot be deployed; nothing was changed. Carries every failure found, not only the first."""

    def __init__(self, *failures: Failure) -> None:
        super().__init__("; ".join(f"{failure.path}: {failure.reason}" for failure in failures))
        self.failures = failures


class HandlerError(Exception):
    """A handler's own refusal: message gives cause and remedy in one line."""


def is_gone(error: Exception) -> bool:
    """Whether a cloud's error says that the thing is not there (any more)."""
    code = error_code(error)
    return any(marker in code for marker in _GONE)


def error_code(error: Exception) -> str:
    """The cloud's own code, such as `NoSuchBucket`; empty for an error that did not come from a cloud."""
    response: Any = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def already_gone() -> Iterator[None]:
    """Lets errors pass that say that the thing is not there (any more)."""
    try:
        yield
    except Exception as error:
        if not is_gone(error):
            raise


@contextmanager
def passing(code: str) -> Iterator[None]:
    """Lets a cloud's error of this code pass."""
    try:
        yield
    except Exception as error:
        if error_code(error) != code:
            raise


def explain(error: Exception) -> str:
    """One line of cause and remedy."""
    code = error_code(error)
    if not code:
        text = " ".join(str(error).split()) or type(error).__name__
        return text if isinstance(error, HandlerError | InvalidInputs) else f"{type(error).__name__}: {text}"
    response: Any = error.response  # type: ignore[attr-defined]
    message = " ".join(str(response["Error"].get("Message", "")).split())
    operation = getattr(error, "operation_name", "the call")
    remedy = next((text for marker, text in _REMEDIES.items() if marker in code), "")
    return f"{operation} was refused: {code}: {message}" + (f" ({remedy})" if remedy else "")
