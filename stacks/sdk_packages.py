"""Loads of the AWS SDK what is used: each of its packages imports all of a service's modules, which is a third of the imports' time."""

import importlib
import sys
from types import ModuleType
from typing import Any

_MODULES_ONLY = {"_enums", "_inputs", "outputs"}
"""What an SDK's module takes from its own package."""


class _Package(ModuleType):
    """A package whose modules are imported one by one; what the package itself exports is loaded when someone asks for it."""

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system leaves each module here, under the name that the package gives to a function of the same name.
        if not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        if name.startswith("__") or name in _MODULES_ONLY or spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        object.__setattr__(self, "__class__", ModuleType)
        prefix = f"{self.__name__}."
        for imported, module in list(sys.modules.items()):
            if imported.startswith(prefix):
                setattr(self, imported.removeprefix(prefix), module)
        spec.loader.exec_module(self)
        return getattr(self, name)


def load_on_demand(sdk: str) -> None:
    """Let a module of `sdk`'s services be imported without all of its service's modules.

    The SDK defers its packages (`importlib.util.LazyLoader`) until one of their modules is wanted, and then imports the whole package.
    Whoever takes a name from a package itself, as the SDK does for a reference to a resource, still gets it, and the whole package.
    """
    importlib.import_module(sdk)
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{sdk}.") and type(module) is not ModuleType:
            # Not by assignment: any access to a deferred module loads it.
            object.__setattr__(module, "__class__", _Package)
