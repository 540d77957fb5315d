"""The bundle of functions' files: the same files make the same bytes, on every machine, so that a hash tells whether anything changed."""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can tell."""
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
LARGEST = 50 * 1024 * 1024
"""Bytes. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (deployment package)"""


def bundled(files: Mapping[str, bytes]) -> bytes:
    """Return the zip file of `files`, by path; stored and not compressed, since each build of zlib compresses to other bytes.

    Raises ValueError when there is no file, a path leads out of the bundle, or it is larger than Lambda takes.
    """
    if not files:
        raise ValueError("a bundle needs at least one file")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for path, content in sorted(files.items()):
            if not _PATH.fullmatch(path) or ".." in path.split("/"):
                raise ValueError(f"a path in a bundle is made of words joined by slashes (got {path!r})")
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)
    content = packed.getvalue()
    if len(content) > LARGEST:
        raise ValueError(f"a bundle of {len(content)} bytes is larger than the {LARGEST} that Lambda takes: leave files out")
    return content


def sha256(content: bytes) -> str:
    """Return the hash as config names it: 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def lambda_hash(digest: str) -> str:
    """Return a hash of 64 hexadecimal digits as Lambda tells it: base64.

    Raises ValueError for anything else than 64 hexadecimal digits.
    """
    if not _SHA256.fullmatch(digest):
        raise ValueError(f"a SHA-256 is 64 lower-case hexadecimal digits (got {digest!r})")
    return base64.b64encode(bytes.fromhex(digest)).decode()


def object_key(digest: str) -> str:
    """Return where a bundle is in the bucket of releases: what it holds is its name, so that no key ever changes its content."""
    return f"functions/{digest}.zip"
