"""A ledger of runs: lines are added, chained by their hashes, and never changed (COM-1, COM-2).

A SOC 2 report of type II is about a period, so every run is kept: one line of JSON for each run on one stack, in one file a stack. Whoever
changes, removes or moves a line breaks the chain there; whoever cuts off the end contradicts the head, a small file beside the ledger.
Who can write both files can forge both: the copy in a locked bucket shows that.

Source: AICPA, TSP section 100, CC4.1 and CC7.2: controls are watched over the period, not on a day.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policies.evidence.ledger_chain import NOTHING, Chain, Entry, Run, against, chained, check, link


class LedgerError(Exception):
    """The ledger cannot be trusted, or not be added to; says which line, what was found there, and what to do."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one stack on this machine."""

    path: Path

    @classmethod
    def of(cls, folder: Path, stack: str) -> "Ledger":
        """Return the ledger of a stack, `<folder>/<stack>.jsonl`."""
        return cls(folder / f"{stack}.jsonl")

    @property
    def head(self) -> Path:
        """The file that knows how many lines there are, and the hash of the last."""
        return self.path.with_suffix(".head")

    def read(self) -> Chain:
        """Return what it holds; nothing where there is no file."""
        if not self.path.exists():
            return self._read(b"")
        with self.path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return self._read(file.read())

    def entries(self) -> tuple[Entry, ...]:
        """Return its lines; raises LedgerError naming the first that is not as it was written."""
        return _sound(self.path, self.read()).entries

    def append(self, run: Run) -> Entry:
        """Add a run and return its line; others who add wait meanwhile.

        Raises LedgerError where the chain is broken, the last line torn, or the run is of another stack or before the last one.
        """
        with self._alone() as file:
            chain = _sound(self.path, self._read(file.read()))
            last = chain.entries[-1] if chain.entries else None
            entry = chained(run, len(chain.entries) + 1, chain.head)
            try:
                link(entry.line.removesuffix(b"\n"), entry.sequence, last)
            except ValueError as error:
                raise LedgerError(f"{self.path} does not take the run: {error}") from None
            _write(file, entry.line)
            self._note(entry)
        return entry

    def mend(self) -> str:
        """Complete or drop a last line whose write was cut off, and return what was done; any other problem raises LedgerError."""
        with self._alone() as file:
            content = file.read()
            chain = self._read(content)
            if not chain.torn:
                _sound(self.path, chain)
                return "nothing is torn"
            whole = self._read(content + b"\n")
            if not whole.problems:
                _write(file, b"\n")
                self._note(whole.entries[-1])
                return f"line {len(whole.entries)} was whole but for its end, which it has now"
            if problem := against(self._told() or f"0 {NOTHING}", chain.entries):
                raise LedgerError(f"{self.path} cannot be mended: {problem}")
            file.truncate(content.rfind(b"\n") + 1)
            os.fsync(file.fileno())
            return f"line {len(chain.entries) + 1} was cut off in its midst, and is dropped: add its run again"

    def restore(self, entries: tuple[Entry, ...]) -> None:
        """Write a chain that was kept elsewhere; raises LedgerError where there is a ledger, or the chain is broken."""
        with self._alone() as file:
            if file.read():
                raise LedgerError(f"{self.path} is there: move it away, so that both can be compared")
            content = b"".join(entry.line for entry in entries)
            _sound(self.path, check(content))
            _write(file, content)
            if entries:
                self._note(entries[-1])

    def _read(self, content: bytes) -> Chain:
        told = self._told()
        # A crash in the very first run leaves a line and no head; more lines without one are not what was written.
        return check(content, "" if told is None and content.count(b"\n") > 1 else told)

    def _told(self) -> str | None:
        return self.head.read_text(encoding="ascii", errors="replace").strip() if self.head.exists() else None

    def _note(self, entry: Entry) -> None:
        unfinished = self.head.with_suffix(".head.part")
        unfinished.write_text(f"{entry.sequence} {entry.hash}\n", encoding="ascii")
        unfinished.replace(self.head)

    @contextmanager
    def _alone(self) -> Iterator[BinaryIO]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            # Released by the system when the file is closed, or its process dies.
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file


def _sound(path: Path, chain: Chain) -> Chain:
    if chain.problems:
        raise LedgerError(f"{path}, {chain.problems[0]}")
    return chain


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
