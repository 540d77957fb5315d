"""A digest changes with whatever judges or configures, and with nothing else."""

from pathlib import Path

import pytest

from policies.evidence import digest

FILES = {
    "policies/gate.py": "one",
    "policies/controls/network/ports.py": "two",
    "policies/settings.yaml": "three",
    "config/estate.yaml": "four",
    "Pulumi.eu-west-1.yaml": "five",
    "README.md": "six",
}


def tree(root: Path, **changes: str) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(changes.get(Path(name).stem, text))
    return root


@pytest.mark.parametrize(
    ("changed", "controls", "configuration"),
    [("ports", True, False), ("gate", True, False), ("settings", False, True), ("estate", False, True), ("README", False, False)],
)
def test_a_changed_file_changes_its_digest_and_no_other(tmp_path: Path, changed: str, controls: bool, configuration: bool) -> None:
    before, after = tree(tmp_path / "before"), tree(tmp_path / "after", **{changed: "other"})
    assert (digest.of_controls(before) != digest.of_controls(after)) is controls
    assert (digest.of_configuration(before) != digest.of_configuration(after)) is configuration


def test_a_moved_text_changes_the_digest(tmp_path: Path) -> None:
    before, after = tree(tmp_path / "before"), tree(tmp_path / "after")
    (after / "policies/gate.py").rename(after / "policies/door.py")
    assert digest.of_controls(before) != digest.of_controls(after)
    assert len(digest.of_controls()) == 64 and digest.of_controls() != digest.of_configuration()
