"""Styles of sign-in pages: one for each client. What Cognito's own look consists of is known to Cognito alone."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.cloud.extensions.common import answer, kept, refused

_SETTINGS = ("UseCognitoProvidedValues", "Settings", "Assets")


def install() -> None:
    """Adds it to moto."""
    from moto.cognitoidp.responses import CognitoIdpResponse

    CognitoIdpResponse.create_managed_login_branding = _create
    CognitoIdpResponse.describe_managed_login_branding = _describe
    CognitoIdpResponse.describe_managed_login_branding_by_client = _describe_by_client
    CognitoIdpResponse.update_managed_login_branding = _update
    CognitoIdpResponse.delete_managed_login_branding = _delete


def _styles(response: Any) -> dict[str, Any]:
    return kept(response.backend.describe_user_pool(response.parameters["UserPoolId"]), "styles")


def _found(response: Any) -> dict[str, Any]:
    styles, identity = _styles(response), response.parameters["ManagedLoginBrandingId"]
    if identity not in styles:
        raise refused("ResourceNotFoundException", f"Managed login branding {identity} does not exist.")
    found: dict[str, Any] = styles[identity]
    return found


def _shown(style: dict[str, Any]) -> str:
    return answer(ManagedLoginBranding={key: value for key, value in style.items() if key != "ClientId"})


def _create(self: Any) -> str:
    asked, styles = self.parameters, _styles(self)
    self.backend.describe_user_pool_client(asked["UserPoolId"], asked["ClientId"])
    if any(style["ClientId"] == asked["ClientId"] for style in styles.values()):
        raise refused("ManagedLoginBrandingExistsException", "Managed login branding already exists for this app client.")
    identity = str(uuid.uuid4())
    styles[identity] = {"UseCognitoProvidedValues": False, **asked, "ManagedLoginBrandingId": identity}
    return _shown(styles[identity])


def _describe(self: Any) -> str:
    return _shown(_found(self))


def _describe_by_client(self: Any) -> str:
    client = self.parameters["ClientId"]
    for style in _styles(self).values():
        if style["ClientId"] == client:
            return _shown(style)
    raise refused("ResourceNotFoundException", f"No managed login branding of app client {client} exists.")


def _update(self: Any) -> str:
    style, asked = _found(self), self.parameters
    style.update({key: asked[key] for key in _SETTINGS if key in asked})
    if asked.get("UseCognitoProvidedValues"):
        style.pop("Settings", None)
        style.pop("Assets", None)
    return _shown(style)


def _delete(self: Any) -> str:
    del _styles(self)[_found(self)["ManagedLoginBrandingId"]]
    return answer()
