"""What the guides say is true: their examples run, and the files and commands they name exist."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from config.load import ROOT
from config.models import RegionPlan
from sandbox.provider import registry
from scripts.reference.config_keys import keys_of
from tests.kit.composed import shipped_graph
from tests.kit.provider import Workbench

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
EXAMPLES = {
    "components/observability/database_dashboard.py",
    "tests/components/observability/test_database_dashboard.py",
    "sandbox/provider/aws/dashboards.py",
}
"""Files that a guide lets its reader write."""


def text(guide: str) -> str:
    return (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")


def examples(guide: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text(guide), re.DOTALL)


def module(name: str, source: str) -> ModuleType:
    made = ModuleType(name)
    sys.modules[name] = made
    exec(compile(source, name, "exec"), vars(made))
    return made


@pytest.fixture
def written() -> Iterator[None]:
    """Leave no example behind among the modules."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if "dashboard" in name or name.startswith("example"):
            del sys.modules[name]


def test_the_example_component_passes_its_example_test(written: None) -> None:
    component, test = examples("add-a-component.md")
    module("components.observability", "")
    module("components.observability.database_dashboard", component)
    proof = module("example_component_test", test)
    proof.test_the_page_shows_the_database_it_is_told()
    proof.test_a_period_that_is_no_whole_minute_is_refused()


def test_the_example_handler_passes_its_example_test(
    written: None, workbench: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, handler, test = examples("add-a-resource-type-to-the-sandbox.md")
    module("example_facts", facts)
    shown = capsys.readouterr().out
    dashboard = module("example_handler", handler).Dashboard()
    assert str(dashboard.create_only) in shown and "dashboardArn" in shown and "DashboardBody" in shown
    monkeypatch.setitem(registry.handlers(), dashboard.token, dashboard)
    proof = module("example_handler_test", test)
    proof.test_a_dashboard_lives_as_declared(workbench)
    proof.test_a_name_that_is_not_given_is_refused(workbench)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_file_that_a_guide_names_exists(guide: Path) -> None:
    said = guide.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", said)) | {
        f"docs/guides/{link}" for link in re.findall(r"\]\(([^)h#][^)]*)\)", said)
    }
    missing = [name for name in named - EXAMPLES if not (ROOT / name).resolve().exists()]
    assert named and not missing


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_make_target_that_a_guide_names_exists(guide: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)\b", "\n".join(re.findall(r"`[^`]*`", guide.read_text(encoding="utf-8"))))) <= targets


def test_the_guide_to_operating_names_keys_and_outputs_that_exist() -> None:
    said = text("operate-on-aws.md")
    keys = {key.path for key in keys_of(RegionPlan)}
    named = set(re.findall(r"`((?:cluster|database|network)\.[a-z_]+)`", said))
    assert len(named) >= 8 and not {name for name in named if name not in keys}
    outputs = set(re.findall(r"\b(hub_[a-z_]+|cluster_name|database_secret_arn)\b", said))
    assert len(outputs) >= 5 and outputs <= shipped_graph("us-east-1").stack_outputs.keys()
