"""What a project tells the sandbox."""

from pathlib import Path

from sandbox.settings import settings


def test_a_project_tells_by_its_pyproject_and_one_without_tells_nothing(tmp_path: Path) -> None:
    assert settings(tmp_path) == {}
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'demo'\n")
    assert settings(tmp_path) == {}
    (tmp_path / "pyproject.toml").write_text("[tool.sandbox]\nwaves = [['one']]\n[tool.sandbox.policies]\npacks = ['all']\n")
    assert settings(tmp_path) == {"waves": [["one"]], "policies": {"packs": ["all"]}}
