"""What looks like a credential: by its name where it has one, by its shape wherever it stands."""

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from policies.values import UNKNOWN, Answer

_NAME = re.compile(
    r"(password|passwd|passphrase|pwd|secret|token|credential|api_?key|access_?key|private_?key|encryption_?key|signing_?key|connection_?string)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(arn|name|id|path|file|dir|url|uri|endpoint|host|issuer|days|hours|minutes|seconds|ttl|expiry|length|enabled|provider|type|policy|ref|version)$",
    re.IGNORECASE,
)
"""Ends of names of what is said about a credential, and is none."""
_SHAPE = re.compile(
    r"""
    \b(AKIA|ASIA)[0-9A-Z]{16}\b                                    # access keys of AWS
    | -----BEGIN\ ([A-Z]+\ )*PRIVATE\ KEY-----
    | \b(ghp|gho|ghs|ghu|ghr)_[0-9A-Za-z]{36}\b | \bgithub_pat_\w{22,}\b
    | \bglpat-[\w-]{20,}\b
    | \bxox[abeoprs]-[0-9A-Za-z-]{10,}
    | \b(sk|rk)_live_[0-9A-Za-z]{16,}\b | \bsk-[0-9A-Za-z_-]{32,}\b
    | \bAIza[\w-]{35}\b
    | \beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}                   # tokens of JWT
    | \b[a-z][a-z0-9+.-]*://[^\s/:@$]+:[^\s/:@${}]+@[\w.-]+        # an address with a password
    """,
    re.VERBOSE,
)
"""Source: the prefixes are those that each issuer publishes; https://github.com/gitleaks/gitleaks collects them."""
_PLAIN = re.compile(r"^(true|false|yes|no|on|off|none|null|\d+(\.\d+)?)?$", re.IGNORECASE)
_REFERENCE = re.compile(r"^(arn:|/|\{\{|https?://[^@\s]+$|file:|s3://|ssm:|vault:)|\$[({]\w+[)}]")
"""Where a value lies instead: an ARN, a path, an address, or a variable that is put in at run time."""


def literal(name: Any, value: Any, names: Collection[str]) -> Answer:
    """Tell whether a value is a credential that was written out; `names` are those of secrets, which are no secret.

    None where a name promises one and the value is not known yet.
    """
    promises = isinstance(name, str) and bool(_NAME.search(name)) and not _ABOUT.search(name)
    if value is UNKNOWN:
        return None if promises else False
    if not isinstance(value, str):
        return False
    if _SHAPE.search(value):
        return True
    return promises and not _PLAIN.match(value) and not _REFERENCE.search(value) and value not in names


def decoded(text: Any) -> Any:
    """Return what base64 stands for; the text itself when it is none."""
    try:
        return base64.b64decode(text, validate=True).decode() if isinstance(text, str) else text
    except (binascii.Error, UnicodeDecodeError):
        return text


def texts_in(value: Any) -> Iterator[Any]:
    """Give every text within a value, and every unknown."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    else:
        yield value
