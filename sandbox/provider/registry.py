"""Which handler serves which type."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from sandbox.provider.handler import Function, Handler
from sandbox.provider.kubernetes.objects import RELEASE


@cache
def handlers() -> dict[str, Handler]:
    """Every handler, by Pulumi's type token."""
    found: dict[str, Handler] = {}
    for module in _modules():
        for item in vars(module).values():
            if _is_leaf(item, Handler, module.__name__):
                if item.token in found:
                    raise RuntimeError(f"{item.token} has two handlers: {found[item.token]} and {item}")
                found[item.token] = item()
    return found


@cache
def functions() -> dict[str, Function]:
    """Every data source, by token."""
    return {item.token: item() for module in _modules() for item in vars(module).values() if _is_leaf(item, Function, module.__name__)}


def support(token: str) -> str:
    """ "held", "partly" or "recorded"; "unsupported" for a type that has no handler.

    An object of a cluster is held where a real API server is; its own outputs say so (`__support`).
    """
    if token.startswith("kubernetes:"):
        return "recorded" if token == RELEASE else "partly"
    handler = handlers().get(token)
    return handler.support.value if handler else "unsupported"


@cache
def _modules() -> tuple[ModuleType, ...]:
    package = importlib.import_module("sandbox.provider.aws")
    names = sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    return tuple(importlib.import_module(name) for name in names)


def _is_leaf(item: object, base: type, module: str) -> bool:
    return isinstance(item, type) and issubclass(item, base) and item.__module__ == module and "token" in vars(item)
