"""`python -m scripts.reference [--check]`: writes docs/reference, or says which of its pages are not current."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.reference import components, config_page, controls_page, estate_page, requirements, sandbox_coverage
from scripts.reference.estate.read import read_stack
from scripts.reference.estate.recorded import record_stacks
from scripts.reference.picture.estate_picture import draw

ROOT = Path(__file__).resolve().parents[2]


def pages(root: Path = ROOT) -> dict[str, str]:
    """Every generated page by its path from the root; configuration and components are those under `root`."""
    graphs = record_stacks(root)
    stacks = [read_stack(name, graph) for name, graph in graphs.items()]
    found = {
        "components.md": components.render(root),
        "config.md": config_page.render(root),
        "controls.md": controls_page.render(),
        "estate.md": estate_page.render(stacks, graphs),
        "estate.svg": draw(stacks),
        "requirements.md": requirements.render(root),
        "sandbox.md": sandbox_coverage.render(),
    }
    return {f"docs/reference/{name}": text for name, text in found.items()}


def stale(current: dict[str, str], root: Path) -> list[str]:
    """Paths of the pages that are missing under `root`, or say something else; and of files there that are no page."""
    wrong = [path for path, text in current.items() if not _says(root / path, text)]
    there = {str(path.relative_to(root)) for path in (root / "docs" / "reference").glob("*")}
    return wrong + sorted(there - set(current))


def write(current: dict[str, str], root: Path) -> list[str]:
    """Write what is stale, and return what was written."""
    written = [path for path in stale(current, root) if path in current]
    for path in written:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(current[path], encoding="utf-8")
    return written


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Exit code 0: written, or all current."""
    current = pages()
    if "--check" not in arguments:
        for path in write(current, ROOT):
            print(f"wrote {path}")
        return 0
    wrong = stale(current, ROOT)
    for path in wrong:
        remedy = "run `make docs` and commit what it writes" if path in current else "no generator writes it: remove it"
        print(f"{path} is not current: {remedy}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
