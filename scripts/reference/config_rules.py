"""What the checks between keys allow, read from the errors that the source raises."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from scripts.reference.config_keys import models_in


@dataclass(frozen=True)
class Rule:
    """What one check allows."""

    key: str
    allowed: str


def rules_of(subject: type[Any] | ModuleType) -> list[Rule]:
    """Return the rules that a class, a module, or a model with the models in it raises or reports, in the order of the source."""
    if isinstance(subject, type) and issubclass(subject, BaseModel):
        return [rule for prefix, each in models_in(subject) for rule in _in_source(each, prefix)]
    return list(_in_source(subject, ""))


def _in_source(subject: type[Any] | ModuleType, prefix: str) -> Iterator[Rule]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(subject)))
    constants = vars(inspect.getmodule(subject))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        reader = _Reader(function, constants)
        for call in _calls(function, "refuse"):
            key = next((reader.text(each.value, "<{}>") for each in call.keywords if each.arg == "key"), "")
            yield Rule(f"{prefix}{key}" if key else prefix.rstrip("."), reader.text(call.args[0]))
        for call in _calls(function, "Problem"):
            yield Rule(reader.text(call.args[1], "<{}>"), reader.text(call.args[3]))


def _calls(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]
    return sorted(found, key=lambda call: call.lineno)


class _Reader:
    """Turns the expression of a message into words, with the names of what is only known when it is raised."""

    def __init__(self, function: ast.FunctionDef, constants: Mapping[str, Any]) -> None:
        self.constants = constants
        self.assigned = [
            (node.lineno, target.id, node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]

    def text(self, node: ast.expr, unknown: str = "*{}*") -> str:
        """Return an expression as words; `unknown` is how a name that stands for a value is set."""
        match node:
            case ast.Constant(value=str(words)):
                return words
            case ast.JoinedStr(values=parts):
                return "".join(self.text(part, unknown) for part in parts)
            case ast.FormattedValue(value=inside):
                return self.text(inside, unknown)
            case ast.Name(id=name) if name in self.constants:
                return _written(self.constants[name])
            case ast.Name(id=name) if (message := self._message(name, node.lineno)) is not None:
                return self.text(message, unknown)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(self.constants.get(inner.id), tuple):
                return _written(self.constants[inner.id])
        return unknown.format(ast.unparse(node).replace("self.", ""))

    def _message(self, name: str, line: int) -> ast.expr | None:
        """Return the text last assigned to a name before a line; None when it holds no text."""
        before = [(number, value) for number, assigned, value in self.assigned if assigned == name and number < line]
        if not before:
            return None
        value = max(before, key=lambda each: each[0])[1]
        is_text = isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))
        return value if is_text or isinstance(value, ast.Call) else None


def _written(constant: Any) -> str:
    return ", ".join(map(str, constant)) if isinstance(constant, tuple) else str(constant)
