"""Every file of the program has a test file at the same place under `tests`, and no test outlives what it tests."""

import ast
from pathlib import Path

import pytest

from config.load import ROOT
from tests.kit.source import modules, tree

MIRRORED = ("config", "components", "services", "stacks")


def counterpart(module: Path) -> Path:
    return Path("tests", *module.parts[:-1], f"test_{module.name}")


def speaks_another_language(tests: Path) -> bool:
    """Whether what these tests run has no module in Python: a service in JavaScript is tested as a whole."""
    tested = Path(*tests.parts[1:])
    return tested.parts[0] == "services" and (ROOT / tested).is_dir() and not modules(str(tested))


@pytest.mark.parametrize("module", [module for module in modules(*MIRRORED) if module.name != "__init__.py"], ids=str)
def test_every_module_has_its_test_file(module: Path) -> None:
    assert (ROOT / counterpart(module)).is_file(), f"write {counterpart(module)}"


@pytest.mark.parametrize("room", MIRRORED)
def test_every_test_file_has_its_module(room: str) -> None:
    expected = {counterpart(module) for module in modules(room)}
    orphans = [
        path
        for path in modules(f"tests/{room}")
        if path.name.startswith("test_") and path not in expected and not speaks_another_language(path.parent)
    ]
    assert not orphans, f"move or remove {', '.join(map(str, orphans))}"


@pytest.mark.parametrize("module", modules("tests"), ids=str)
def test_test_functions_are_named_as_sentences(module: Path) -> None:
    names = [node.name for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    short = [name for name in names if name.count("_") < 3]
    assert not short, f"say what is proven: {', '.join(short)}"
