"""Archives as they cross the wire, and the zip files made of them."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from sandbox.provider import archives
from sandbox.provider.errors import HandlerError
from sandbox.provider.values import from_struct


def wire(archive: pulumi.Archive) -> Any:
    """The archive as the SDK sends it."""

    async def send() -> Any:
        return await rpc.serialize_properties({"code": archive}, {})

    return from_struct(asyncio.new_event_loop().run_until_complete(send()))["code"]


def contents(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_texts_files_and_folders_become_files_of_one_zip(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.py").write_text("b")
    archive = pulumi.AssetArchive(
        {
            "a.py": pulumi.StringAsset("a"),
            "c.py": pulumi.FileAsset(str(tmp_path / "inner" / "b.py")),
            "folder": pulumi.FileArchive(str(tmp_path)),
        }
    )
    assert contents(archives.zipped(wire(archive))) == {"a.py": b"a", "c.py": b"b", "folder/inner/b.py": b"b"}


def test_a_zip_file_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "code.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("index.py", "x")
    assert archives.zipped(wire(pulumi.FileArchive(str(path)))) == path.read_bytes()


def test_the_same_content_is_the_same_zip_wherever_its_files_lie(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("a")
    one, two = (wire(pulumi.FileArchive(str(tmp_path / name))) for name in ("one", "two"))
    assert archives.zipped(one) == archives.zipped(two)
    assert archives.same_content(one, two)
    (tmp_path / "two" / "a.py").write_text("other")
    assert not archives.same_content(one, two)
    assert archives.same_content(one | {"hash": "1"}, two | {"hash": "1"}), "the engine's hashes say enough"


@pytest.mark.parametrize(
    "code, reason",
    [
        (pulumi.RemoteArchive("https://example.com/code.zip"), "download it"),
        (pulumi.FileArchive("/nowhere/at/all"), "/nowhere/at/all, which is not there"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(code: pulumi.Archive, reason: str) -> None:
    with pytest.raises(HandlerError, match=reason):
        archives.zipped(wire(code))


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(HandlerError, match="neither an asset nor an archive"):
        archives.zipped({"path": "/tmp"})
