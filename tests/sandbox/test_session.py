"""Which stacks a command works on, in which order."""

from pathlib import Path

import pytest

from sandbox.session import UnknownStackError, waves


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for stack in ("one", "two"):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    return tmp_path


def test_waves_come_from_the_projects_settings(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.sandbox]\nwaves = [["two"], ["one"]]\n')
    assert waves(project, None) == (("two",), ("one",))


def test_without_settings_all_stacks_are_brought_up_at_once(project: Path) -> None:
    assert waves(project, None) == (("one", "two"),)


def test_one_stack_may_be_chosen_also_outside_the_waves(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.sandbox]\nwaves = [["two"]]\n')
    assert waves(project, "one") == (("one",),)


def test_a_stack_without_a_file_is_an_error_that_names_it(project: Path) -> None:
    with pytest.raises(UnknownStackError, match=r"no Pulumi\.mars\.yaml; the stacks are one, two"):
        waves(project, "mars")
    (project / "pyproject.toml").write_text('[tool.sandbox]\nwaves = [["mars"]]\n')
    with pytest.raises(UnknownStackError, match="waves names mars"):
        waves(project, None)


def test_a_new_stack_file_is_enough_for_a_new_stack_after_the_named_ones(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.sandbox]\nwaves = [["two"], ["one"]]\nthen_by = "morefocus:network.asn"\napart = ["staging"]\n'
    )
    for stack, asn in (("apple", 64517), ("zebra", 64516), ("staging", 64515)):
        (project / f"Pulumi.{stack}.yaml").write_text(f"config:\n  morefocus:network: {{asn: {asn}}}\n")
    (project / "Pulumi.bare.yaml").write_text("config: {}\n")
    assert waves(project, None) == (("two",), ("one",), ("zebra",), ("apple",), ("bare",))
