"""What .gitlab-ci.yml may say, strictly: the keywords that it uses, in the shapes that GitLab's own schema allows for them.

GitLab publishes a schema for all keywords, which is not shipped here; this one is narrower in everything it names.
Source: https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/assets/javascripts/editor/schema/ci.json
"""

from __future__ import annotations

from typing import Any


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_NAMES = {"type": "object", "propertyNames": {"pattern": "^[A-Z_]+$"}, "additionalProperties": {"type": "string"}}
_MATRIX = {
    "type": "array",
    "minItems": 1,
    "maxItems": 200,
    "items": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [_TEXT, _TEXTS]}},
}
_WHEN = {"enum": ["on_success", "on_failure", "always", "never", "manual", "delayed"]}
_NEED_OF_RULE = {"anyOf": [_TEXT, _object({"job": _TEXT, "artifacts": {"type": "boolean"}, "optional": {"type": "boolean"}}, "job")]}
_NEED = {
    "anyOf": [
        _TEXT,
        _object(
            {
                "job": _TEXT,
                "artifacts": {"type": "boolean"},
                "optional": {"type": "boolean"},
                "parallel": _object({"matrix": _MATRIX}, "matrix"),
            },
            "job",
        ),
    ]
}
_RULE = _object({"if": _TEXT, "when": _WHEN, "allow_failure": {"type": "boolean"}, "needs": {"type": "array", "items": _NEED_OF_RULE}})
_REPORTS = _object(
    {"junit": {"anyOf": [_TEXT, _TEXTS]}, "codequality": {"anyOf": [_TEXT, _TEXTS]}, "terraform": {"anyOf": [_TEXT, _TEXTS]}}
)
_ARTIFACTS = _object(
    {
        "paths": _TEXTS,
        "reports": _REPORTS,
        "access": {"enum": ["none", "developer", "maintainer", "all"]},
        "expire_in": _TEXT,
        "expose_as": _TEXT,
        "name": _TEXT,
        "when": {"enum": ["on_success", "on_failure", "always"]},
    }
)
_TOKENS = {"type": "object", "propertyNames": {"pattern": "^[A-Z_]+$"}, "additionalProperties": _object({"aud": _TEXT}, "aud")}
_ENVIRONMENT = _object(
    {"name": _TEXT, "deployment_tier": {"enum": ["production", "staging", "testing", "development", "other"]}}, "name", "deployment_tier"
)
_KEYWORDS: dict[str, Any] = {
    "artifacts": _ARTIFACTS,
    "environment": _ENVIRONMENT,
    "extends": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    "id_tokens": _TOKENS,
    "interruptible": {"type": "boolean"},
    "needs": {"type": "array", "items": _NEED},
    "parallel": _object({"matrix": _MATRIX}, "matrix"),
    "resource_group": _TEXT,
    "rules": {"type": "array", "items": _RULE},
    "script": _TEXTS,
    "stage": {"enum": ["test", "build", "preview", "deploy-staging", "deploy-production"]},
    "timeout": _TEXT,
    "variables": _NAMES,
}
_VARIABLE = {"anyOf": [{"type": "string"}, _object({"value": {"type": "string"}, "options": _TEXTS, "description": _TEXT}, "value")]}
_WORKFLOW = _object(
    {"rules": {"type": "array", "minItems": 1, "items": _object({"if": _TEXT, "when": {"enum": ["always", "never"]}})}}, "rules"
)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "stages": _TEXTS,
        "variables": {"type": "object", "additionalProperties": _VARIABLE},
        "default": _object({"image": _TEXT, "interruptible": {"type": "boolean"}}, "image"),
        "workflow": _WORKFLOW,
    },
    "required": ["stages", "variables", "default", "workflow"],
    "patternProperties": {r"^\.": _object(_KEYWORDS)},
    "additionalProperties": {**_object(_KEYWORDS, "stage")},
}
