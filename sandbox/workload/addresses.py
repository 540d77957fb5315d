"""Every pod gets a loopback address of its own, so that it keeps its ports; names lead to these addresses for programs of Node.

Linux answers on all of 127.0.0.0/8 (https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html), so nothing leaves the machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox import processes

PRELOAD = Path(__file__).resolve().parent / "names.cjs"
"""Loaded into Node before a program: answers for a cluster's DNS."""
_HERE = re.compile(r"(?<![\w.:\[-])(?:127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?![\w.-]|/\d)")


@dataclass(slots=True)
class Addresses:
    """The addresses of one folder's pods, written down so that all its commands agree."""

    file: Path
    by_owner: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Host name to address: what a cluster's DNS, or a cloud's, would answer."""

    @classmethod
    def load(cls, file: Path) -> Addresses:
        """Those written down at `file`; none yet where there is no file."""
        content = processes.read_json(file)
        owners, names = content.get("owners"), content.get("names")
        return cls(file, dict(owners) if isinstance(owners, dict) else {}, dict(names) if isinstance(names, dict) else {})

    def give(self, owner: str, names: Iterable[str] = ()) -> str:
        """The owner's address, the same each time, under which `names` are found from now on."""
        if owner not in self.by_owner:
            self.by_owner[owner] = f"{self._block()}.{len(self.by_owner) + 1}"
        self.names |= dict.fromkeys(names, self.by_owner[owner])
        self._write()
        return self.by_owner[owner]

    def _block(self) -> str:
        if self.by_owner:
            return next(iter(self.by_owner.values())).rpartition(".")[0]
        start = int(hashlib.sha256(str(self.file.resolve()).encode()).hexdigest(), 16)
        # Two sandboxes may share a hash: the next block whose first address nobody holds is taken, and kept by what is written down.
        for step in range(200):
            number = (start + step * 7) % 60000 + 5000
            block = f"127.{number // 256}.{number % 256}"
            if not any(_answers(f"{block}.1", port) for port in (5432, 5678, 6379)):
                return block
        raise OSError("no free block of loopback addresses")

    def _write(self) -> None:
        processes.write_json(self.file, {"owners": self.by_owner, "names": self.names})


def with_own_loopback(text: str, address: str) -> str:
    """The text with the pod's own address in place of its loopback, and of "all addresses"."""
    return _HERE.sub(address, text)


def with_addresses(text: str, names: Mapping[str, str]) -> str:
    """The text with addresses in place of names, for programs that ask the machine's own resolver."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", names[name], text) if "." in name else text
    return text


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((host, port)) == 0


def written(names: Mapping[str, str]) -> str:
    """Names as the preload reads them."""
    return json.dumps({"names": names}, sort_keys=True)
