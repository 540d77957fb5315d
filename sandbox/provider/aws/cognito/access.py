"""What users may: groups of them, and the scopes of resource servers."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_SERVER = Translation("cognito-idp", "CreateResourceServer")


class UserGroup(Handler):
    """Users of a pool with a role; the tokens of its members name it."""

    token = "aws:cognito/userGroup:UserGroup"
    create_only = frozenset({"name", "userPoolId"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("cognito-idp", "CreateGroup", _group(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cognito-idp").create_group(**_group(inputs))
        return f"{inputs['userPoolId']}/{inputs['name']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        pool, _, name = resource_id.partition("/")
        live = call.client("cognito-idp").get_group(UserPoolId=pool, GroupName=name)["Group"]
        found: Properties = {"userPoolId": pool, "name": name, "description": live.get("Description", "")}
        if live.get("Precedence") is not None:
            found["precedence"] = live["Precedence"]
        return found | ({"roleArn": live["RoleArn"]} if live.get("RoleArn") else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cognito-idp").update_group(**{"Description": "", **_group(new)})
        return {}

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # An update leaves what it does not name as it is, so a role or a precedence cannot be taken away by one.
        return path in ("precedence", "roleArn") and old.get(path) is not None and new.get(path) is None

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        pool, _, name = resource_id.partition("/")
        call.client("cognito-idp").delete_group(UserPoolId=pool, GroupName=name)


class ResourceServer(Handler):
    """An API with scopes that clients of a pool may ask for."""

    token = "aws:cognito/resourceServer:ResourceServer"
    create_only = frozenset({"identifier", "userPoolId"})
    unordered = frozenset({"scopes"})
    autoname = "name"
    autoname_limit = 256

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _SERVER.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"scopeIdentifiers": _identifiers(inputs)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cognito-idp").create_resource_server(**_SERVER.request(inputs))
        return f"{inputs['userPoolId']}|{inputs['identifier']}", self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        pool, _, identifier = resource_id.partition("|")
        live = call.client("cognito-idp").describe_resource_server(UserPoolId=pool, Identifier=identifier)["ResourceServer"]
        found = {"scopes": [], **_SERVER.properties(self.token, live)}
        if "scopes" in state:
            found["scopes"] = aligned(state["scopes"], found["scopes"])
        return found | self.preview(call, found)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cognito-idp").update_resource_server(**_SERVER.request(new))
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        pool, _, identifier = resource_id.partition("|")
        call.client("cognito-idp").delete_resource_server(UserPoolId=pool, Identifier=identifier)


def _group(inputs: Properties) -> Properties:
    return parameters(
        inputs,
        UserPoolId="userPoolId",
        GroupName="name",
        Description="description",
        Precedence="precedence",
        RoleArn="roleArn",
    )


def _identifiers(inputs: Properties) -> list[Any]:
    return [f"{inputs['identifier']}/{scope['scopeName']}" for scope in inputs.get("scopes") or ()]
