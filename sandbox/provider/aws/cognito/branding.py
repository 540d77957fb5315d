"""How sign-in pages look."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties

_IMAGE = {"category": "Category", "colorMode": "ColorMode", "extension": "Extension", "resourceId": "ResourceId"}


class ManagedLoginBranding(Handler):
    """The style of one client's pages, without which managed sign-in shows none."""

    token = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
    support = Support.PARTLY
    gap = "settingsAll lacks what Cognito itself fills in"
    create_only = frozenset({"assets", "clientId", "userPoolId"})
    unordered = frozenset({"assets"})
    documents = frozenset({"settings"})
    volatile = frozenset({"settingsAll"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if ("settings" in inputs) == ("useCognitoProvidedValues" in inputs):
            return [Failure("settings", "give either settings or useCognitoProvidedValues")]
        found = list(_failures(inputs))
        return found or refusals("cognito-idp", "CreateManagedLoginBranding", _request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("cognito-idp").create_managed_login_branding(**_request(inputs))["ManagedLoginBranding"]
        return f"{inputs['userPoolId']},{made['ManagedLoginBrandingId']}", _computed(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cognito, place = call.client("cognito-idp"), _place(resource_id)
        live = cognito.describe_managed_login_branding(**place)["ManagedLoginBranding"]
        found = _computed(live) | {"userPoolId": place["UserPoolId"], "assets": [_plain(item) for item in live.get("Assets") or ()]}
        if live.get("Settings"):
            found["settings"] = json.dumps(live["Settings"])
        return found | {"clientId": state.get("clientId") or _client(cognito, place)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        changed = {key: value for key, value in _request(new).items() if key not in ("ClientId", "UserPoolId", "Assets")}
        provided = {"UseCognitoProvidedValues": False} if "Settings" in changed else {}
        asked = {**_place(resource_id), **provided, **changed}
        return _computed(call.client("cognito-idp").update_managed_login_branding(**asked)["ManagedLoginBranding"])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cognito-idp").delete_managed_login_branding(**_place(resource_id))


def _place(resource_id: str) -> Properties:
    pool, _, identity = resource_id.partition(",")
    return {"UserPoolId": pool, "ManagedLoginBrandingId": identity}


def _request(inputs: Properties) -> Properties:
    asked = {"UserPoolId": inputs["userPoolId"], "ClientId": inputs["clientId"]}
    if "useCognitoProvidedValues" in inputs:
        asked["UseCognitoProvidedValues"] = inputs["useCognitoProvidedValues"]
    if "settings" in inputs:
        asked["Settings"] = json.loads(inputs["settings"]) if isinstance(inputs["settings"], str) else UNKNOWN
    if inputs.get("assets"):
        asked["Assets"] = UNKNOWN if inputs["assets"] is UNKNOWN else [_image(item) for item in inputs["assets"]]
    return asked


def _image(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    found = {member: item[key] for key, member in _IMAGE.items() if key in item}
    content = item.get("bytes")
    if content is None:
        return found
    return found | {"Bytes": base64.b64decode(content) if isinstance(content, str) else content}


def _plain(item: dict[str, Any]) -> Properties:
    found = {key: item[member] for key, member in _IMAGE.items() if member in item}
    return found | ({"bytes": base64.b64encode(item["Bytes"]).decode()} if item.get("Bytes") else {})


def _computed(live: dict[str, Any]) -> Properties:
    return {
        "managedLoginBrandingId": live["ManagedLoginBrandingId"],
        "settingsAll": json.dumps(live.get("Settings") or {}),
        "useCognitoProvidedValues": live.get("UseCognitoProvidedValues", False),
    }


def _client(cognito: Any, place: Properties) -> str:
    """The client that a style belongs to, which only a search tells."""
    for page in cognito.get_paginator("list_user_pool_clients").paginate(UserPoolId=place["UserPoolId"]):
        for client in page["UserPoolClients"]:
            try:
                found = cognito.describe_managed_login_branding_by_client(UserPoolId=place["UserPoolId"], ClientId=client["ClientId"])
            except cognito.exceptions.ResourceNotFoundException:
                continue
            if found["ManagedLoginBranding"]["ManagedLoginBrandingId"] == place["ManagedLoginBrandingId"]:
                return str(client["ClientId"])
    return ""


def _failures(inputs: Properties) -> Iterator[Failure]:
    settings, assets = inputs.get("settings"), inputs.get("assets")
    if isinstance(settings, str):
        try:
            json.loads(settings)
        except ValueError as error:
            yield Failure("settings", f"must be JSON ({error})")
    for position, item in enumerate(assets if isinstance(assets, list) else ()):
        content = item.get("bytes") if isinstance(item, dict) else None
        try:
            base64.b64decode(content if isinstance(content, str) else "", validate=True)
        except binascii.Error as error:
            yield Failure(f"assets[{position}].bytes", f"must be the image in base64 ({error})")
