"""What belongs to a pool and moto has no place for: its answer to risks, where its logs go, its tags."""

from __future__ import annotations

from typing import Any

from sandbox.cloud.extensions.common import kept, now, refused

_RISKS = ("CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration")


def install() -> None:
    """Adds it to moto."""
    from moto.cognitoidp.responses import CognitoIdpResponse

    for operation in (
        *(_set_risk_configuration, _describe_risk_configuration, _set_log_delivery_configuration, _get_log_delivery_configuration),
        *(_list_tags_for_resource, _tag_resource, _untag_resource),
    ):
        setattr(CognitoIdpResponse, operation.__name__.removeprefix("_"), operation)


def _set_risk_configuration(self: Any) -> Any:
    asked = self.parameters
    pool = self.backend.describe_user_pool(asked["UserPoolId"])
    if (pool.extended_config.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF") == "OFF":
        raise refused("UserPoolAddOnNotEnabledException", "User pool add-ons are not enabled")
    if client := asked.get("ClientId"):
        self.backend.describe_user_pool_client(pool.id, client)
    given = {name: asked[name] for name in _RISKS if asked.get(name)}
    kept(pool, "risks")[asked.get("ClientId", "")] = given | ({"LastModifiedDate": now()} if given else {})
    return _describe_risk_configuration(self)


def _describe_risk_configuration(self: Any) -> Any:
    asked = self.parameters
    pool = self.backend.describe_user_pool(asked["UserPoolId"])
    place = {name: asked[name] for name in ("UserPoolId", "ClientId") if name in asked}
    return _answer(RiskConfiguration=place | kept(pool, "risks").get(asked.get("ClientId", ""), {}))


def _set_log_delivery_configuration(self: Any) -> Any:
    asked = self.parameters
    kept(self.backend.describe_user_pool(asked["UserPoolId"]), "logs")["deliveries"] = asked["LogConfigurations"]
    return _get_log_delivery_configuration(self)


def _get_log_delivery_configuration(self: Any) -> Any:
    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    return _answer(LogDeliveryConfiguration={"UserPoolId": pool.id, "LogConfigurations": kept(pool, "logs").get("deliveries", [])})


def _list_tags_for_resource(self: Any) -> Any:
    return _answer(Tags=_tags(self))


def _tag_resource(self: Any) -> Any:
    _tags(self).update(self.parameters["Tags"])
    return _answer()


def _untag_resource(self: Any) -> Any:
    tags = _tags(self)
    for key in self.parameters["TagKeys"]:
        tags.pop(key, None)
    return _answer()


def _tags(response: Any) -> dict[str, Any]:
    pool = response.backend.describe_user_pool(response.parameters["ResourceArn"].rpartition("/")[2])
    return kept(pool, "tags")


def _answer(**members: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult(members)
