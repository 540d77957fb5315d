"""User pools."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.cognito import pool_checks
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, canonical, moment

_FACTORS = ("mfaConfiguration", "softwareTokenMfaConfiguration", "emailMfaConfiguration", "webAuthnConfiguration")
_POLICIES = ("passwordPolicy", "signInPolicy")
_APART = frozenset({*_FACTORS, *_POLICIES})
_NAMES = {"name": "PoolName", "EmailConfigurationType.fromEmailAddress": "From"}
_FIXED = frozenset({"aliasAttributes", "usernameAttributes", "usernameConfiguration"})
_CREATE = Translation("cognito-idp", "CreateUserPool", names=_NAMES, apart=_APART)
_UPDATE = Translation("cognito-idp", "UpdateUserPool", names=_NAMES, apart=_APART | _FIXED | {"schemas"})
_POLICY = Translation("cognito-idp", "CreateUserPool", below="Policies")
_MFA = Translation("cognito-idp", "SetUserPoolMfaConfig")
_CHOSEN = frozenset(
    {
        *("adminCreateUserConfig", "emailVerificationMessage", "emailVerificationSubject", "passwordPolicy", "signInPolicy"),
        *("smsConfiguration", "smsVerificationMessage", "userPoolTier", "usernameConfiguration", "verificationMessageTemplate"),
    }
)
"""Inputs that Cognito fills in when the program says nothing."""
_COMPUTED = frozenset({"arn", "creationDate", "customDomain", "domain", "endpoint", "estimatedNumberOfUsers", "lastModifiedDate"})
_DEFAULTS = {
    "allowedFirstAuthFactors": ["PASSWORD"],
    "defaultEmailOption": "CONFIRM_WITH_CODE",
    "emailSendingAccount": "COGNITO_DEFAULT",
    "minimumLength": 8,
    "temporaryPasswordValidityDays": 7,
}
_EMPTY: Properties = {
    "accountRecoverySetting": {},
    "aliasAttributes": [],
    "autoVerifiedAttributes": [],
    "deviceConfiguration": {},
    "emailConfiguration": {},
    "emailMfaConfiguration": {},
    "lambdaConfig": {},
    "schemas": [],
    "smsAuthenticationMessage": "",
    "softwareTokenMfaConfiguration": {},
    "userAttributeUpdateSettings": {},
    "userPoolAddOns": {},
    "usernameAttributes": [],
    "webAuthnConfiguration": {},
}
"""What was declared and is no longer there shows as drift, although the answer leaves it out."""
_USUAL_LENGTH = {"minLength": "0", "maxLength": "2048"}


class UserPool(Handler):
    """A directory of users with its rules for passwords, factors, messages and triggers.

    What replaces one is the real provider's choice (a pool's name among it:
    https://github.com/hashicorp/terraform-provider-aws/issues/42627); attributes can be added, never changed or removed.
    """

    token = "aws:cognito/userPool:UserPool"
    create_only = frozenset({"name", *_FIXED})
    unordered = frozenset({"aliasAttributes", "autoVerifiedAttributes", "schemas", "usernameAttributes"})
    defaults = {"deletionProtection": "INACTIVE", "mfaConfiguration": "OFF"}
    autoname = "name"
    autoname_limit = 128
    volatile = frozenset({"lastModifiedDate"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return [
            *pool_checks.failures(inputs),
            *_CREATE.failures(_stated(inputs)),
            *_POLICY.failures(_only(inputs, _POLICIES), PoolName="pool"),
            *_MFA.failures(_only(inputs, _FACTORS), UserPoolId=f"{call.region}_pool"),
        ]

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        cognito = call.client("cognito-idp")
        made = cognito.create_user_pool(**_CREATE.request(_stated(inputs)), **_policies(inputs), **tagging.whole(inputs, "UserPoolTags"))
        identity = made["UserPool"]["Id"]
        if inputs["mfaConfiguration"] != "OFF" or len(_only(inputs, _FACTORS)) > 1:
            cognito.set_user_pool_mfa_config(UserPoolId=identity, **_factors(inputs))
        return identity, self._outputs(call, identity, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = self._live(call, resource_id, state)
        for name, value in found.items():
            if isinstance(state.get(name), dict | list):
                found[name] = aligned(state[name], value, defaults=_DEFAULTS)
        return {name: empty for name, empty in _EMPTY.items() if state.get(name)} | found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cognito = call.client("cognito-idp")
        before, after = _attributes(old), _attributes(new)
        if lost := sorted(before[key]["name"] for key in before.keys() - after.keys()):
            raise HandlerError(
                f"a user pool's attributes cannot be changed or removed once it exists ({', '.join(lost)}): "
                "declare them as they were, or make another pool"
            )
        if any(old.get(name) != new.get(name) for name in (*_FACTORS, "smsConfiguration", "smsAuthenticationMessage")):
            cognito.set_user_pool_mfa_config(UserPoolId=resource_id, **_factors(new))
        settings = _UPDATE.request(new) | {"MfaConfiguration": new["mfaConfiguration"]}
        cognito.update_user_pool(UserPoolId=resource_id, **settings, **_policies(new))
        there = {attribute["Name"] for attribute in cognito.describe_user_pool(UserPoolId=resource_id)["UserPool"]["SchemaAttributes"]}
        added = [item for key, item in after.items() if key not in before and f"custom:{item['name']}" not in there]
        if added:
            cognito.add_custom_attributes(UserPoolId=resource_id, CustomAttributes=_CREATE.request({"schemas": added})["Schema"])
        tagging.retag(cognito, old["arn"], old, new)
        return self._outputs(call, resource_id, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cognito = call.client("cognito-idp")
        if call.teardown and state.get("deletionProtection") == "ACTIVE":
            cognito.update_user_pool(UserPoolId=resource_id, DeletionProtection="INACTIVE")
        cognito.delete_user_pool(UserPoolId=resource_id)

    def _outputs(self, call: Call, identity: str, inputs: Properties) -> Properties:
        live = self._live(call, identity, inputs)
        chosen = {name: value for name, value in live.items() if name in _COMPUTED or (name in _CHOSEN and name not in inputs)}
        return with_blanks(self.token, inputs, chosen)

    def _live(self, call: Call, identity: str, state: Properties) -> Properties:
        cognito = call.client("cognito-idp")
        pool = cognito.describe_user_pool(UserPoolId=identity)["UserPool"]
        factors = cognito.get_user_pool_mfa_config(UserPoolId=identity)
        found = _CREATE.properties(self.token, {**pool, "PoolName": pool["Name"]})
        found |= _POLICY.properties(self.token, pool["Policies"])
        found |= {key: value for key, value in _MFA.properties(self.token, factors).items() if key in _FACTORS}
        found["schemas"] = _declared_schemas(pool["SchemaAttributes"], state)
        triggers, declared = found.get("lambdaConfig") or {}, state.get("lambdaConfig") or {}
        newer = triggers.get("preTokenGenerationConfig") or {}
        if "preTokenGeneration" not in declared and newer.get("lambdaArn") == triggers.get("preTokenGeneration"):
            # Cognito shows the function of the newer setting in the older one as well.
            triggers.pop("preTokenGeneration", None)
        return found | {
            "arn": pool["Arn"],
            "creationDate": moment(pool["CreationDate"].astimezone(UTC)),
            "customDomain": pool.get("CustomDomain", ""),
            "domain": pool.get("Domain", ""),
            "endpoint": f"cognito-idp.{call.region}.amazonaws.com/{identity}",
            "estimatedNumberOfUsers": pool["EstimatedNumberOfUsers"],
            "lastModifiedDate": moment(pool["LastModifiedDate"].astimezone(UTC)),
            "tags": pool.get("UserPoolTags", {}),
        }


def _only(inputs: Properties, names: tuple[str, ...]) -> Properties:
    return {name: inputs[name] for name in names if name in inputs}


def _stated(inputs: Properties) -> Properties:
    """Inputs with what the real provider says of an attribute when the program does not."""
    if not isinstance(inputs.get("schemas"), list):
        return inputs
    return {**inputs, "schemas": [_whole(item) for item in inputs["schemas"]]}


def _whole(attribute: Any) -> Any:
    plain = {"developerOnlyAttribute": False, "mutable": False, "required": False}
    return {**plain, **attribute} if isinstance(attribute, dict) else attribute


def _attributes(inputs: Properties) -> dict[str, Properties]:
    return {canonical(item): item for item in map(_whole, inputs.get("schemas") or ())}


def _policies(inputs: Properties) -> Properties:
    found = _POLICY.request(_only(inputs, _POLICIES))
    return {"Policies": found} if found else {}


def _factors(inputs: Properties) -> Properties:
    """How users prove who they are beside their password; texts go by the same SNS role as other messages."""
    asked = _MFA.request(_only(inputs, _FACTORS))
    if inputs.get("smsConfiguration") and inputs["mfaConfiguration"] != "OFF":
        texts = _CREATE.request({key: inputs[key] for key in ("smsConfiguration", "smsAuthenticationMessage") if inputs.get(key)})
        asked["SmsMfaConfiguration"] = texts
    return asked


def _declared_schemas(attributes: list[dict[str, Any]], state: Properties) -> list[Properties]:
    """The pool's attributes without the standard ones that nobody declared: every pool has those."""
    declared = {item["name"]: item for item in state.get("schemas") or () if isinstance(item, dict)}
    found = []
    for item in _CREATE.properties(UserPool.token, {"Schema": attributes})["schemas"]:
        name, own = item["name"].removeprefix("dev:").removeprefix("custom:"), ":" in item["name"]
        if name not in declared and (not own and (name == "sub" or not item["required"])):
            continue
        limits = item.get("stringAttributeConstraints")
        if limits == {} or (limits == _USUAL_LENGTH and "stringAttributeConstraints" not in declared.get(name, {})):
            del item["stringAttributeConstraints"]
        if item.get("numberAttributeConstraints") == {}:
            del item["numberAttributeConstraints"]
        found.append({**item, "name": name})
    return found
