"""What a build of the web client is made of, and what keeps it from being published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

ENTRY = "index.html"
HASHED = re.compile(r"(?:^|[.-])(?=[0-9a-f]*\d)[0-9a-f]{8,64}(?=\.)")
"""A file's name that says what is in it, such as `main.dart.3f2a9c1b.js`: whoever has it never needs to ask again."""
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "public, max-age=0, must-revalidate, s-maxage=31536000"
"""A browser asks whether it is the newest; an edge need not, since there the release is part of the name."""

_IGNORED = frozenset({".last_build_id"})
"""Flutter's own note, which nobody needs."""
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""By a table of our own: a machine's differs, and a browser runs no WebAssembly of another type."""


class PublishError(Exception):
    """A build cannot be published, or a release not be served: what was found, and what to do."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One file, by its path below the build's folder."""

    path: str
    source: Path
    sha256: str
    size: int

    @property
    def is_hashed(self) -> bool:
        """Whether its name changes with its content."""
        return HASHED.search(self.path.rpartition("/")[2]) is not None

    @property
    def content_type(self) -> str:
        """What a browser is told it is."""
        return _TYPES.get(Path(self.path).suffix.lower(), "application/octet-stream")

    @property
    def cache_control(self) -> str:
        """How long it may be kept, and by whom."""
        return KEPT_FOR_EVER if self.is_hashed else ASKED_EACH_TIME


@dataclass(frozen=True, kw_only=True)
class Build:
    """Every file of a build that may be published."""

    files: Mapping[str, File]

    @property
    def version(self) -> str:
        """Name that follows from the content alone: the same build is the same release."""
        lines = "".join(f"{path} {file.sha256}\n" for path, file in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()[:20]


def read_build(folder: Path) -> Build:
    """Return the build in a folder, such as `build/web`.

    Raises PublishError that lists everything that is wrong with it.
    """
    if not folder.is_dir():
        raise PublishError(f"{folder} is no folder: build the client first, such as by `flutter build web --release`")
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    problems = [problem for path in paths if (problem := _problem(path, path.relative_to(folder).as_posix()))]
    files = {file.path: file for path in paths if path.is_file() and path.name not in _IGNORED for file in [_file(folder, path)]}
    problems += _entry_problems(files)
    if problems:
        raise PublishError(f"{folder} cannot be published:\n  " + "\n  ".join(problems))
    return Build(files=files)


def _file(folder: Path, path: Path) -> File:
    content = path.read_bytes()
    return File(path=path.relative_to(folder).as_posix(), source=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def _problem(path: Path, name: str) -> str | None:
    if path.is_symlink():
        return f"{name} is a link: what it leads to may be anything"
    hidden = [part for part in Path(name).parts if part.startswith(".") and part != ".well-known"]
    if hidden and path.name not in _IGNORED:
        return f"{name} is hidden, and may hold what is nobody's to read: leave it out"
    if name.endswith(".map"):
        return f"{name} is a source map: build without (`--no-source-maps`), or remove it"
    if path.suffix in (".css", ".js", ".mjs") and b"sourceMappingURL=data:" in path.read_bytes():
        return f"{name} carries a source map inside: build without"
    return None


def _entry_problems(files: Mapping[str, File]) -> list[str]:
    if ENTRY not in files:
        return [f"{ENTRY} is missing: it is what every place of the client starts with"]
    page = _Page()
    page.feed(files[ENTRY].source.read_text(encoding="utf-8"))
    problems = [f"{ENTRY} names {name}, which is not there" for name in page.names if name not in files]
    if page.base != "/":
        problems.append(f'{ENTRY} has <base href="{page.base}">: the client is served at /, so build with --base-href /')
    return problems


class _Page(HTMLParser):
    """Own files that a page names, and where it says it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.base = "/"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what the tag names."""
        said = dict(attrs)
        if tag == "base":
            self.base = said.get("href") or "/"
        named = said.get("src") or (said.get("href") if tag == "link" else None)
        if named and not re.match(r"[a-z][a-z0-9+.-]*:|//", named, re.IGNORECASE):
            path = re.split(r"[?#]", named, maxsplit=1)[0].removeprefix("./").lstrip("/")
            if path:
                self.names.append(path)
