"""IAM Access Analyzer, of which moto has nothing: analyzers that can be made, read, changed, tagged and ended."""

from __future__ import annotations

import re
import sys
from types import ModuleType

_NAME = "moto.accessanalyzer"
_ADDRESS = r"https?://access-analyzer\.(.+)\.amazonaws\.com"


def install() -> None:
    """Adds it to moto, as a service that moto finds where it finds its own."""
    import moto.backend_index

    from sandbox.cloud.extensions.accessanalyzer import analyzers

    package, models, urls = ModuleType(_NAME), ModuleType(f"{_NAME}.models"), ModuleType(f"{_NAME}.urls")
    # moto looks for the urls of a service beside the module its backend says it is from.
    analyzers.AccessAnalyzerBackend.__module__ = models.__name__
    vars(package)["accessanalyzer_backends"] = vars(models)["accessanalyzer_backends"] = analyzers.backends
    vars(urls).update(url_bases=[_ADDRESS], url_paths=analyzers.URL_PATHS)
    for module in (package, models, urls):
        sys.modules[module.__name__] = module
    moto.backend_index.backend_url_patterns.append(("accessanalyzer", re.compile(_ADDRESS)))
