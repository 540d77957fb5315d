"""Functions, and who may call them."""

import json
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, given, one, text, told
from scripts.evidence.running.reader import Reader, unmanaged

_ALIAS = "aws:lambda/alias:Alias"
_PERMISSION = "aws:lambda/permission:Permission"
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


def opened_by_hand(place: Place, resource: Resource) -> Iterable[Resource]:
    """Give a permission for each statement of the function, or of one of its aliases, that none of the graph's permissions makes."""
    name = text(resource, "name", "id")
    made = place.graph.attached(resource, _PERMISSION, "function").resources
    said = {each.look(path) for each in made for path in ("statementId", "id")}
    seen: set[str] = set()
    for qualifier in (None, *(alias.look("name") for alias in place.graph.attached(resource, _ALIAS, "functionName").resources)):
        for statement in _statements_if_any(place, name, qualifier):
            sid, content = str(statement.get("Sid")), json.dumps(statement, sort_keys=True)
            if sid in said or statement.get("Effect") != "Allow" or content in seen:
                continue
            # One alias may have a statement of the same name as another.
            label = f"{qualifier}/{sid}" if sid in seen else sid
            seen |= {sid, content}
            yield unmanaged(resource, _PERMISSION, label, {"function": name, **_permitted(statement)})


def permission(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read who may call a function, and on whose behalf."""
    sid = text(resource, "statementId", "id")
    statements = _statements(place, text(resource, "function"), resource.look("qualifier"))
    found = one(statement for statement in statements if statement.get("Sid") == sid)
    return found and _permitted(found)


def _statements(place: Place, name: str, qualifier: Any) -> list[dict[str, Any]]:
    narrowed = {"Qualifier": qualifier} if isinstance(qualifier, str) and qualifier else {}
    return list(json.loads(place.ask("lambda", "get_policy", FunctionName=name, **narrowed)["Policy"])["Statement"])


def _statements_if_any(place: Place, name: str, qualifier: Any) -> list[dict[str, Any]]:
    try:
        return _statements(place, name, qualifier)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return []
        raise


def _permitted(found: dict[str, Any]) -> dict[str, Any]:
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
        found=opened_by_hand,
    ),
    Reader(
        type=_PERMISSION,
        covers=("action", "principal", "sourceArn", "sourceAccount", "principalOrgId"),
        read=permission,
        gone=_GONE,
    ),
)
