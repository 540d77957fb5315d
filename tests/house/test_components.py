"""One component, one file, one sentence; and what may never appear in one."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.kit.source import component_classes, modules, resource_calls, tree

COMPONENTS = modules("components")
WITH_COMPONENT = [module for module in COMPONENTS if component_classes(module)]
WITH_RESOURCES = [module for module in modules("components", "stacks") if resource_calls(module)]


def summary(node: ast.Module | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").partition("\n\n")[0]


@pytest.mark.parametrize("module", WITH_COMPONENT, ids=str)
def test_a_file_holds_one_component(module: Path) -> None:
    assert len(component_classes(module)) == 1, [node.name for node in component_classes(module)]


@pytest.mark.parametrize("module", WITH_COMPONENT, ids=str)
def test_a_component_and_its_file_say_their_purpose_in_one_sentence(module: Path) -> None:
    nodes: list[ast.Module | ast.ClassDef] = [tree(module), *component_classes(module)]
    for node in nodes:
        said = summary(node)
        assert said.endswith("."), f"{module}: {said!r} is no sentence"
        assert ". " not in said, f"{module}: {said!r} is more than one sentence"


@pytest.mark.parametrize("module", WITH_COMPONENT, ids=str)
def test_a_component_publishes_its_outputs_last(module: Path) -> None:
    (component,) = component_classes(module)
    init = next(node for node in component.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    assert ast.unparse(init.body[-1]) == "self.publish()"


def test_type_tokens_are_unique() -> None:
    tokens = Counter(
        keyword.value.value
        for module in WITH_COMPONENT
        for node in component_classes(module)
        for keyword in node.keywords
        if keyword.arg == "token" and isinstance(keyword.value, ast.Constant)
    )
    assert not [token for token, count in tokens.items() if count > 1]
    assert len(tokens) == len(WITH_COMPONENT)


@pytest.mark.parametrize("module", WITH_COMPONENT, ids=str)
def test_a_type_token_begins_with_the_components_folder(module: Path) -> None:
    (component,) = component_classes(module)
    token = next(keyword.value for keyword in component.keywords if keyword.arg == "token")
    assert isinstance(token, ast.Constant) and token.value == f"{module.parts[1]}:{component.name}"


@pytest.mark.parametrize("module", WITH_RESOURCES, ids=str)
def test_nothing_is_splatted_into_a_resource(module: Path) -> None:
    wrong = [call.lineno for call in resource_calls(module) if any(keyword.arg is None for keyword in call.keywords)]
    assert not wrong, f"{module}: lines {wrong}"


@pytest.mark.parametrize("module", WITH_RESOURCES, ids=str)
def test_every_resource_is_somebodys_child(module: Path) -> None:
    wrong = []
    for call in resource_calls(module):
        given = next((keyword.value for keyword in call.keywords if keyword.arg == "opts"), None)
        if given is None or ".child(" not in ast.unparse(given):
            wrong.append(call.lineno)
    assert not wrong, f"{module}: lines {wrong} lack opts=self.child()"


@pytest.mark.parametrize("module", WITH_RESOURCES, ids=str)
def test_logical_names_hold_neither_place_nor_index(module: Path) -> None:
    banned = ("context", "region", "environment", "index", "enumerate", "account_id")
    names = [ast.unparse(call.args[0]) for call in resource_calls(module) if call.args]
    assert not [name for name in names if any(word in name for word in banned)]


@pytest.mark.parametrize("module", WITH_COMPONENT, ids=str)
def test_args_are_frozen_dataclasses_given_by_name(module: Path) -> None:
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef) and node.name.endswith("Args"):
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            assert decorators == ["dataclass(frozen=True, kw_only=True, slots=True)"], f"{module}: {node.name} {decorators}"
