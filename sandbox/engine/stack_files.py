"""Stack files for the sandbox: what `Pulumi.<stack>.yaml` says, under the sandbox's own encryption key.

The engine writes the key's salt into the stack file that it reads. So it is given a copy, derived anew for each run: the project's
file stays as it is, and what it says about AWS's key (a KMS provider the sandbox could not ask) is left out of the copy.
"""

from __future__ import annotations

import re
from pathlib import Path

from sandbox.paths import Home
from sandbox.processes import write_text

_KEYS_OF_ENCRYPTION = re.compile(r"^(encryptionsalt|secretsprovider|encryptedkey):.*\n?", re.MULTILINE)
_ENCRYPTED = re.compile(r"^\s*(?:-\s*)?secure:", re.MULTILINE)
_NAME = re.compile(r"Pulumi\.([A-Za-z0-9_.-]+)\.yaml")


class StackFileError(Exception):
    """A stack file that the sandbox cannot use."""


def derive(home: Home, stack: str) -> Path:
    """Writes the sandbox's copy of the stack's file and gives its path.

    StackFileError when the file holds values encrypted for AWS: nobody here has the key.
    """
    source = home.project / f"Pulumi.{stack}.yaml"
    content = source.read_text() if source.exists() else ""
    found = _ENCRYPTED.search(content)
    if found:
        line = content.count("\n", 0, found.end()) + 1
        raise StackFileError(
            f"{source.name}, line {line}: a value encrypted with the key of the AWS account, which the sandbox cannot read. "
            "Keep secrets in Secrets Manager and their names in this file, or bring up another stack."
        )
    plain = _KEYS_OF_ENCRYPTION.sub("", content).rstrip("\n")
    copy = home.config / source.name
    write_text(copy, f"{plain}\n{_salt(home, stack)}".lstrip("\n"))
    return copy


def stacks_with_files(project: Path) -> list[str]:
    """Stacks that have a file in the project's folder."""
    names = (_NAME.fullmatch(path.name) for path in project.glob("Pulumi.*.yaml"))
    return sorted(name[1] for name in names if name)


def _salt(home: Home, stack: str) -> str:
    created = home.scratch / f"Pulumi.{stack}.yaml"
    try:
        lines = created.read_text().splitlines()
    except FileNotFoundError:
        raise StackFileError(f"the sandbox has no stack {stack!r} yet: run `make up` once") from None
    return next(f"{line}\n" for line in lines if line.startswith("encryptionsalt:"))
