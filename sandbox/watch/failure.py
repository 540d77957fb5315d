"""A failure told in one line: what, why, and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLUGIN_ENDED = "exited prematurely"
_PROGRAM_FAILED = "Program failed with an unhandled exception:"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a resource, or the program, failed."""

    where: str
    """The resource's type and name; empty for the program."""
    cause: str
    remedy: str
    """Empty when nothing general can be said."""

    def line(self) -> str:
        """All of it, in one line for a resource; a program's traceback keeps its lines."""
        told = f"{self.where}: {self.cause}" if self.where else self.cause
        return f"{told} -> {self.remedy}" if self.remedy else told


_REMEDIES = (
    (
        r"error reading from server|Error while dialing|rpc error.*(EOF|closing)",
        "the provider plugin died: run `make up` again, it takes up what was interrupted",
    ),
    (
        r"emulated cloud .*does not answer|Could not connect to the endpoint|Connection refused|EndpointConnectionError",
        "the emulated cloud died: run `make up` again, it starts another and makes everything anew",
    ),
    (r"Throttl|SlowDown|RequestLimitExceeded|Rate exceeded", "the service stayed busy through all retries: run `make up` again in a while"),
    (
        r"ServiceUnavailable|InternalFailure|InternalError|\b50[023]\b|Connection reset|ConnectionClosed",
        "the service failed through all retries: run `make up` again; what was made is kept",
    ),
    (r"NotImplemented", "the emulated cloud cannot hold this: record the type in sandbox/provider instead"),
    (r"no known secrets provider|incorrect passphrase", "the state was written under another key: `make down`, then `make up`"),
    (r"unknown stack|not found in backend|no stack named", "bring up the stack it refers to first: `make up` does all in order"),
    (
        r"AlreadyExists|EntityAlreadyExists|BucketAlready|Duplicate",
        "something outside the state has this name: `make refresh`, or `make down` and `make up`",
    ),
    (r"[Rr]esource .* is protected|cannot be deleted because it is protected", "lift `protect` in the program first, or use `make down`"),
)


def of_resource(type_token: str, name: str, message: str) -> Failure:
    """The failure of a resource, from the provider's or the engine's message."""
    cause = _one_line(message)
    return Failure(f"{type_token} {name}", cause, _remedy(cause))


def of_program(message: str) -> Failure:
    """A failure of the program itself: its traceback as it is, or the one error that it raised for the person to read."""
    text = message.strip()
    if text.startswith(_PROGRAM_FAILED):
        return Failure("", text, "")
    if _PLUGIN_ENDED in text:
        printed = text.partition("STDERR streams of the plugin:")[2].strip()
        return Failure("", f"the provider plugin ended{': ' + printed if printed else ''}", "run `make up` again")
    text = text.removeprefix("an unhandled error occurred: ")
    return Failure("", text, "" if "\n" in text else _remedy(text))


def _one_line(message: str) -> str:
    lines = [line.strip() for line in message.strip().splitlines()]
    return re.sub(r"\s+", " ", "; ".join(line.removeprefix("* ").rstrip(";") for line in lines if line)).strip()


def _remedy(cause: str) -> str:
    if re.search(r"`make |\(.*: [^()]+\)$", cause):
        # Whoever raised it knew what to do, and said so.
        return ""
    return next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, cause)), "")
