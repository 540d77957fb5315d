"""Starts one of the engine's helpers: writes the process down, and lets it end when the engine does.

Run by the small shell scripts in the sandbox's engine home as `python launcher.py <role> <sandbox folder> <arguments of the engine>`.
"""

from __future__ import annotations

import atexit
import os
import runpy
import signal
import sys
import threading
from pathlib import Path

_MODULES = {
    "provider": "sandbox.provider",
    "provider-kubernetes": "sandbox.provider.kubernetes",
    "language-host": "sandbox.engine.language_host",
}
_PATIENCE = 5.0


def main() -> None:
    """Becomes the helper."""
    role, folder, *arguments = sys.argv[1:]
    # Python put this file's folder first; the package's parent belongs there.
    sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

    from sandbox import processes

    os.environ["SANDBOX_FOLDER"] = folder
    note = processes.record(Path(folder, "run", "processes"), processes.describe(os.getpid(), role))
    atexit.register(note.unlink, missing_ok=True)
    processes.follow_parent(_leave)
    module = _MODULES[role]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _leave() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    # A helper that does not heed SIGTERM has nobody left to answer to.
    timer = threading.Timer(_PATIENCE, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    main()
