"""Bundles are the same bytes wherever they are made, and hold what a function can load."""

import io
import zipfile

import pytest

from components.serverless.bundle import LARGEST, bundled, lambda_hash, object_key, sha256
from sandbox.provider import archives

FILES = {"bookings/handler.mjs": b"export const handle = async () => ({});\n", "shared/log.mjs": b"export const log = console.log;\n"}


def test_the_same_files_make_the_same_bytes_in_any_order() -> None:
    assert bundled(FILES) == bundled(dict(reversed(FILES.items())))
    assert bundled(FILES) != bundled({**FILES, "shared/log.mjs": b""})


def test_a_bundle_does_not_depend_on_the_machine_that_makes_it() -> None:
    entries = zipfile.ZipFile(io.BytesIO(bundled(FILES))).infolist()
    assert [entry.filename for entry in entries] == sorted(FILES)
    for entry in entries:
        # No compressor, clock, system or mask of its maker is in it.
        assert (entry.compress_type, entry.date_time, entry.create_system) == (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 3)
        assert entry.external_attr >> 16 == 0o644


def test_the_hash_is_told_as_lambda_tells_it() -> None:
    content = bundled(FILES)
    assert lambda_hash(sha256(content)) == archives.sha256(content)
    assert object_key(sha256(content)) == f"functions/{sha256(content)}.zip"
    with pytest.raises(ValueError, match=r"64 lower-case hexadecimal digits \(got 'abc'\)"):
        lambda_hash("abc")


@pytest.mark.parametrize("path", ["/etc/passwd", "../out.mjs", "a/../../b.mjs", "a b.mjs", "", "a//b.mjs"])
def test_a_path_that_leads_out_of_the_bundle_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="words joined by slashes"):
        bundled({path: b""})


def test_an_empty_bundle_and_one_that_lambda_would_not_take_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one file"):
        bundled({})
    with pytest.raises(ValueError, match="larger than"):
        bundled({"a.mjs": bytes(LARGEST)})
