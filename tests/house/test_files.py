"""Files are short and speak of no machine."""

import ast
import re
from pathlib import Path

import pytest

from config.load import ROOT
from tests.kit.source import files, modules, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".lock", ".mod", ".sh", ".json", ".cfg", ""}
PLACES = re.compile(
    r"(?<![\w.:/-])/(work|home|root|Users)/\w|(?<!no-emit-)index-url|--find-links|\bGOPROXY=http|://[^\s/]*:(pass|token)[^\s]*@"
)
THIS = Path(__file__).resolve().relative_to(ROOT)


@pytest.mark.parametrize("module", modules("config", "components", "stacks", "policies", "sandbox", "scripts", "tests"), ids=str)
def test_a_file_has_at_most_400_lines(module: Path) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", modules("config", "components", "stacks", "policies", "sandbox", "scripts"), ids=str)
def test_a_function_has_at_most_60_lines(module: Path) -> None:
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"{module}: {', '.join(long)}"


@pytest.mark.parametrize("module", modules("config", "components", "stacks", "policies", "sandbox", "scripts"), ids=str)
def test_a_file_begins_with_its_purpose(module: Path) -> None:
    if module.name == "__init__.py" and not tree(module).body:
        return
    assert ast.get_docstring(tree(module)), f"{module} does not say what it is for"


def test_no_file_names_a_machines_folders_or_a_package_index() -> None:
    wrong = []
    for path in files():
        if path == THIS or path.suffix not in TEXT:
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if PLACES.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:100]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sorted(path for path in ROOT.glob("Pulumi*.yaml")), ids=lambda path: path.name)
def test_the_stack_files_name_nothing_of_the_sandbox(path: Path) -> None:
    assert not re.search(r"sandbox|moto|localhost|127\.0\.0\.1|file://|endpoint", path.read_text(encoding="utf-8"), re.IGNORECASE)
