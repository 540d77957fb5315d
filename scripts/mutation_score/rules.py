"""Changes controls and their remedies, one condition at a time, and asks whether the changes of the estate tell the difference.

A condition that can be turned round unseen is one that nothing tries. Python's own syntax trees are changed; what is turned round:
comparisons, `and` and `or`, `not`, and the constants True and False.
"""

from __future__ import annotations

import ast
import copy
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policies.control import Control, Remedy
from policies.graph import Graph, Resource
from policies.verdict import Verdict
from tests.kit.mutations import Tried, mutations
from tests.kit.policies import STACKS, mutated, shipped

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}


@dataclass(frozen=True, slots=True)
class Turned:
    """A control's module with one condition turned round."""

    line: int
    what: str
    program: ast.Module


def turned(source: str) -> Iterator[Turned]:
    """Give the module once for each condition in it, that one turned round; conditions of module level are not."""
    program = ast.parse(source)
    for place, node in enumerate(ast.walk(program)):
        if _turn(node) is not None and _inside(program, node):
            changed = copy.deepcopy(program)
            there = next(each for number, each in enumerate(ast.walk(changed)) if number == place)
            what = _turn(there, apply=True)
            assert what is not None  # noqa: S101 - the same node of a copy
            yield Turned(getattr(node, "lineno", 0), what, ast.fix_missing_locations(changed))


def _inside(program: ast.Module, node: ast.AST) -> bool:
    """Tell whether a node is part of a function's body: a default or a constant of the module is no condition."""
    functions = (each for each in ast.walk(program) if isinstance(each, ast.FunctionDef))
    return any(node is inner for function in functions for statement in function.body for inner in ast.walk(statement))


def _turn(node: ast.AST, *, apply: bool = False) -> str | None:
    """Return what would be turned round at a node, None where there is nothing; with `apply` it is."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _TURNED:
            other = _TURNED[type(op)]()
            if apply:
                node.ops = [other]
            return f"{type(op).__name__} to {type(other).__name__}"
        case ast.BoolOp(op=op):
            if apply:
                node.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            return "and to or" if isinstance(op, ast.And) else "or to and"
        case ast.UnaryOp(op=ast.Not()):
            if apply:
                node.operand = ast.UnaryOp(ast.Not(), node.operand)
            return "not taken away"
        case ast.Constant(value=bool() as value):
            if apply:
                node.value = not value
            return f"{value} to {not value}"
    return None


def survivors(each: Tried) -> tuple[int, list[Turned]]:
    """Return how many conditions a control has, and those that can be turned round unseen."""
    path = Path(str(each.module.__file__))
    found = list(turned(path.read_text(encoding="utf-8")))
    told = _Told(each)
    return len(found), [one for one in found if not told.differs(_control(one, each.module))]


class _Told:
    """What a control says of the estate, as shipped and with every change of its test."""

    def __init__(self, each: Tried) -> None:
        self._control = each.control
        self._graphs: list[Graph] = [mutated(mutation) for mutation in mutations(each)] + [shipped(stack) for stack in STACKS]
        self._found = [_said(self._control, graph) for graph in self._graphs]

    def differs(self, control: Control) -> bool:
        """Tell whether another control says something else of one of them."""
        return any(_said(control, graph) != said for graph, said in zip(self._graphs, self._found, strict=True))


def _said(control: Control, graph: Graph) -> tuple[set[tuple[str, Verdict]], list[str]]:
    """What a control says of which resource, and what its remedies would change; its words may be others without any harm."""
    verdicts = {(finding.urn, finding.verdict) for finding in control.evaluate(graph)}
    return verdicts, [_mended(remedy, resource) for type_, remedy in sorted(control.remedies.items()) for resource in graph.of(type_)]


def _mended(remedy: Remedy, resource: Resource) -> str:
    try:
        return repr(remedy(resource.properties))
    except Exception as error:
        return type(error).__name__


def _control(one: Turned, original: types.ModuleType) -> Control:
    """Return the control of a changed module, which is never imported by its name."""
    module = types.ModuleType(original.__name__)
    module.__file__ = original.__file__
    kept = sys.modules[original.__name__]
    try:
        sys.modules[original.__name__] = module
        exec(compile(one.program, str(original.__file__), "exec"), module.__dict__)  # noqa: S102 - our own file, with one condition changed
    finally:
        sys.modules[original.__name__] = kept
    made = module.CONTROL
    assert isinstance(made, Control)  # noqa: S101 - as the original
    return made
