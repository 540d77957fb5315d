"""`python -m scripts.reference [--check]`: writes docs/reference, or says which of its pages are not current."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from scripts.reference import components, configuration, sandbox_coverage

ROOT = Path(__file__).resolve().parents[2]


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    folder = ROOT / "docs" / "reference"
    return {
        folder / "sandbox.md": sandbox_coverage.render(),
        folder / "components.md": components.render(ROOT),
        folder / "configuration.md": configuration.render(yaml.safe_load((ROOT / "config" / "estate.yaml").read_text())),
    }


def main(arguments: list[str]) -> int:
    """Exit code 0: written, or all current."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run `make docs` and commit what it writes")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path])
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
