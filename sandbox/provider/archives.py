"""Code that a program gives as an archive: how it crosses the wire, and the zip file that becomes of it.

An archive is an object with Pulumi's signature and either `path` (a zip file or a folder) or `assets` (name in the zip to asset or
archive); an asset has `text` or `path`. The engine adds the `hash` of the content.
Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.provider.errors import HandlerError

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can tell: the same content makes the same bytes, on every machine."""


def zipped(archive: Any) -> bytes:
    """The zip file of an archive. HandlerError for a file that is not there, or an archive that must be downloaded first."""
    path = Path(archive.get("path", ""))
    if archive.get("path") and path.is_file():
        return path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(_files(archive, "")):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, content)
    return packed.getvalue()


def content(item: Any) -> bytes:
    """The bytes of an asset, or of the zip file of an archive.

    HandlerError for a file that is not there, or one that must be downloaded first.
    """
    if isinstance(item, dict) and item.get(_SIGNATURE) == _ARCHIVE:
        return zipped(item)
    return b"".join(found for _, found in _files(item, "the content"))


def sha256(content: bytes) -> str:
    """The digest of a zip file as Lambda tells it: base64."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def same_content(old: Any, new: Any) -> bool:
    """Whether two archives hold the same, wherever their files lie: by the engine's hashes when both have one."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return bool(old == new)
    if old.get("hash") and new.get("hash"):
        return bool(old["hash"] == new["hash"])
    return old == new or zipped(old) == zipped(new)


def _files(item: Any, name: str) -> Iterator[tuple[str, bytes]]:
    kind = item.get(_SIGNATURE) if isinstance(item, dict) else None
    if kind not in (_ASSET, _ARCHIVE):
        raise HandlerError(f"{name or 'the code'} is neither an asset nor an archive: give pulumi.AssetArchive or pulumi.FileArchive")
    if "uri" in item:
        raise HandlerError(f"{name or 'the code'} is at {item['uri']}: download it and give the file, the sandbox has no way out")
    if "assets" in item:
        for inner, content in item["assets"].items():
            yield from _files(content, f"{name}/{inner}" if name else inner)
    elif "text" in item:
        yield name, item["text"].encode()
    else:
        yield from _on_disk(Path(item["path"]), name)


def _on_disk(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    if not path.exists():
        raise HandlerError(f"{name or 'the code'} is to be read from {path.absolute()}, which is not there: give an absolute path")
    if path.is_file():
        yield name or path.name, path.read_bytes()
        return
    for file in (each for each in path.rglob("*") if each.is_file()):
        inner = file.relative_to(path).as_posix()
        yield f"{name}/{inner}" if name else inner, file.read_bytes()
