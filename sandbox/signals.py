"""Waiting for the word to leave."""

from __future__ import annotations

import os
import signal
from types import FrameType


class Farewell:
    """Heeds SIGINT and SIGTERM from its making on. Make it in the main thread, before other threads are told of this process.

    The signal may reach any thread, and then interrupts no blocking call of the main thread; and a Python handler only runs there. So
    Python's C handler itself writes to a pipe, which wakes the main thread whoever got the signal.
    """

    def __init__(self) -> None:
        self._told, tell = os.pipe()
        os.set_blocking(tell, False)
        signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _noted)

    def wait(self) -> None:
        """Returns once a signal has come, also when it came before."""
        os.read(self._told, 1)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The pipe has been written to; there is nothing else to do."""
