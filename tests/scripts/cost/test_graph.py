"""Reading a graph from what Pulumi writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.cost.__main__ import read
from scripts.cost.graph import of_preview, of_state
from tests.scripts.cost.kit import item

KEY = "aws:kms/key:Key"


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:s::morefocus::{KEY}::{name}", "type": KEY, "custom": True, "inputs": {"region": "sa-east-1"}, **more}


def test_a_state_gives_what_is_there_without_components_engine_things_and_what_waits_for_deletion() -> None:
    rows = [
        row("kept", parent="urn:parent"),
        row("going", delete=True),
        row("read", external=True),
        {**row("component"), "custom": False},
        {**row("provider"), "type": "pulumi:providers:aws"},
    ]
    exported = of_state({"version": 3, "deployment": {"resources": rows}})
    assert [(each.name, each.type, each.inputs, each.parent) for each in exported] == [("kept", KEY, {"region": "sa-east-1"}, "urn:parent")]
    assert of_state({"checkpoint": {"latest": {"resources": rows}}}) == exported


def test_a_preview_gives_what_will_be_there() -> None:
    steps: list[dict[str, Any]] = [
        {"op": "create", "newState": row("new")},
        {"op": "same", "newState": row("old")},
        {"op": "delete", "oldState": row("gone")},
    ]
    component = {name: value for name, value in row("component").items() if name != "custom"}
    steps.append({"op": "create", "newState": component})
    replaced = [{"op": "create-replacement", "newState": row("old")}, {"op": "delete-replaced", "newState": row("dead")}]
    assert [each.name for each in of_preview({"steps": steps + replaced})] == ["new", "old"]


@pytest.mark.parametrize("form", ["state", "steps", "events"])
def test_a_file_is_read_whichever_of_the_three_it_is(form: str, tmp_path: Path) -> None:
    event = {"resourcePreEvent": {"metadata": {"op": "create", "new": row("one")}}}
    documents = {
        "state": json.dumps({"deployment": {"resources": [row("one")]}}),
        "steps": json.dumps({"steps": [{"op": "create", "newState": row("one")}]}),
        "events": "warning: something\n" + json.dumps(event) + "\n" + json.dumps({"summaryEvent": {}}) + "\n",
    }
    path = tmp_path / "graph"
    path.write_text(documents[form])
    assert [each.name for each in read(path)] == ["one"]


def test_component_and_tenant_are_those_of_the_tags() -> None:
    tagged = item(KEY, "one", tags={"component": "database", "tenant": "acme"})
    assert (tagged.component, tagged.tenant) == ("database", "acme")
    assert (item(KEY, "two").component, item(KEY, "two").tenant) == ("two", None)
