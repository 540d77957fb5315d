from typing import Any

import pytest

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_values import Values
from sandbox.provider.facts.sdk import Kind, Property

INSTANCES = [f"m5.{size}xlarge" for size in range(2, 40)]


def rules(node: dict[str, Any], kind: Kind, path: str = "value", **names: Any) -> dict[str, Any]:
    values = Values(Names(type="AWS::Test::Thing", **names), {"definitions": {"Short": {"maxLength": 3, "type": "string"}}}, {})
    found = values.rules(node, Property("value", False, kind), path)
    return {**values.definitions[found["$ref"]], **{k: v for k, v in found.items() if k != "$ref"}} if "$ref" in found else found


@pytest.mark.parametrize(
    ("node", "kind", "expected"),
    [
        ({"type": "string", "pattern": "^a", "maxLength": 3}, "string", {"pattern": "^a", "maxLength": 3}),
        ({"type": "integer", "minimum": 1, "enum": [1, 2]}, "integer", {"minimum": 1, "enum": [1, 2]}),
        ({"type": "string", "pattern": "^[0-9]+$"}, "integer", {"asText": {"pattern": "^[0-9]+$"}}),
        ({"type": "integer", "maximum": 9}, "string", {"asNumber": {"maximum": 9}}),
        ({"type": ["string", "integer"], "enum": [6081, "6081"]}, "string", {"enum": ["6081"]}),
        ({"type": ["string", "integer"], "enum": [6081, "6081"]}, "integer", {"enum": [6081]}),
        ({"enum": ["true", "True", True]}, "boolean", {"const": True}),
        ({"enum": [True, False]}, "boolean", {}),
        ({"const": "Enabled", "type": "string"}, "string", {"const": "Enabled"}),
        ({"const": "Enabled", "enum": ["Enabled"], "type": "string"}, "string", {"enum": ["Enabled"]}),
        ({"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "type": "string"}, "string", {"format": ["ipv4", "ipv6"]}),
        ({"anyOf": [{"pattern": "^a"}, {"format": "ipv6"}]}, "string", {"anyOf": [{"pattern": "^a"}, {"format": ["ipv6"]}]}),
        ({"anyOf": [{"format": "ipv4"}, {"format": "of no one"}], "type": "string"}, "string", {}),
        ({"format": "date-time", "type": "string"}, "string", {}),
    ],
)
def test_a_value_gets_the_rules_of_its_kind(node: dict[str, Any], kind: Kind, expected: dict[str, Any]) -> None:
    assert rules(node, kind) == expected


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ({"type": "object", "pattern": "^a"}, "string"),
        ({"type": "string", "enum": ["on", "off"]}, "boolean"),
        ({"type": "boolean"}, "string"),
        ({"type": "array", "minItems": 1}, "map"),
        ({"type": "string", "minLength": 1}, "any"),
    ],
)
def test_a_value_of_another_kind_gets_no_rule(node: dict[str, Any], kind: Kind) -> None:
    assert rules(node, kind) == {}


def test_values_that_the_provider_adds_are_allowed_too() -> None:
    node = {"type": "string", "enum": ["Enabled", "Suspended"]}
    assert rules(node, "string", also={"value": ("Disabled",)}) == {"enum": ["Enabled", "Suspended", "Disabled"]}
    assert rules(node, "string", path="other", also={"value": ("Disabled",)}) == {"enum": ["Enabled", "Suspended"]}


def test_a_version_may_be_given_in_part() -> None:
    node = {"type": "string", "enum": ["8.0.46", "8.4.1"]}
    assert rules(node, "string", versions=frozenset({"value"})) == {"enum": ["8", "8.0", "8.0.46", "8.4", "8.4.1"]}


def test_a_long_list_is_kept_once() -> None:
    values = Values(Names(type="AWS::Test::Thing"), {}, {})
    known = Property("value", False, "string")
    first, second = (values.rules({"type": "string", "enum": list(INSTANCES)}, known, "") for _ in range(2))
    assert first == second
    assert list(values.definitions.values()) == [{"enum": INSTANCES}]
