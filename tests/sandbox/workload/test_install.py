"""What is installed is pinned, and named when it is missing."""

import json
from pathlib import Path

import pytest

from sandbox.workload import install


def test_every_archive_is_pinned_by_hash_and_by_no_address() -> None:
    packages = json.loads((install.TOOLS / "package-lock.json").read_text())["packages"]
    assert len(packages) > 2000
    assert not [name for name, each in packages.items() if name and not each.get("integrity", "").startswith("sha512-")]
    assert not [name for name, each in packages.items() if "resolved" in each]
    for pins in ("node.txt", "aws.txt"):
        text = (install.TOOLS / pins).read_text()
        assert text.count("==") * 1 <= text.count("--hash=sha256:")
        assert "://" not in text


def test_the_lock_has_the_version_that_the_catalogue_of_software_deploys() -> None:
    from config.load import load

    assert install.version("n8n") == next(item.version for name, item in load("us-east-1").software.items() if name == "n8n")


def test_a_machine_that_cannot_run_it_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert install.find() is None
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(install.InstallError, match="Linux on x86_64 alone"):
        install.find_or_install(lambda *_: None)
