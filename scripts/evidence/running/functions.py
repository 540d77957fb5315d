"""Functions, and who may call them."""

import json
from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, given, one, text, told
from scripts.evidence.running.reader import Reader

_GONE = ("ResourceNotFoundException",)


def function(place: Place, resource: Resource) -> dict[str, Any]:
    """Read what a function runs on, where, and what it is given in its environment."""
    found = place.ask("lambda", "get_function_configuration", FunctionName=text(resource, "name", "id"))
    inside = found.get("VpcConfig", {})
    variables = found.get("Environment", {}).get("Variables")
    key = found.get("KMSKeyArn")
    return {
        **given(found, runtime="Runtime"),
        **told(found, role="Role", timeout="Timeout"),
        "kmsKeyArn": place.key(key),
        "environment": {"variables": variables} if variables else None,
        "vpcConfig": given(inside, subnetIds="SubnetIds", securityGroupIds="SecurityGroupIds") if inside.get("SubnetIds") else None,
        "deadLetterConfig": camel(found["DeadLetterConfig"]) if found.get("DeadLetterConfig") else None,
    }


def permission(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read who may call a function, and on whose behalf."""
    qualifier = resource.look("qualifier")
    names = {"FunctionName": text(resource, "function")} | ({"Qualifier": qualifier} if isinstance(qualifier, str) and qualifier else {})
    sid = text(resource, "statementId", "id")
    statements = json.loads(place.ask("lambda", "get_policy", **names)["Policy"])["Statement"]
    found = one(statement for statement in statements if statement.get("Sid") == sid)
    if found is None:
        return None
    whom, conditions = found["Principal"], found.get("Condition", {})
    return {
        "action": found["Action"],
        "principal": one(whom.values()) if isinstance(whom, dict) else whom,
        "sourceArn": conditions.get("ArnLike", {}).get("AWS:SourceArn"),
        "sourceAccount": conditions.get("StringEquals", {}).get("AWS:SourceAccount"),
        "principalOrgId": conditions.get("StringEquals", {}).get("aws:PrincipalOrgID"),
    }


READERS = (
    Reader(
        type="aws:lambda/function:Function",
        covers=("runtime", "role", "timeout", "kmsKeyArn", "environment", "vpcConfig", "deadLetterConfig"),
        read=function,
        gone=_GONE,
    ),
    Reader(
        type="aws:lambda/permission:Permission",
        covers=("action", "principal", "sourceArn", "sourceAccount", "principalOrgId"),
        read=permission,
        gone=_GONE,
    ),
)
