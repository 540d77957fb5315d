from typing import Any

import pytest

from sandbox.provider.facts.cfn_conditions import Conditions
from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_pairing import Schema
from sandbox.provider.facts.sdk import Property

OWN = {
    "properties": {
        "Engine": {"type": "string"},
        "EngineVersion": {"type": "string"},
        "DBInstanceClass": {"type": "string"},
        "SourceId": {"type": "string"},
        "Rules": {"type": "array", "items": {"properties": {"IpProtocol": {"type": "string"}, "FromPort": {"type": "integer"}}}},
    }
}
RULE = Property(
    "", True, "object", type_name="Rule", _types={"Rule": {"protocol": [True, "string", None], "fromPort": [False, "integer", None]}}
)
FIELDS = {
    "engine": Property("engine", False, "string"),
    "engineVersion": Property("engineVersion", False, "string"),
    "instanceClass": Property("instanceClass", False, "string"),
    "rules": Property("rules", False, "array", items=RULE),
}
RENAMED = {"instanceClass": "DBInstanceClass", "rules.protocol": "IpProtocol"}


def translated(fragment: dict[str, Any], *, required: bool = False, **names: Any) -> dict[str, Any]:
    schema = Schema(OWN, Names(type="AWS::Test::Thing", renamed=RENAMED, **names))
    fields = {**FIELDS, "engine": Property("engine", required, "string")}
    return Conditions(schema, fragment, {}).fragment(fragment, schema.counterparts(OWN, fields, ""))


def when(engine: str, then: Any, **more: Any) -> dict[str, Any]:
    return {"if": {"properties": {"Engine": {"const": engine}}, "required": ["Engine"]}, "then": then, **more}


def test_a_condition_is_told_in_the_providers_names() -> None:
    assert translated(when("postgres", {"properties": {"DBInstanceClass": {"enum": ["db.r5.large"]}}})) == {
        "if": {"properties": {"engine": {"const": "postgres"}}, "required": ["engine"]},
        "then": {"properties": {"instanceClass": {"enum": ["db.r5.large"]}}},
    }


def test_conditions_on_one_value_are_kept_by_that_value() -> None:
    found = translated({"allOf": [when("redis", {"required": ["EngineVersion"]}), when("valkey", {"required": ["EngineVersion"]})]})
    assert found["switch"]["engine"].keys() == {"redis", "valkey"}
    assert "allOf" not in found


def test_a_condition_that_also_holds_without_the_property_is_not_kept_by_its_value() -> None:
    fragment = {"allOf": [{"if": {"properties": {"Engine": {"const": "redis"}}}, "then": {"required": ["EngineVersion"]}}]}
    assert "switch" not in translated(fragment)
    assert "switch" in translated(fragment, required=True)


def test_a_condition_on_a_value_that_means_something_else_is_left_out() -> None:
    fragment = {"allOf": [when("redis", {"required": ["EngineVersion"]}), when("valkey", {"required": ["EngineVersion"]})]}
    assert translated(fragment, unless={"engine": ("redis",)})["switch"]["engine"].keys() == {"valkey"}


@pytest.mark.parametrize(
    "fragment",
    [
        {"if": {"properties": {"SourceId": {"const": "a"}}}, "then": {"required": ["Engine"]}},
        {"if": {"required": ["SourceId"]}, "then": {"required": ["Engine"]}},
        {"not": {"required": ["SourceId"]}},
        {"anyOf": [{"required": ["Engine"]}, {"required": ["SourceId"]}]},
        when("a", {"required": ["SourceId"]}),
        when("a", {"properties": {"SourceId": False}}),
    ],
)
def test_a_condition_on_what_has_no_counterpart_is_left_out_whole(fragment: dict[str, Any]) -> None:
    assert translated(fragment) == {}


def test_what_cannot_be_given_is_taken_as_absent() -> None:
    fragment = {"if": {"properties": {"SourceId": False}}, "then": {"required": ["Engine"]}}
    assert translated(fragment) == {"if": {}, "then": {"required": ["engine"]}}


def test_a_condition_reaches_into_items() -> None:
    inner = {"if": {"properties": {"IpProtocol": {"enum": ["tcp"]}}, "required": ["IpProtocol"]}, "then": {"required": ["FromPort"]}}
    assert translated({"properties": {"Rules": {"items": inner}}}) == {
        "properties": {
            "rules": {
                "items": {
                    "if": {"properties": {"protocol": {"enum": ["tcp"]}}, "required": ["protocol"]},
                    "then": {"required": ["fromPort"]},
                }
            }
        }
    }


def test_a_fragment_refers_to_its_own_definitions() -> None:
    fragment = {"properties": {"Engine": {"$ref": "#/definitions/Name"}}, "definitions": {"Name": {"pattern": "^a"}}}
    assert translated(fragment) == {"properties": {"engine": {"pattern": "^a"}}}


def test_a_refused_combination_stays_refused() -> None:
    assert translated(when("aurora", False))["then"] is False
    assert translated({"not": {"required": ["Engine"]}}) == {"not": {"required": ["engine"]}}
    assert translated({"properties": {"Engine": {"not": {"enum": ["a"]}}}}) == {"properties": {"engine": {"not": {"enum": ["a"]}}}}
