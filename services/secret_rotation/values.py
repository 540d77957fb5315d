"""The contents of secrets: JSON objects, and what is made up for them."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Iterable
from typing import Any

_ALPHABET = string.ascii_letters + string.digits
"""No connection string and no shell has to escape it."""
LENGTH = 48
"""285 bits; RDS allows 128 characters."""


def made_up(keys: Iterable[str]) -> dict[str, str]:
    """Return a new random value for each key."""
    return {key: "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH)) for key in keys}


def content(client: Any, secret: str, **version: str) -> dict[str, Any] | None:
    """Return the object that a version of a secret holds; None where the version is there and empty, or not there at all."""
    try:
        text = client.get_secret_value(SecretId=secret, **version)["SecretString"]
    except client.exceptions.ResourceNotFoundException:
        return None
    found: dict[str, Any] = json.loads(text)
    return found
