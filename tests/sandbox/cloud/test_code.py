"""An emulated cloud knows the code it was started with."""

from pathlib import Path

import pytest

from sandbox.cloud import control
from sandbox.cloud.code import fingerprint
from sandbox.paths import Home


def test_any_change_of_a_source_file_changes_the_fingerprint(tmp_path: Path) -> None:
    source = tmp_path / "extensions" / "kms.py"
    source.parent.mkdir()
    source.write_text("KEYS = 1\n")
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    source.write_text("KEYS = 2\n")
    changed = fingerprint(tmp_path)
    source.rename(source.with_name("keys.py"))
    assert len({before, changed, fingerprint(tmp_path), fingerprint()}) == 4


def test_a_cloud_started_before_its_code_changed_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    try:
        assert control.start(home).current
        monkeypatch.setattr(control, "fingerprint", lambda: "of other sources")
        assert not control.start(home).current
    finally:
        control.stop(home)
