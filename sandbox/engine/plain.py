"""`pulumi` as a person types it in the sandbox's environment: the engine, given the sandbox's copy of the stack file.

Run by `.sandbox/bin/pulumi` as `python plain.py <engine> <project> <arguments>`; nothing else about a command changes.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
from pathlib import Path

_RUN_THE_PROGRAM = {"preview", "pre", "up", "update", "refresh", "destroy", "down", "dn", "import", "watch", "logs"}
_WITH_VALUE = {"-C", "--cwd", "-v", "--verbose", "--color", "--tracing", "--profiling", "--memprofilerate", "--otel-traces"}


def main() -> None:
    """Becomes the engine."""
    engine, project, *arguments = sys.argv[1:]
    sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

    from sandbox.engine.stack_files import StackFileError, derive
    from sandbox.paths import Home

    home = Home(Path(project))
    if needs_stack_file(arguments) and _project_folder(arguments) == home.project:
        stack = named_stack(arguments) or _selected_stack(home.project, home.engine_home)
        if stack is None:
            sys.exit("error: no stack is selected; say which one, for example: -s us-east-1")
        try:
            arguments += ["--config-file", str(derive(home, stack))]
        except StackFileError as error:
            sys.exit(f"error: {error}")
    os.execv(engine, [engine, *arguments])  # noqa: S606 - no shell is wanted


def needs_stack_file(arguments: list[str]) -> bool:
    """Whether the engine would read, and write, a stack file for this command."""
    if any(word == "--config-file" or word.startswith("--config-file=") or word in ("-h", "--help") for word in arguments):
        return False
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word in _RUN_THE_PROGRAM
    return False


def named_stack(arguments: list[str]) -> str | None:
    """The stack named by -s or --stack."""
    for word, following in zip(arguments, [*arguments[1:], None], strict=True):
        if word in ("-s", "--stack"):
            return following
        if word.startswith("--stack="):
            return word.partition("=")[2]
        if word.startswith("-s") and not word.startswith("--"):
            return word[2:].removeprefix("=")
    return None


def _selected_stack(project: Path, engine_home: Path) -> str | None:
    """The stack chosen with `pulumi stack select`, from the engine's notes about this project."""
    digest = hashlib.sha1(str(project / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    for notes in engine_home.glob(f"workspaces/*-{digest}-workspace.json"):
        stack = str(json.loads(notes.read_text()).get("stack") or "")
        return stack.rpartition("/")[2] or None
    return None


def _project_folder(arguments: list[str]) -> Path | None:
    """The folder of the Pulumi.yaml that the engine would find: the working folder's, or the nearest above."""
    start = Path.cwd()
    for word, following in itertools.pairwise(arguments):
        if word in ("-C", "--cwd"):
            start = (start / following).resolve()
    return next((folder for folder in (start, *start.parents) if (folder / "Pulumi.yaml").exists()), None)


if __name__ == "__main__":
    main()
