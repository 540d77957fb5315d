"""App clients and resource servers: an update replaces all settings, and a client names only scopes that exist."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import refused

_STANDARD = {"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"}
_ASSUMED = {
    "AllowedOAuthFlowsUserPoolClient": False,
    "AuthSessionValidity": 3,
    "EnablePropagateAdditionalUserContextData": False,
    "EnableTokenRevocation": True,
    "RefreshTokenValidity": 30,
}


def install() -> None:
    """Adds it to moto."""
    from moto.cognitoidp.models import CognitoIdpBackend
    from moto.cognitoidp.responses import CognitoIdpResponse

    CognitoIdpBackend.create_user_pool_client = _create(CognitoIdpBackend.create_user_pool_client)
    CognitoIdpBackend.update_user_pool_client = _update
    CognitoIdpResponse.update_resource_server = _update_server
    CognitoIdpResponse.delete_resource_server = _delete_server


def _create(original: Any) -> Any:
    @wraps(original)
    def create_user_pool_client(self: Any, user_pool_id: str, generate_secret: bool, extended_config: dict[str, Any]) -> Any:
        _check(self, user_pool_id, extended_config)
        return original(self, user_pool_id, generate_secret, extended_config)

    return create_user_pool_client


def _update(self: Any, user_pool_id: str, client_id: str, extended_config: dict[str, Any]) -> Any:
    client = self.describe_user_pool_client(user_pool_id, client_id)
    _check(self, user_pool_id, extended_config)
    client.extended_config = {**_ASSUMED, "ClientName": client.extended_config["ClientName"], **extended_config}
    return client


def _check(backend: Any, user_pool_id: str, asked: dict[str, Any]) -> None:
    servers = backend.describe_user_pool(user_pool_id).resource_servers.values()
    known = _STANDARD | {f"{server.identifier}/{scope['ScopeName']}" for server in servers for scope in server.scopes or ()}
    if unknown := sorted(set(asked.get("AllowedOAuthScopes") or ()) - known):
        raise refused("ScopeDoesNotExistException", f"Invalid scope requested: {', '.join(unknown)}")
    rotates = (asked.get("RefreshTokenRotation") or {}).get("Feature") == "ENABLED"
    if rotates and "ALLOW_REFRESH_TOKEN_AUTH" in (asked.get("ExplicitAuthFlows") or ()):
        raise refused("InvalidParameterException", "Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH.")


def _update_server(self: Any) -> Any:
    from moto.core.responses import ActionResult

    asked = self.parameters
    server = self.backend.describe_resource_server(asked["UserPoolId"], asked["Identifier"])
    server.name, server.scopes = asked["Name"], asked.get("Scopes")
    return ActionResult({"ResourceServer": server.to_json()})


def _delete_server(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    asked = self.parameters
    server = self.backend.describe_resource_server(asked["UserPoolId"], asked["Identifier"])
    del self.backend.describe_user_pool(asked["UserPoolId"]).resource_servers[server.identifier]
    return EmptyResult()
