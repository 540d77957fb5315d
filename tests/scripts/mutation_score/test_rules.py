"""A condition of a control that nothing tries is found by turning it round."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.mutation_score.rules import survivors, turned
from tests.kit.mutations import Tried
from tests.kit.policies import Mutation

SOURCE = '''"""TST-01: databases are private and large."""

from policies.control import Control, Need, Severity, ruled

INSTANCE = "aws:rds/instance:Instance"
LARGE = True


def check(graph):
    for instance in graph.of(INSTANCE):
        private = instance.look("publiclyAccessible") is not True
        large = instance.look("instanceClass") != "db.t3.micro"
        yield ruled(instance, Need("", private and large, "both"))


def remedy(inputs):
    return {} if inputs.get("publiclyAccessible") is False else {"publiclyAccessible": False}


CONTROL = Control(
    id="TST-01", title="t", severity=Severity.LOW, why="w", fix="f", clauses=(), governs=(INSTANCE,), check=check, house=True,
    remedies={INSTANCE: remedy},
)
'''
PRIMARY = ("aws:rds/instance:Instance", "database-primary")
PUBLIC = Mutation("it is public", lambda draft: draft.one(*PRIMARY).set("publiclyAccessible", True))
SMALL = Mutation("it is small", lambda draft: draft.one(*PRIMARY).set("instanceClass", "db.t3.micro"))


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Tried]:
    path = tmp_path / "a_control_of_a_test.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    yield Tried(module, (PUBLIC, SMALL), ())
    del sys.modules[path.stem]


def test_each_condition_inside_a_function_is_turned_round_once() -> None:
    found = list(turned(SOURCE))
    said = sorted((each.line, each.what) for each in found)
    of_the_check = [(11, "IsNot to Is"), (11, "True to False"), (12, "NotEq to Eq"), (13, "and to or")]
    assert said == [*of_the_check, (17, "False to True"), (17, "False to True"), (17, "Is to IsNot")]
    assert len({ast.unparse(each.program) for each in found} | {ast.unparse(ast.parse(SOURCE))}) == 8


@pytest.mark.parametrize(
    ("written", "becomes"),
    [("not x", "not not x"), ("x in y", "x not in y"), ("x < y", "x >= y"), ("x > y", "x <= y"), ("x or y", "x and y"), ("False", "True")],
)
def test_what_is_turned_round_says_the_opposite(written: str, becomes: str) -> None:
    (found,) = turned(f"def f(x, y):\n    return {written}\n")
    assert ast.unparse(found.program) == f"def f(x, y):\n    return {becomes}"


def test_a_control_of_which_every_condition_is_tried_has_no_survivors(control: Tried) -> None:
    number, left = survivors(control)
    assert number == 7 and [each.what for each in left] == []


def test_a_condition_that_nothing_tries_survives(control: Tried) -> None:
    _, left = survivors(Tried(control.module, (), ()))
    assert sorted((each.line, each.what) for each in left) == [(13, "and to or"), (17, "False to True")]
    assert sys.modules[control.module.__name__] is control.module
