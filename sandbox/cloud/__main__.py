"""The emulated cloud's process: `python -m sandbox.cloud --note FILE [--port PORT]`.

It writes its process and address to FILE once it answers, and ends on SIGTERM or SIGINT, or when the folder of FILE is deleted.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from sandbox import processes

_LOOK_SECONDS = 2.0


def main() -> None:
    """Serves until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--note", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="taken when free; another one otherwise")
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")

    from sandbox.cloud.application import with_moto
    from sandbox.cloud.http import server

    application = with_moto()
    try:
        serving = server(arguments.port, application)
    except (OSError, SystemExit):
        serving = server(0, application)
    # moto puts its own address into some answers, queue URLs among them.
    os.environ["MOTO_PORT"] = str(serving.port)

    def leave(_number: int, _frame: FrameType | None) -> None:
        # `shutdown` waits for the loop of the very thread that runs this handler.
        threading.Thread(target=serving.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    note = asdict(processes.describe(os.getpid(), "cloud")) | {"port": serving.port}
    processes.write_json(arguments.note, note)
    threading.Thread(target=_outlive_nothing, args=(arguments.note.parent, serving.shutdown), daemon=True).start()
    serving.serve_forever()


def _outlive_nothing(folder: Path, leave: Callable[[], None]) -> None:
    """Leaves when the sandbox's folder is deleted: nobody could find this process any more."""
    while folder.exists():
        time.sleep(_LOOK_SECONDS)
    leave()


if __name__ == "__main__":
    main()
