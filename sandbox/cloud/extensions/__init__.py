"""What moto lacks or gets wrong and this estate needs, added to moto's own models.

Each module extends one service. Small on purpose: what a handler can compensate stays in the handler; here is what AWS keeps and
moto forgets, so that any client sees it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache


@cache
def install() -> None:
    """Adds every module of this package that has an `install` to the moto of this process; doing it again changes nothing."""
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__, f"{__name__}.")):
        module = importlib.import_module(name)
        if hasattr(module, "install"):
            module.install()
