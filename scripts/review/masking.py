"""Takes secrets out of whatever is shown: by the engine's mark, by name, and wherever else the same value stands."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from policies.values import SENTINELS

HIDDEN = "[secret]"
UNKNOWN = "[known after the update]"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the signature that marks one
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_ASSETS = ("c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7")
"""Signatures of an asset and an archive: a file that goes along.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
"""
SHORTEST = 6
"""Characters from which a secret is looked for in other texts too: shorter ones stand in any text by chance."""
_SHORTEST_LINE = 12
_NAMES = re.compile(
    r"(passw(or)?d|passphrase|secret_?(string|binary|key|value)|(^|_|[a-z])[Tt]oken|private_?key|client_?secret|api_?key|credentials)$",
    re.IGNORECASE,
)
"""Names whose texts are hidden though nobody marked them."""
_NO_SECRETS = re.compile(r"(nextToken|typeToken)$")


class Secrets:
    """The secret values that a preview holds in clear, which it does only when it was asked to show them."""

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, value: Any) -> None:
        """Remember every secret that stands in clear anywhere in a value."""
        for secret in _in_clear(value):
            for text in _texts(secret):
                if len(text) >= SHORTEST and text not in (HIDDEN, *SENTINELS):
                    self._found |= set(_spellings(text))
                    self._pattern = None

    def hide(self, text: str) -> str:
        """Return a text without any of the secrets, in whatever spelling."""
        if not self._found:
            return text
        if self._pattern is None:
            # The longest first, so that none is left in part.
            self._pattern = re.compile("|".join(map(re.escape, sorted(self._found, key=len, reverse=True))))
        return self._pattern.sub(HIDDEN, text)

    def masked(self, value: Any, name: str = "") -> Any:
        """Return plain data without secrets, with words for what is unknown and for files.

        `name` is the property that the value stands at.
        """
        match value:
            case str() if value in SENTINELS:
                return UNKNOWN
            case str():
                return HIDDEN if value and _names_a_secret(name) else self.hide(value)
            case {"4dabf18193072939515e22adb298388d": signature}:
                return self._signed(str(signature), value, name)
            case Mapping():
                called = value.get("name")
                told = str(called) if isinstance(called, str) and "value" in value else ""
                return {
                    self.hide(str(key)): self.masked(inner, told if key == "value" and told else str(key)) for key, inner in value.items()
                }
            case list() | tuple():
                return [self.masked(inner, name) for inner in value]
            case int() | float() if not isinstance(value, bool):
                return HIDDEN if _names_a_secret(name) or self.hide(str(value)) != str(value) else value
        return value

    def masked_resource(self, type_: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource's properties without secrets; of a Secret of Kubernetes the keys alone are shown."""
        found = {self.hide(key): self.masked(value, key) for key, value in properties.items() if not key.startswith("__")}
        if type_ == "kubernetes:core/v1:Secret":
            for field in ("data", "stringData"):
                if isinstance(held := found.get(field), Mapping):
                    found[field] = dict.fromkeys(held, HIDDEN)
        return found

    def _signed(self, signature: str, value: Mapping[str, Any], name: str) -> Any:
        if signature == _SECRET or value.get("secret") is True:
            return HIDDEN
        if signature == _OUTPUT:
            return self.masked(value["value"], name) if "value" in value else UNKNOWN
        if signature in _ASSETS:
            return f"[file {str(value.get('hash') or '')[:12]}]".replace(" ]", "]")
        # A reference to another resource says its urn.
        return self.hide(str(value.get("urn") or HIDDEN))


def holds_secrets(text: str) -> bool:
    """Tell whether a text that the engine wrote has a value that is marked as secret."""
    return _SECRET in text or _OUTPUT in text


def _names_a_secret(name: str) -> bool:
    return bool(_NAMES.search(name)) and not _NO_SECRETS.search(name)


def _in_clear(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        signature = value.get(_SIGNATURE)
        if signature == _SECRET or (signature == _OUTPUT and value.get("secret") is True):
            if "value" in value:
                yield value["value"]
            if isinstance(written := value.get("plaintext"), str):
                try:
                    yield json.loads(written)
                except ValueError:
                    yield written
            return
        for inner in value.values():
            yield from _in_clear(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_clear(inner)


def _texts(value: Any) -> Iterator[str]:
    """Give every text and number of a secret, which may be an object, and the lines of long texts such as keys."""
    match value:
        case str():
            yield value
            yield value.strip()
            yield from (line for line in map(str.strip, value.splitlines()) if len(line) >= _SHORTEST_LINE)
            try:
                inner = json.loads(value)
            except ValueError:
                return
            if isinstance(inner, dict | list):
                yield from _texts(inner)
        case bool() | None:
            return
        case int() | float():
            yield str(value)
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _spellings(text: str) -> tuple[str, ...]:
    """Return how a text is written in JSON, HTML, addresses and objects of Kubernetes."""
    raw = text.encode("utf-8", "surrogatepass")
    return (
        text,
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        html.escape(text),
        quote(raw, safe=""),
        base64.b64encode(raw).decode(),
    )
