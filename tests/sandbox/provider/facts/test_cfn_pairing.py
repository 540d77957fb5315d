from typing import Any

import pytest

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_pairing import Schema
from sandbox.provider.facts.sdk import Property

DOCUMENT: dict[str, Any] = {
    "properties": {
        "DBName": {"type": "string"},
        "Policies": {"type": "array", "items": {"$ref": "#/definitions/Policy"}},
        "HostedZoneConfig": {"properties": {"Comment": {"type": "string"}}},
        "Port": {"type": "integer"},
        "HealthCheckPort": {"type": "string"},
        "Format": {"oneOf": [{"properties": {"Simple": {"type": "object"}}}, {"properties": {"Partitioned": {"type": "object"}}}]},
    },
    "definitions": {"Policy": {"properties": {"Name": {"type": "string", "minLength": 1}}}},
}


def schema(renamed: dict[str, str | None] | None = None, under: str = "") -> Schema:
    return Schema(DOCUMENT, Names(type="AWS::Test::Thing", renamed=renamed or {}, under=under))


def text(name: str) -> Property:
    return Property(name, False, "string")


@pytest.mark.parametrize(
    ("name", "target"),
    [("dbName", "DBName"), ("policies", "Policies"), ("policy", "Policies"), ("port", "Port"), ("comment", None), ("healthPort", None)],
)
def test_properties_pair_by_name_whatever_the_letter_case_and_number(name: str, target: str | None) -> None:
    assert schema().target(DOCUMENT, name, "") == target


def test_the_table_wins_over_the_name() -> None:
    assert schema({"port": None}).target(DOCUMENT, "port", "") is None
    assert schema({"port": "HealthCheckPort"}).target(DOCUMENT, "port", "") == "HealthCheckPort"


def test_in_a_group_only_what_the_table_names_is_paired() -> None:
    grouped = schema({"healthCheck": "", "healthCheck.port": "HealthCheckPort"})
    assert grouped.target(DOCUMENT, "healthCheck", "") == ""
    assert grouped.target(DOCUMENT, "port", "healthCheck") == "HealthCheckPort"
    assert grouped.target(DOCUMENT, "dbName", "healthCheck") is None


def test_a_pointer_reaches_through_references_items_and_alternatives() -> None:
    assert schema().at(DOCUMENT, "Policies/*/Name") == {"type": "string", "minLength": 1}
    assert schema().at(DOCUMENT, "Format/Partitioned") == {"type": "object"}
    assert schema(under="Policies/*").root == DOCUMENT["definitions"]["Policy"]
    with pytest.raises(KeyError):
        schema().at(DOCUMENT, "Policies/*/Value")


def test_a_property_that_reaches_inside_stands_for_the_presence_of_the_whole() -> None:
    found = schema({"comment": "HostedZoneConfig/Comment"}).counterparts(
        DOCUMENT, {"comment": text("comment"), "dbName": text("dbName")}, ""
    )
    assert {name: counterpart.name for name, counterpart in found.items()} == {"HostedZoneConfig": "comment", "DBName": "dbName"}
    assert found["HostedZoneConfig"].known.kind == "any"


def test_several_properties_that_reach_inside_stand_for_nothing() -> None:
    both = schema({"comment": "HostedZoneConfig/Comment", "remark": "HostedZoneConfig/Comment"})
    assert both.counterparts(DOCUMENT, {"comment": text("comment"), "remark": text("remark")}, "") == {}


def test_what_stands_beside_a_reference_is_kept() -> None:
    node = {"$ref": "#/definitions/Policy", "maxItems": 3}
    assert schema().resolve(node) == {"maxItems": 3, **DOCUMENT["definitions"]["Policy"]}
    assert schema().resolve(True) == {}
