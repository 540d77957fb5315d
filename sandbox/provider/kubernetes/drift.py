"""What a cluster holds, in the words of the program: so that a refresh shows drift and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.provider.kubernetes.objects import at, mapping
from sandbox.provider.values import Properties

_SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_IDENTITIES = ("name", "containerPort", "mountPath", "port", "key", "ip", "topologyKey", "type")
_SERVERS_OWN = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")


def inputs(declared: Properties, live: Properties) -> Properties:
    """The declared inputs, with live values wherever these mean something else.

    What the program does not declare is the cluster's own business and not compared; what it declares and the cluster lacks is
    left out, so that the next run adds it.
    """
    held = live
    texts = declared.get("stringData")
    if isinstance(texts, Mapping):
        # A server keeps a Secret's texts encoded among its data.
        data = mapping(live.get("data"))
        held = {**live, "stringData": {key: _decoded(data[key]) for key in texts if key in data}}
    return {key: _aligned(value, held[key]) for key, value in declared.items() if key in held}


def declared_by(live: Properties) -> Properties:
    """The inputs of a program that would have made this object: for an import."""
    metadata = {name: value for name, value in mapping(live.get("metadata")).items() if name not in _SERVERS_OWN}
    return {**{name: value for name, value in live.items() if name != "status"}, "metadata": metadata}


def _aligned(declared: Any, live: Any) -> Any:
    if isinstance(declared, Mapping) and isinstance(live, Mapping):
        # A server drops what says nothing; that the program says it is no drift.
        return {key: _aligned(value, live.get(key, value)) for key, value in declared.items() if key in live or _nothing(value)}
    if isinstance(declared, list) and isinstance(live, list):
        if len(declared) != len(live):
            return live
        return [_aligned(left, right) for left, right in zip(declared, _ordered(declared, live), strict=True)]
    return declared if same(declared, live) else live


def _nothing(value: Any) -> bool:
    return value is None or value in ("", [], {}) or value is False or value == 0


def _ordered(declared: list[Any], live: list[Any]) -> list[Any]:
    """The live entries in the order of the declared ones, where they carry what tells them apart."""
    for identity in _IDENTITIES:
        if all(isinstance(item, Mapping) and identity in item for item in (*declared, *live)):
            by_name = {str(item[identity]): item for item in live}
            names = [str(item[identity]) for item in declared]
            if len(by_name) == len(live) and sorted(names) == sorted(by_name):
                return [by_name[name] for name in names]
    return live


def same(left: Any, right: Any) -> bool:
    """Whether two scalars say the same: `1000m` and `1`, `80` and `"80"`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if left == right:
        return True
    if isinstance(left, str | int | float) and isinstance(right, str | int | float):
        first, second = amount(left), amount(right)
        return first is not None and first == second
    return False


def amount(value: Any) -> Decimal | None:
    """The number that a quantity means; None for what is no quantity.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    text = str(value)
    try:
        if text[-2:] in _BINARY:
            return Decimal(text[:-2]) * Decimal(1024) ** _BINARY[text[-2:]]
        if text[-1:] in _SUFFIXES:
            return Decimal(text[:-1]).scaleb(_SUFFIXES[text[-1:]])
        return Decimal(text)
    except InvalidOperation:
        return None


def differs(item: Properties, live: Properties, path: str) -> bool:
    """Whether two objects say something else at a path of member names, such as `spec.replicas`."""
    left, right = at(item, *path.split(".")), at(live, *path.split("."))
    return left is not None and right is not None and not same(left, right)


def without(item: Properties, paths: Iterable[str]) -> Properties:
    """The object without what stands at these paths."""
    result = item
    for path in paths:
        result = _dropped(result, path.split("."))
    return result


def _dropped(item: Any, path: list[str]) -> Any:
    if not isinstance(item, Mapping) or path[0] not in item:
        return item
    if len(path) == 1:
        return {name: value for name, value in item.items() if name != path[0]}
    return {**item, path[0]: _dropped(item[path[0]], path[1:])}


def _decoded(value: Any) -> Any:
    try:
        return base64.b64decode(str(value)).decode()
    except ValueError:
        return value
