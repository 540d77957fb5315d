"""The shipped estate as the generators see it, and resources made up by hand."""

from functools import cache
from typing import Any

from config.load import load
from scripts.reference.estate.facts import Stack
from scripts.reference.estate.read import read_stack
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import Documents, write
from tests.kit.recorder import Graph, Recorded

NAMES = ("us-east-1", "eu-west-1", "sa-east-1", "staging")
"""In the order they are drawn."""


@cache
def shipped_stacks() -> tuple[Stack, ...]:
    """Return the facts of every stack as shipped."""
    return tuple(read_stack(name, shipped_graph(name)) for name in NAMES)


def shipped_stack(name: str) -> Stack:
    """Return the facts of one stack as shipped."""
    return next(stack for stack in shipped_stacks() if stack.name == name)


def stack_of(documents: Documents, name: str, root: Any) -> Stack:
    """Return the facts of a stack as the documents, written under `root`, make it."""
    return read_stack(name, composed(load(name, root=write(documents, root))))


def resource(type_: str, name: str, parent: str | None = None, /, **inputs: Any) -> Recorded:
    """Return a resource as a run would have recorded it; its id is `<name>-id`, its ARN `arn:<name>`."""
    return Recorded(
        urn=f"urn:pulumi:test::test::{type_}::{name}",
        type=type_,
        name=name,
        parent=parent,
        custom=type_.startswith("aws:"),
        inputs=inputs,
        protect=False,
        aliases=(),
        depends_on=(),
        provider="",
        answered={"id": f"{name}-id", "arn": f"arn:{name}", **inputs},
    )


def graph_of(*resources: Recorded) -> Graph:
    """Return a graph of made-up resources."""
    return Graph(tuple(sorted(resources, key=lambda each: each.urn)))
