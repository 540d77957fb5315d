"""Copies of the program in folders of their own, to be brought up beside the one that people work with."""

import shutil
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("__main__.py", "pyproject.toml", "Pulumi.yaml", "config", "components", "services", "stacks", "policies", "scripts")
"""What `pulumi` runs, besides the files of stacks: the program, and the policy packs that judge it, one of which estimates its cost."""


def copy_program(folder: Path, stacks: Iterable[str] | None = None) -> None:
    """Copy what `pulumi` runs into `folder`, with the files of `stacks`; of all stacks where none are named."""
    folder.mkdir(exist_ok=True)
    files = [path.name for path in ROOT.glob("Pulumi.*.yaml")] if stacks is None else [f"Pulumi.{stack}.yaml" for stack in stacks]
    for name in (*PARTS, *files):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
