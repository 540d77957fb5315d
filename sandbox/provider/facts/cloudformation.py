"""What CloudFormation knows of a resource type: where it exists, what replaces it, which values it takes.

The facts are those that cfn-lint ships, by region, translated into Pulumi's names once and kept on disk. They complement the SDK's
(`sdk`), which knows names and kinds, and the service model's (`service_model`), which knows requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.provider.facts import cfn_names, cfn_schemas, sdk, sdk_source, service_model
from sandbox.provider.facts.cache import fingerprint, remembered
from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_pairing import Schema
from sandbox.provider.facts.cfn_rules import Checking
from sandbox.provider.facts.cfn_schemas import UnknownRegionError
from sandbox.provider.facts.cfn_translate import Translation
from sandbox.provider.facts.problem import Problem

__all__ = ["UnknownRegionError", "allowed_values", "check_inputs", "create_only", "exists", "may_replace", "type_name", "warnings"]


def type_name(token: str) -> str | None:
    """CloudFormation's type for a resource type (`aws:ec2/vpc:Vpc` -> `AWS::EC2::VPC`); None when it has none.

    Resources that the provider splits off (a bucket's versioning) belong to the type of the whole.
    """
    names = cfn_names.of(token)
    return names.type if names else None


def exists(token: str, region: str) -> bool | None:
    """Whether a resource type exists in a region.

    False when CloudFormation has nothing of its service there, and the endpoint data does not say otherwise; None when CloudFormation
    does not know the type, or has others of its service there (new types reach the regions one after another).
    UnknownRegionError for a region that cfn-lint ships no schemas for.
    """
    here = cfn_schemas.types(region)
    name = type_name(token)
    if name is None or name in here:
        return None if name is None else True
    service = name.rpartition("::")[0]
    if any(other.startswith(f"{service}::") for other in here):
        return None
    try:
        listed = service_model.service_regions(service.rpartition("::")[2].lower())
    except service_model.UnknownOperationError:
        listed = set()
    return None if region in listed else False


def create_only(token: str) -> frozenset[str]:
    """Inputs (dotted wire paths) that CloudFormation can only set at creation; empty when it does not know the type."""
    return frozenset(_facts(token)["createOnly"])


def may_replace(token: str) -> frozenset[str]:
    """Inputs whose change replaces under conditions that CloudFormation does not spell out (an RDS engine, say)."""
    return frozenset(_facts(token)["mayReplace"])


def check_inputs(token: str, inputs: Mapping[str, Any], region: str, unknown: Any) -> list[Problem]:
    """What in `inputs` CloudFormation's schemas refuse: values, patterns, ranges, lengths, combinations, in that region.

    `unknown` is the object that stands for a value not known yet. No problems for a type that CloudFormation does not know;
    UnknownRegionError for a region that cfn-lint ships no schemas for.
    """
    found: dict[tuple[str, str], Problem] = {}
    secrets = sdk.resource(token).secret_outputs if type_name(token) else frozenset()
    for part in _rules(token, region):
        checking = Checking(unknown, part.definitions, part.where, secrets)
        checking.check(part.rules, inputs, "")
        listed = {path for path, _ in checking.refusals}
        for problem in checking.problems:
            # A value in none of several lists is told once, with the last of them: the region's own.
            found[problem.path, "" if problem.path in listed else problem.message] = problem
    return list(found.values())


def warnings(token: str, inputs: Mapping[str, Any], region: str, unknown: Any) -> list[Problem]:
    """What still works but should be left: engine versions that can no longer be created or are near their end."""
    found = []
    for part in _deprecations(token, region):
        checking = Checking(unknown, part.definitions)
        checking.check(part.rules, inputs, "")
        if checking.problems:
            found.append(
                Problem("engineVersion", f"{inputs.get('engine')} {inputs.get('engineVersion')} is deprecated: choose a newer one")
            )
    return found


def allowed_values(token: str, path: str, region: str, inputs: Mapping[str, Any] | None = None) -> frozenset[str] | None:
    """The values an input takes in a region, given the other inputs that decide it; None when any value may do.

    `allowed_values("aws:rds/instance:Instance", "instanceClass", "sa-east-1", {"engine": "postgres"})`
    """
    # A value that is in no list makes every list that applies here speak.
    document = {**(inputs or {}), **_nested(token, path.split("."), "")}
    lists = []
    for part in _rules(token, region):
        checking = Checking(object(), part.definitions)
        checking.check(part.rules, document, "")
        lists += [frozenset(map(str, allowed)) for place, allowed in checking.refusals if place.replace("[0]", "") == path]
    return frozenset.intersection(*lists) if lists else None


@dataclass(frozen=True, slots=True)
class _Part:
    rules: Any
    definitions: Mapping[str, Any]
    where: str = ""


@cache
def _rules(token: str, region: str) -> tuple[_Part, ...]:
    names, schema = cfn_names.of(token), _schema(token, region)
    if names is None or schema is None:
        return ()
    main = remembered(_place(token, schema), _mark(), lambda: _translated(token, names, schema))
    parts = [_Part(main["rules"], _indexed(main["definitions"]))]
    if names.further:
        more = remembered(_place(token, f"{region}-further"), _mark(), lambda: _further(token, names, schema, region))
        definitions = _indexed(more["definitions"])
        parts += [_Part(rules, definitions, f" in {region}" if regional else "") for rules, regional in more["rules"]]
    return tuple(parts)


@cache
def _deprecations(token: str, region: str) -> tuple[_Part, ...]:
    names, schema = cfn_names.of(token), _schema(token, region)
    if names is None or schema is None or not names.deprecated:
        return ()
    translation = _translation(token, names, schema)
    extension, _ = cfn_schemas.extension(names.deprecated, region)
    return (_Part(translation.further(extension or {}, ""), _indexed(translation.definitions)),)


@cache
def _facts(token: str) -> Mapping[str, list[str]]:
    names, schema = cfn_names.of(token), _schema(token, cfn_schemas.REFERENCE_REGION)
    if names is None or schema is None:
        return {"createOnly": [], "mayReplace": []}
    found: Mapping[str, list[str]] = remembered(_place(token, schema), _mark(), lambda: _translated(token, names, schema))
    return found


def _schema(token: str, region: str) -> str | None:
    """The schema of the type in a region, or the reference region's where CloudFormation has none there."""
    name = type_name(token)
    return None if name is None else cfn_schemas.types(region).get(name) or cfn_schemas.types(cfn_schemas.REFERENCE_REGION).get(name)


def _translation(token: str, names: Names, schema: str) -> Translation:
    return Translation(Schema(cfn_schemas.schema(schema), names), sdk.resource(token).inputs)


def _translated(token: str, names: Names, schema: str) -> dict[str, Any]:
    translation = _translation(token, names, schema)
    rules = translation.rules()
    own = translation.schema.document if names.owns else {}
    return {
        "rules": rules,
        "definitions": translation.definitions,
        "createOnly": translation.paths(own.get("createOnlyProperties", ())),
        "mayReplace": translation.paths(own.get("conditionalCreateOnlyProperties", ())),
    }


def _further(token: str, names: Names, schema: str, region: str) -> dict[str, Any]:
    translation = _translation(token, names, schema)
    rules = []
    for name, places in names.further.items():
        extension, regional = cfn_schemas.extension(name, region)
        if extension:
            rules += [[translation.further(extension, place), regional] for place in places]
    return {"rules": rules, "definitions": translation.definitions}


def _nested(token: str, steps: list[str], value: Any) -> dict[str, Any]:
    """A document that has `value` at a dotted path, in an array where the SDK has one."""
    known: Any = None
    kinds = []
    for step in steps:
        fields = sdk.resource(token).inputs if known is None else (known.fields or known.items.fields)
        if step not in fields:
            raise LookupError(f"{token} has no input {'.'.join(steps)}")
        known = fields[step]
        kinds.append(known.kind)
    for step, kind in zip(reversed(steps), reversed(kinds), strict=True):
        value = {step: [value] if kind == "array" else value}
    return dict(value)


def _indexed(node: Any) -> Any:
    """The same rules with long lists as sets, which are looked up faster."""
    if isinstance(node, dict):
        return {word: frozenset(rule) if word == "enum" and len(rule) > _LONG_LIST else _indexed(rule) for word, rule in node.items()}
    return [_indexed(item) for item in node] if isinstance(node, list) else node


_LONG_LIST = 8


def _place(token: str, name: str) -> str:
    return f"cloudformation-{cfn_schemas.version()}-{sdk_source.version()}/{token.replace(':', '-').replace('/', '-')}-{name}"


@cache
def _mark() -> str:
    return fingerprint(*sorted(Path(__file__).parent.rglob("*.py")))
