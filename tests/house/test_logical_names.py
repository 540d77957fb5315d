"""Logical names are identity: the tree of each stack is a snapshot that review sees.

A name that changes replaces the resource. When a change is meant (and carries its alias), write the snapshots anew with
`UPDATE_SNAPSHOTS=1 python -m pytest tests/house/test_logical_names.py` and commit them with it.
"""

import os
import re

import pytest

from config.load import ROOT
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS

SNAPSHOTS = ROOT / "tests" / "snapshots"
NAME = re.compile(r"[a-z][a-zA-Z0-9_]*(-[a-zA-Z0-9_]+)*")
PLACE_OR_INDEX = re.compile(r"-(use1|euw1|sae1|us|eu|sa|prod|production|stg|staging|\d)(-|$)")
"""A single digit is an index; a port, which is of more, says what a rule lets through."""


@pytest.mark.parametrize("name", STACKS)
def test_the_tree_of_logical_names_is_the_one_in_the_snapshot(name: str) -> None:
    path, tree = SNAPSHOTS / f"{name}.txt", shipped_graph(name).tree()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(tree, encoding="utf-8")
    assert tree == path.read_text(encoding="utf-8"), "a resource came, went or changed its name: see the head of this file"


@pytest.mark.parametrize("name", STACKS)
def test_logical_names_are_words_without_place_or_index(name: str) -> None:
    wrong = [
        resource.name
        for resource in shipped_graph(name).resources
        if not NAME.fullmatch(resource.name) or PLACE_OR_INDEX.search(resource.name)
    ]
    assert not wrong


def test_every_snapshot_belongs_to_a_stack() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.txt")} == set(STACKS)
