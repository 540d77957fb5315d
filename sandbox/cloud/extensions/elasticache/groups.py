"""Subnet groups, parameter groups, users and user groups: made, read, changed and ended."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept


def install() -> None:
    """Adds it to moto."""
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse

    ElastiCacheBackend.delete_user = _delete_user(ElastiCacheBackend.delete_user)
    # moto answers for the tags of some kinds only, though it keeps those of all.
    ElastiCacheBackend.list_tags_for_resource = lambda self, arn: self.tagging_service.list_tags_for_resource(arn)
    for operation in (
        _modify_cache_subnet_group,
        _delete_cache_subnet_group,
        _modify_user,
        _create_cache_parameter_group,
        _describe_cache_parameter_groups,
        _describe_cache_parameters,
        _modify_cache_parameter_group,
        _reset_cache_parameter_group,
        _delete_cache_parameter_group,
        _create_user_group,
        _describe_user_groups,
        _modify_user_group,
        _delete_user_group,
    ):
        setattr(ElastiCacheResponse, operation.__name__.removeprefix("_"), operation)


def parameter_group(backend: Any, name: str) -> dict[str, Any]:
    """A parameter group; raises what AWS answers when it is not there."""
    return _found(backend, "parameter_groups", name, "CacheParameterGroupNotFoundFault")


def user_group(backend: Any, name: str) -> dict[str, Any]:
    """A user group; raises what AWS answers when it is not there."""
    return _found(backend, "user_groups", name, "UserGroupNotFoundFault")


def _found(backend: Any, kind: str, name: str, code: str) -> dict[str, Any]:
    held = kept(backend, kind)
    if name not in held:
        raise _refusal(code, f"{name} not found.")
    found: dict[str, Any] = held[name]
    return found


def _refusal(code: str, message: str) -> Exception:
    from moto.elasticache.exceptions import ElastiCacheException

    refusal: Exception = ElastiCacheException(code, message)
    return refusal


def _answer(content: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult(content)


def _arn(backend: Any, kind: str, name: str) -> str:
    return f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:{kind}:{name}"


def _create_cache_parameter_group(self: Any) -> Any:
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    if name in kept(backend, "parameter_groups"):
        raise _refusal("CacheParameterGroupAlreadyExistsFault", f"{name} already exists.")
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": _arn(backend, "parametergroup", name),
        "values": {},
    }
    kept(backend, "parameter_groups")[name] = group
    backend.add_tags_to_resource(group["ARN"], self._get_param("Tags") or [])
    return _answer({"CacheParameterGroup": group})


def _describe_cache_parameter_groups(self: Any) -> Any:
    name = self._get_param("CacheParameterGroupName")
    backend = self.elasticache_backend
    found = [parameter_group(backend, name)] if name else list(kept(backend, "parameter_groups").values())
    return _answer({"CacheParameterGroups": found})


def _describe_cache_parameters(self: Any) -> Any:
    group = parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    found = [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in sorted(group["values"].items())]
    return _answer({"Parameters": found})


def _modify_cache_parameter_group(self: Any) -> Any:
    group = parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    for item in self._get_param("ParameterNameValues") or []:
        group["values"][item["ParameterName"]] = item["ParameterValue"]
    return _answer({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def _reset_cache_parameter_group(self: Any) -> Any:
    group = parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    names = [item["ParameterName"] for item in self._get_param("ParameterNameValues") or []]
    for name in list(group["values"]) if self._get_bool_param("ResetAllParameters") else names:
        group["values"].pop(name, None)
    return _answer({"CacheParameterGroupName": group["CacheParameterGroupName"]})


def _delete_cache_parameter_group(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    parameter_group(backend, name)
    if any(group.asked.get("cache_parameter_group_name") == name for group in backend.replication_groups.values()):
        raise _refusal("InvalidCacheParameterGroupStateFault", f"{name} is in use.")
    del kept(backend, "parameter_groups")[name]
    return EmptyResult()


def _create_user_group(self: Any) -> Any:
    backend, name = self.elasticache_backend, self._get_param("UserGroupId")
    if name in kept(backend, "user_groups"):
        raise _refusal("UserGroupAlreadyExistsFault", f"{name} already exists.")
    engine, users = self._get_param("Engine").lower(), self._get_param("UserIds") or []
    _check_users(backend, engine, users)
    group = {"UserGroupId": name, "Status": "active", "Engine": engine, "UserIds": users, "ARN": _arn(backend, "usergroup", name)}
    kept(backend, "user_groups")[name] = group
    backend.add_tags_to_resource(group["ARN"], self._get_param("Tags") or [])
    return _answer(group)


def _check_users(backend: Any, engine: str, users: list[str]) -> None:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html (errors)"""
    names = [backend.describe_users(user)[0].name for user in users]
    if len(set(names)) < len(names):
        raise _refusal("DuplicateUserNameFault", f"Two users of a group have the same name: {', '.join(sorted(names))}")
    if engine == "redis" and "default" not in names:
        raise _refusal("DefaultUserRequired", "A group for Redis needs a user whose name is default.")


def _describe_user_groups(self: Any) -> Any:
    backend, name = self.elasticache_backend, self._get_param("UserGroupId")
    found = [user_group(backend, name)] if name else list(kept(backend, "user_groups").values())
    return _answer({"UserGroups": found})


def _modify_user_group(self: Any) -> Any:
    backend = self.elasticache_backend
    group = user_group(backend, self._get_param("UserGroupId"))
    leaving = self._get_param("UserIdsToRemove") or []
    users = [user for user in group["UserIds"] if user not in leaving]
    users += [user for user in self._get_param("UserIdsToAdd") or [] if user not in users]
    engine = (self._get_param("Engine") or group["Engine"]).lower()
    _check_users(backend, engine, users)
    group.update(UserIds=users, Engine=engine)
    return _answer(group)


def _delete_user_group(self: Any) -> Any:
    backend, name = self.elasticache_backend, self._get_param("UserGroupId")
    group = user_group(backend, name)
    if any(name in item.user_group_ids for item in backend.replication_groups.values()):
        raise _refusal("InvalidUserGroupStateFault", f"{name} is in use.")
    del kept(backend, "user_groups")[name]
    return _answer(group)


def _modify_cache_subnet_group(self: Any) -> Any:
    from moto.core.responses import ActionResult
    from moto.elasticache.models import CacheSubnetGroup

    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    before = backend.describe_cache_subnet_groups(name)[0]
    group = CacheSubnetGroup(
        account_id=backend.account_id,
        region_name=backend.region_name,
        cache_subnet_group_name=name,
        cache_subnet_group_description=self._get_param("CacheSubnetGroupDescription") or before.cache_subnet_group_description,
        subnet_ids=self._get_param("SubnetIds") or before.subnet_ids,
        tags=before.tags,
    )
    backend.cache_subnet_groups[name] = group
    return ActionResult({"CacheSubnetGroup": group})


def _delete_cache_subnet_group(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    backend.describe_cache_subnet_groups(name)
    if any(group.asked.get("cache_subnet_group_name") == name for group in backend.replication_groups.values()):
        raise _refusal("CacheSubnetGroupInUse", f"{name} is in use.")
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def _modify_user(self: Any) -> Any:
    from moto.core.responses import ActionResult

    user = self.elasticache_backend.describe_users(self._get_param("UserId"))[0]
    mode = self._get_param("AuthenticationMode") or {}
    user.access_string = self._get_param("AccessString") or user.access_string
    user.passwords = self._get_param("Passwords") or mode.get("Passwords") or user.passwords
    if mode.get("Type"):
        user.authentication_type = mode["Type"]
        user.no_password_required = mode["Type"] == "no-password-required"
        user.passwords = mode.get("Passwords") or []
    return ActionResult(user)


def _delete_user(original: Any) -> Any:
    @wraps(original)
    def delete(self: Any, user_id: str) -> Any:
        user = original(self, user_id)
        self.users.pop(user_id)
        return user

    return delete
