"""Who may sign in to a cache, and to which."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.elasticache.groups import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_MODES = ("authenticationMode", "noPasswordRequired", "passwords", "passwordsWo")
_USER = Translation("elasticache", "CreateUser", apart=frozenset({"passwordsWo", "passwordsWoVersion", "passwordCount"}))

_GROUP = Translation("elasticache", "CreateUserGroup")


class User(Handler):
    """A user of a cache."""

    token = "aws:elasticache/user:User"
    create_only = frozenset({"userId", "userName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        given = [name for name in _MODES if inputs.get(name)]
        if len(given) != 1:
            said = " and ".join(given) or "none"
            return [Failure("authenticationMode", f"exactly one of {', '.join(_MODES)} is needed (got {said})")]
        return _USER.failures(_asked(inputs)) if known(inputs["engine"]) else []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("elasticache", f"user:{inputs['userId']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        user = call.client("elasticache").create_user(**_USER.request(_asked(inputs)), Tags=tagging.pairs(inputs["tagsAll"]))
        return inputs["userId"], _outputs(inputs, user)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        user = call.client("elasticache").describe_users(UserId=resource_id)["Users"][0]
        return {
            "userId": user["UserId"],
            "userName": user["UserName"],
            "engine": user["Engine"],
            "accessString": user["AccessString"],
            "tags": live_tags(call, user["ARN"]),
            **_outputs(state, user),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        changes: Properties = {"AccessString": new["accessString"]} if old["accessString"] != new["accessString"] else {}
        asked = _USER.request(_asked(new))
        if any(old.get(name) != new.get(name) for name in (*_MODES, "passwordsWoVersion")):
            changes |= {key: asked[key] for key in ("AuthenticationMode", "NoPasswordRequired", "Passwords") if key in asked}
        cache = call.client("elasticache")
        user = cache.modify_user(UserId=resource_id, **changes) if changes else cache.describe_users(UserId=resource_id)["Users"][0]
        retag(call, old["arn"], old, new)
        return _outputs(new, user)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elasticache").delete_user(UserId=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        return _same_engine(old, new) if path == "engine" else super().equal(path, old, new)


class UserGroup(Handler):
    """Users that a replication group lets in."""

    token = "aws:elasticache/userGroup:UserGroup"
    create_only = frozenset({"userGroupId"})
    unordered = frozenset({"userIds"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _GROUP.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("elasticache", f"usergroup:{inputs['userGroupId']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        group = call.client("elasticache").create_user_group(**_GROUP.request(inputs), Tags=tagging.pairs(inputs["tagsAll"]))
        return inputs["userGroupId"], {"arn": group["ARN"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = call.client("elasticache").describe_user_groups(UserGroupId=resource_id)["UserGroups"][0]
        found = {"userGroupId": resource_id, "engine": group["Engine"], "arn": group["ARN"], "tags": live_tags(call, group["ARN"])}
        return found | ({"userIds": group["UserIds"]} if group["UserIds"] or state.get("userIds") else {})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cache = call.client("elasticache")
        present = set(cache.describe_user_groups(UserGroupId=resource_id)["UserGroups"][0]["UserIds"])
        wanted = set(new.get("userIds") or [])
        moves = {"UserIdsToAdd": sorted(wanted - present), "UserIdsToRemove": sorted(present - wanted)}
        changes: Properties = {key: users for key, users in moves.items() if users}
        if not self.equal("engine", old["engine"], new["engine"]):
            changes["Engine"] = new["engine"]
        if changes:
            cache.modify_user_group(UserGroupId=resource_id, **changes)
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elasticache").delete_user_group(UserGroupId=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        return _same_engine(old, new) if path == "engine" else super().equal(path, old, new)


def _same_engine(old: Any, new: Any) -> bool:
    return bool(old.lower() == new.lower()) if isinstance(old, str) and isinstance(new, str) else False


def _asked(inputs: Properties) -> Properties:
    asked = {key: value for key, value in inputs.items() if value is not None}
    if inputs.get("passwordsWo"):
        asked["passwords"] = [inputs["passwordsWo"]]
    mode = inputs.get("authenticationMode")
    if isinstance(mode, dict):
        asked["authenticationMode"] = {key: value for key, value in mode.items() if key != "passwordCount"}
    return asked


def _outputs(state: Properties, user: dict[str, Any]) -> Properties:
    live = user.get("Authentication") or {}
    mode = {"type": live.get("Type", ""), "passwordCount": live.get("PasswordCount", 0)}
    declared = state.get("authenticationMode")
    if isinstance(declared, dict) and declared.get("type") == mode["type"] and len(declared.get("passwords", [])) == mode["passwordCount"]:
        return {"arn": user["ARN"], "authenticationMode": declared}
    return {"arn": user["ARN"], "authenticationMode": mode}
