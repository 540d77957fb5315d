"""App clients: programs that sign users in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, Secret, known

_NAMES = {"name": "ClientName"}
_CREATE = Translation("cognito-idp", "CreateUserPoolClient", names=_NAMES)
_UPDATE = Translation("cognito-idp", "UpdateUserPoolClient", names=_NAMES, apart=frozenset({"generateSecret"}))
_EMPTY: Properties = {
    **{key: [] for key in ("allowedOauthFlows", "allowedOauthScopes", "callbackUrls", "explicitAuthFlows", "logoutUrls")},
    **{key: [] for key in ("readAttributes", "supportedIdentityProviders", "writeAttributes")},
    **{key: {} for key in ("analyticsConfiguration", "refreshTokenRotation", "tokenValidityUnits")},
}
"""What was declared and is no longer there shows as drift, although the answer leaves it out."""
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
_RANGES = {"accessToken": (300, 86_400), "idToken": (300, 86_400), "refreshToken": (3_600, 315_360_000)}
_UNITS = {"accessToken": "hours", "idToken": "hours", "refreshToken": "days"}


class UserPoolClient(Handler):
    """A client of a user pool; without a secret it is public, and the code flow then needs PKCE."""

    token = "aws:cognito/userPoolClient:UserPoolClient"
    create_only = frozenset({"generateSecret", "userPoolId"})
    unordered = frozenset(_EMPTY) - {"analyticsConfiguration", "refreshTokenRotation", "tokenValidityUnits"}
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return [*_flows(inputs), *_urls(inputs), *_times(inputs), *_CREATE.failures(inputs)]

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("cognito-idp").create_user_pool_client(**_CREATE.request(inputs))["UserPoolClient"]
        return made["ClientId"], self._outputs(made, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import gives the pool in the id: pool/client.
        pool = state["userPoolId"] if state else resource_id.partition("/")[0]
        identity = resource_id.rpartition("/")[2]
        live = call.client("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=identity)["UserPoolClient"]
        found = _CREATE.properties(self.token, live) | {"clientSecret": Secret(live.get("ClientSecret", ""))}
        for name, value in found.items():
            if isinstance(state.get(name), dict | list):
                found[name] = aligned(state[name], value)
        return {name: empty for name, empty in _EMPTY.items() if state.get(name)} | found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cognito = call.client("cognito-idp")
        made = cognito.update_user_pool_client(ClientId=resource_id, **_UPDATE.request(new))["UserPoolClient"]
        return self._outputs(made, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cognito-idp").delete_user_pool_client(UserPoolId=state["userPoolId"], ClientId=resource_id)

    def _outputs(self, live: dict[str, Any], inputs: Properties) -> Properties:
        shown = {name: value for name, value in _CREATE.properties(self.token, live).items() if name not in inputs}
        shown.pop("generateSecret", None)
        return with_blanks(self.token, inputs, shown | {"clientSecret": Secret(live.get("ClientSecret", ""))})


def _flows(inputs: Properties) -> Iterator[Failure]:
    flows, allowed = inputs.get("allowedOauthFlows") or [], inputs.get("allowedOauthFlowsUserPoolClient")
    if allowed is True:
        for name in ("allowedOauthFlows", "allowedOauthScopes"):
            if not inputs.get(name):
                yield Failure(name, "needed when allowedOauthFlowsUserPoolClient is true")
    if not known(flows):
        return
    if flows and not allowed:
        yield Failure("allowedOauthFlowsUserPoolClient", "must be true for a client with allowedOauthFlows")
    if {"code", "implicit"} & set(flows) and not inputs.get("callbackUrls"):
        yield Failure("callbackUrls", "needed by the flows code and implicit")
    if "client_credentials" in flows and (len(flows) > 1 or inputs.get("generateSecret") is not True):
        yield Failure("allowedOauthFlows", "client_credentials stands alone, in a client with a secret (generateSecret)")
    rotation, explicit = inputs.get("refreshTokenRotation"), inputs.get("explicitAuthFlows") or []
    rotates = isinstance(rotation, dict) and rotation.get("feature") == "ENABLED"
    if rotates and known(explicit) and "ALLOW_REFRESH_TOKEN_AUTH" in explicit:
        yield Failure("explicitAuthFlows", "ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refreshTokenRotation: leave one out")


def _urls(inputs: Properties) -> Iterator[Failure]:
    for name in ("callbackUrls", "logoutUrls"):
        urls = inputs.get(name)
        for position, url in enumerate(urls if isinstance(urls, list) else ()):
            if isinstance(url, str) and not _allowed(url):
                yield Failure(
                    f"{name}[{position}]",
                    f"must be https, http on localhost, or an app's own scheme such as app.example:/done, without a fragment (got {url!r})",
                )
    default = inputs.get("defaultRedirectUri")
    if default and known(default, inputs.get("callbackUrls")) and default not in (inputs.get("callbackUrls") or []):
        yield Failure("defaultRedirectUri", "must be one of callbackUrls")


def _allowed(url: str) -> bool:
    parts = urlsplit(url)
    if not parts.scheme or "#" in url:
        return False
    return parts.scheme != "http" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def _times(inputs: Properties) -> Iterator[Failure]:
    units = inputs.get("tokenValidityUnits") or {}
    if not isinstance(units, dict):
        return
    for token, (least, most) in _RANGES.items():
        value, unit = inputs.get(f"{token}Validity"), units.get(token, _UNITS[token])
        if not value or not known(value, unit):
            continue
        if not least <= value * _SECONDS.get(unit, 1) <= most:
            yield Failure(f"{token}Validity", f"must be {least} to {most} seconds (got {value} {unit})")
