"""The files of evidence: each framework in each format, from the same verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from policies.catalogue import PACKS
from policies.evidence import as_code_quality, as_html, as_json, as_junit, as_sarif
from policies.evidence.report import Report, report
from policies.evidence.verdicts import Verdicts
from scripts.evidence import sources

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "html": as_html.render,
    "json": as_json.render,
    "junit.xml": as_junit.render,
    "sarif": as_sarif.render,
    "codequality.json": as_code_quality.render,
}
"""What is written for each framework, by the ending of its file."""


def write_all(verdicts: Verdicts, folder: Path, project: Path) -> list[str]:
    """Write every framework in every format, and return the frameworks whose gate is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    closed = []
    for framework in PACKS:
        found = report(framework, verdicts, sources.origin(framework, project))
        for ending, render in FORMATS.items():
            (folder / f"{framework}.{ending}").write_text(render(found), encoding="utf-8")
        if not found.passes:
            closed.append(framework)
    return closed
