"""What AWS offers for database and cache engines, from the enumerations that cfn-lint ships."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def engine_facts(path: str) -> Any:
    """Return one file of cfn-lint's extensions to CloudFormation's schemas."""
    return json.loads((files("cfnlint") / "data/schemas/extensions" / path).read_text(encoding="utf-8"))


def offered(schema: Any, engine: str, wanted: str) -> set[str]:
    """Return every value of the property `wanted` that a rule for `engine` allows."""
    rules = [rule for rule in schema["allOf"] if rule["if"]["properties"]["Engine"].get("const") == engine]
    assert rules, f"no rule for {engine}"
    return {value for rule in rules for value in rule["then"]["properties"][wanted]["enum"]}
