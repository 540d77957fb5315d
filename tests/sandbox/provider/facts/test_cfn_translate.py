from typing import Any

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_pairing import Schema
from sandbox.provider.facts.cfn_translate import Translation
from sandbox.provider.facts.sdk import Property

TYPES = {
    "Check": {"path": [False, "string", None], "port": [False, "string", None]},
    "Config": {"keyArn": [True, "string", None], "mode": [False, "string", None]},
    "Node": {"size": [True, "integer", None], "inner": [False, ["object", "Node"], None]},
}
DOCUMENT: dict[str, Any] = {
    "properties": {
        "Name": {"type": "string", "minLength": 3},
        "Port": {"type": "integer", "maximum": 9},
        "HealthCheckPath": {"type": "string", "pattern": "^/"},
        "EncryptionConfig": {"type": "array", "maxItems": 1, "items": {"$ref": "#/definitions/Config"}},
        "AliasTarget": {"$ref": "#/definitions/Config"},
        "Tree": {"$ref": "#/definitions/Node"},
        "LogTypes": {"type": "array", "minItems": 1, "items": {"enum": ["api", "audit"], "type": "string"}},
        "Tags": {"type": "array", "maxItems": 50, "items": {"type": "object"}},
    },
    "definitions": {
        "Config": {
            "type": "object",
            "properties": {"KeyArn": {"type": "string", "pattern": "^arn:"}, "Mode": {"enum": ["on"]}},
            "required": ["KeyArn", "Mode"],
        },
        "Node": {"type": "object", "properties": {"Size": {"type": "integer", "minimum": 1}, "Inner": {"$ref": "#/definitions/Node"}}},
    },
    "required": ["Name", "Port"],
    "requiredXor": ["EncryptionConfig", "AliasTarget", "Elsewhere"],
    "dependentRequired": {"Name": ["Port"]},
    "dependentExcluded": {"Port": ["Tree"]},
}


def known(name: str, shape: Any, required: bool = False) -> Property:
    if isinstance(shape, str):
        return Property(name, required, shape)  # type: ignore[arg-type]
    kind, inner = shape
    if kind == "object":
        return Property(name, required, "object", type_name=inner, _types=TYPES)
    return Property(name, required, kind, items=known("", inner))


def translation(fields: dict[str, Any], **names: Any) -> Translation:
    return Translation(
        Schema(DOCUMENT, Names(type="AWS::Test::Thing", **names)), {name: known(name, shape) for name, shape in fields.items()}
    )


def properties(fields: dict[str, Any], **names: Any) -> Any:
    return translation(fields, verified=False, **names).rules().get("properties", {})


def test_a_list_of_one_there_is_the_one_itself_here() -> None:
    made = translation({"encryptionConfig": ["object", "Config"]}, verified=False)
    assert made.rules() == {"properties": {"encryptionConfig": {"$ref": "Config"}}}
    assert made.definitions["Config"]["properties"]["keyArn"] == {"pattern": "^arn:"}


def test_the_one_itself_there_is_a_list_of_one_here() -> None:
    assert properties({"aliasTargets": ["array", ["object", "Config"]]}) == {"aliasTargets": {"items": {"$ref": "Config"}}}


def test_a_group_here_is_side_by_side_there() -> None:
    fields = {"healthCheck": ["object", "Check"], "port": "integer"}
    found = properties(fields, renamed={"healthCheck": "", "healthCheck.path": "HealthCheckPath"})
    assert found == {"healthCheck": {"properties": {"path": {"pattern": "^/"}}}, "port": {"maximum": 9}}


def test_a_pointer_may_lead_into_items() -> None:
    found = properties({"logs": ["array", "string"], "one": "string"}, renamed={"logs": "LogTypes", "one": "LogTypes/*"})
    assert found == {"logs": {"minItems": 1, "items": {"enum": ["api", "audit"]}}, "one": {"enum": ["api", "audit"]}}


def test_tags_of_another_shape_get_no_rule() -> None:
    assert properties({"tags": ["map", "string"]}) == {}


def test_a_type_that_contains_itself_ends_in_a_reference() -> None:
    made = translation({"tree": ["object", "Node"]}, verified=False)
    assert made.rules() == {"properties": {"tree": {"$ref": "Node"}}}
    assert made.definitions["Node"]["properties"]["size"] == {"minimum": 1}


def test_rules_about_several_properties_hold_for_types_that_were_compared() -> None:
    fields = {"name": "string", "port": "integer", "encryptionConfig": ["object", "Config"], "aliasTarget": ["object", "Config"]}
    compared = translation(fields, optional=frozenset({"name", "aliasTarget.mode"})).rules()
    assert compared["required"] == ["port"]
    assert compared["requiredXor"] == ["encryptionConfig", "aliasTarget"]
    assert compared["dependentRequired"] == {"name": ["port"]}
    assert "dependentExcluded" not in compared
    assert translation(fields, verified=False).rules().keys() == {"properties"}


def test_what_the_sdk_requires_is_left_to_the_sdk() -> None:
    made = translation({"encryptionConfig": ["object", "Config"]})
    made.rules()
    assert made.definitions["Config"]["required"] == ["mode"]


def test_pointers_are_told_as_paths_of_the_provider() -> None:
    made = translation({"encryptionConfig": ["object", "Config"], "name": "string"}, renamed={"name": "AliasTarget/Mode"})
    made.rules()
    pointers = ["/properties/EncryptionConfig", "/properties/EncryptionConfig/*/KeyArn", "/properties/AliasTarget/Mode", "/properties/Port"]
    assert made.paths(pointers) == ["encryptionConfig", "encryptionConfig.keyArn", "name"]


def test_an_extension_speaks_of_its_place() -> None:
    made = translation({"logs": ["array", "string"]}, renamed={"logs": "LogTypes"})
    assert made.further({"enum": ["api"]}, "LogTypes/*") == {"properties": {"logs": {"items": {"enum": ["api"]}}}}
    assert made.further({"required": ["LogTypes"]}, "") == {"required": ["logs"]}
