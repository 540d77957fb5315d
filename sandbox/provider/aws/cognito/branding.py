"""How a pool's sign-in pages look to one client."""

from __future__ import annotations

import uuid

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Recorded
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_STYLE = Translation("cognito-idp", "CreateManagedLoginBranding", apart=frozenset({"assets", "settings"}))


class ManagedLoginBranding(Recorded):
    """A style of the sign-in pages, without which managed login shows a client none."""

    token = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
    gap = "the emulated cloud shows no sign-in pages; the style is in the state only"
    service = "cognito-idp"
    operation = "CreateManagedLoginBranding"
    create_only = frozenset({"clientId", "userPoolId"})
    documents = frozenset({"settings"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        own = [name for name in ("assets", "settings") if inputs.get(name)]
        if bool(inputs.get("useCognitoProvidedValues")) == bool(own):
            return [Failure("useCognitoProvidedValues", "give either settings and assets of your own, or true for Cognito's")]
        return []

    def request(self, call: Call, inputs: Properties) -> Properties:
        return _STYLE.request(inputs)

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{call.urn}/{inputs['userPoolId']}/{inputs['clientId']}"))
        return f"{inputs['userPoolId']},{identity}", {"managedLoginBrandingId": identity, "settingsAll": inputs.get("settings", "{}")}
