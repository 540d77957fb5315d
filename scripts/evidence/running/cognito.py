"""User pools and the programs that use them."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, text, told
from scripts.evidence.running.reader import Reader

_GONE = ("ResourceNotFoundException",)
_CLIENT = {
    "enableTokenRevocation": "EnableTokenRevocation",
    "preventUserExistenceErrors": "PreventUserExistenceErrors",
    "explicitAuthFlows": "ExplicitAuthFlows",
    "allowedOauthFlows": "AllowedOAuthFlows",
    "accessTokenValidity": "AccessTokenValidity",
    "idTokenValidity": "IdTokenValidity",
    "refreshTokenValidity": "RefreshTokenValidity",
}


def user_pool(place: Place, resource: Resource) -> dict[str, Any]:
    """Read factors, passwords, threat protection and deletion protection."""
    found = place.ask("cognito-idp", "describe_user_pool", UserPoolId=text(resource, "id"))["UserPool"]
    passwords = found.get("Policies", {}).get("PasswordPolicy")
    threats = found.get("UserPoolAddOns")
    return {
        **told(found, mfaConfiguration="MfaConfiguration", deletionProtection="DeletionProtection", userPoolTier="UserPoolTier"),
        **({"passwordPolicy": camel(passwords)} if passwords else {}),
        **({"userPoolAddOns": camel(threats)} if threats else {"userPoolAddOns": None}),
    }


def client(place: Place, resource: Resource) -> dict[str, Any]:
    """Read how a program signs people in, and for how long."""
    names = {"UserPoolId": text(resource, "userPoolId"), "ClientId": text(resource, "id")}
    return told(place.ask("cognito-idp", "describe_user_pool_client", **names)["UserPoolClient"], **_CLIENT)


READERS = (
    Reader(
        type="aws:cognito/userPool:UserPool",
        covers=("mfaConfiguration", "deletionProtection", "userPoolTier", "passwordPolicy", "userPoolAddOns"),
        read=user_pool,
        gone=_GONE,
    ),
    Reader(type="aws:cognito/userPoolClient:UserPoolClient", covers=tuple(_CLIENT), read=client, gone=_GONE),
)
