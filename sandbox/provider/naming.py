"""Names that a program leaves partly to the provider."""

from __future__ import annotations

import uuid

from sandbox.provider.handler import Call
from sandbox.provider.values import UNKNOWN, Properties

_DIGITS = 26


def chosen(call: Call, inputs: Properties, key: str = "name") -> str:
    """The name given, or one that begins with the given prefix; the same again when the creation is tried again."""
    if key in inputs:
        return str(inputs[key])
    return f"{inputs[f'{key}Prefix']}{uuid.UUID(call.token()).int % 10**_DIGITS:0{_DIGITS}d}"


def predicted(inputs: Properties, key: str = "name") -> str:
    """The name as far as a preview knows it: UNKNOWN, which no text can be made of, where only a prefix is given."""
    name: str = inputs.get(key, UNKNOWN)
    return name
