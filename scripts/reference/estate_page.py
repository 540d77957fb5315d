"""docs/reference/estate.md: the sizes of each stack, and the tree of its resources."""

from collections.abc import Mapping, Sequence

from scripts.reference.estate.facts import Stack
from scripts.reference.estate.sizes import sizes
from scripts.reference.estate.tree import Node, grow
from scripts.reference.table import code, table
from tests.kit.recorder import Graph

_INTRODUCTION = """\
# The estate

What each stack registers with the engine, read from the resources themselves.

![The estate](estate.svg)"""
_INDENT = "&emsp;"


def render(stacks: Sequence[Stack], graphs: Mapping[str, Graph]) -> str:
    """Return the page; `graphs` holds the graph of each stack by its name."""
    lines = [_INTRODUCTION, "", *_sizes(stacks), "", "## Between stacks", "", *_between(stacks)]
    names = [stack.name for stack in stacks]
    lines += ["", "## Resources", "", "Components with all that is below them in bold, resources by type."]
    roots: dict[str, list[Node]] = {}
    for node in grow(graphs):
        roots.setdefault(node.domain, []).append(node)
    for domain, nodes in sorted(roots.items()):
        lines += ["", f"### {domain}", "", *table(["component or type", *names], [row for node in nodes for row in _rows(node, names, 0)])]
    lines += ["", "## Outputs", "", *_outputs(names, graphs)]
    return "\n".join(lines) + "\n"


def _sizes(stacks: Sequence[Stack]) -> list[str]:
    columns = [sizes(stack) for stack in stacks]
    subjects = list(dict.fromkeys(subject for column in columns for subject in column))
    rows = [[subject, *("<br>".join(column.get(subject, ["none"])) for column in columns)] for subject in subjects]
    alike = [row[:2] for row in rows if len(set(row[1:])) == 1]
    different = [row for row in rows if len(set(row[1:])) > 1]
    return [
        *("## Where stacks differ", ""),
        *table(["", *(stack.name for stack in stacks)], different),
        *("", "## What all stacks have", ""),
        *table(["", "in every stack"], alike),
    ]


def _between(stacks: Sequence[Stack]) -> list[str]:
    rows = [
        [stack.name, reference.stack, ", ".join(code(name) for name in reference.outputs)]
        for stack in stacks
        for reference in stack.references
    ]
    return table(["stack", "reads", "and uses its outputs"], rows)


def _rows(node: Node, names: Sequence[str], depth: int) -> list[list[str]]:
    counts = [_count(node.total.get(name, 0)) for name in names]
    rows = [[f"{_INDENT * depth}**{node.name}** {code(node.type)}", *(f"**{each}**" if each else "" for each in counts)]]
    for type_, found in sorted(node.types.items()):
        rows.append([f"{_INDENT * (depth + 1)}{code(type_)}", *(_count(found.get(name, 0)) for name in names)])
    for child in node.children:
        rows += _rows(child, names, depth + 1)
    return rows


def _count(number: int) -> str:
    return str(number) if number else ""


def _outputs(names: Sequence[str], graphs: Mapping[str, Graph]) -> list[str]:
    outputs = sorted({output for graph in graphs.values() for output in graph.stack_outputs})
    return table(
        ["output", *names], [[code(each), *("yes" if each in graphs[name].stack_outputs else "" for name in names)] for each in outputs]
    )
