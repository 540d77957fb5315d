"""`--check` says which page is not current and what to do; writing makes it current."""

from pathlib import Path

import pytest

from scripts.reference import __main__ as program

PAGES = {"docs/reference/a.md": "A\n", "docs/reference/b.svg": "<svg/>\n"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "pages", lambda: PAGES)
    return tmp_path


def test_written_pages_are_current(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([]) == 0
    assert capsys.readouterr().out.splitlines() == [f"wrote {path}" for path in PAGES]
    assert {path: (root / path).read_text() for path in PAGES} == PAGES
    assert program.main(["--check"]) == 0 and capsys.readouterr().out == ""


def test_a_page_that_is_missing_or_changed_is_named_with_what_to_do(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program.main([])
    (root / "docs/reference/a.md").unlink()
    (root / "docs/reference/b.svg").write_text("edited by hand")
    capsys.readouterr()
    assert program.main(["--check"]) == 1
    remedy = "run `make docs` and commit what it writes"
    assert capsys.readouterr().out.splitlines() == [f"{path} is not current: {remedy}" for path in PAGES]
    assert (root / "docs/reference/b.svg").read_text() == "edited by hand"


def test_only_what_changed_is_written(root: Path) -> None:
    program.main([])
    (root / "docs/reference/b.svg").write_text("old")
    assert program.write(PAGES, root) == ["docs/reference/b.svg"]


def test_a_file_that_no_generator_writes_is_named_and_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program.main([])
    (root / "docs/reference/stray.md").write_text("by hand")
    capsys.readouterr()
    assert program.main(["--check"]) == 1
    assert "docs/reference/stray.md is not current: no generator writes it: remove it" in capsys.readouterr().out
    program.main([])
    assert (root / "docs/reference/stray.md").exists()
