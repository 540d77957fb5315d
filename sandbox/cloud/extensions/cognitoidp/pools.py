"""User pools: settings keep what was given, an update replaces them all, and what cannot be is refused.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept, now, refused

_FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
_APART = ("MfaConfiguration", "PoolName", "UserPoolId", "UserPoolTags")
"""Members that a pool keeps elsewhere than among its settings."""
_PASSWORDS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
_MESSAGES = {
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
    "SmsVerificationMessage": "SmsMessage",
}
"""What the template and the pool itself both show."""
_METHODS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration")


def install() -> None:
    """Adds it to moto."""
    from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool
    from moto.cognitoidp.responses import CognitoIdpResponse

    CognitoIdpUserPool.update_extended_config = _configure
    CognitoIdpUserPool.__init__ = _made(CognitoIdpUserPool.__init__)
    CognitoIdpUserPool.to_json = _shown(CognitoIdpUserPool.to_json)
    CognitoIdpBackend.update_user_pool = _updated(CognitoIdpBackend.update_user_pool)
    CognitoIdpBackend.delete_user_pool = _unless_needed(CognitoIdpBackend.delete_user_pool)
    CognitoIdpResponse.set_user_pool_mfa_config = _set_mfa
    CognitoIdpResponse.get_user_pool_mfa_config = _get_mfa


def _configure(self: Any, asked: dict[str, Any]) -> None:
    """All settings anew: AWS resets what an update leaves out, but for what only a creation can say."""
    before = self.__dict__.get("extended_config", {})
    given = {key: value for key, value in asked.items() if key not in _APART}
    template = {"DefaultEmailOption": "CONFIRM_WITH_CODE", **(given.get("VerificationMessageTemplate") or {})}
    for plain, member in _MESSAGES.items():
        if text := given.get(plain) or template.get(member):
            given[plain] = template[member] = text
    self.extended_config = {
        "DeletionProtection": "INACTIVE",
        "UserPoolTier": "ESSENTIALS",
        **given,
        **{key: before[key] for key in _FIXED if key in before},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": False,
            "UnusedAccountValidityDays": 7,
            **(given.get("AdminCreateUserConfig") or {}),
        },
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT", **(given.get("EmailConfiguration") or {})},
        "LambdaConfig": _triggers(given.get("LambdaConfig") or {}),
        "Policies": _policies(given.get("Policies") or {}),
        "VerificationMessageTemplate": template,
    }


def _triggers(given: dict[str, Any]) -> dict[str, Any]:
    newer = given.get("PreTokenGenerationConfig")
    return given | ({"PreTokenGeneration": newer["LambdaArn"]} if newer else {})


def _policies(given: dict[str, Any]) -> dict[str, Any]:
    passwords = given.get("PasswordPolicy")
    # Without a policy AWS's own strict one holds; in one that is given, what it does not say is not required.
    required = dict.fromkeys(_PASSWORDS, passwords is None)
    return {
        "PasswordPolicy": {"MinimumLength": 8, **required, "TemporaryPasswordValidityDays": 7, **(passwords or {})},
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"], **(given.get("SignInPolicy") or {})},
    }


def _made(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, account_id: str, region: str, name: str, extended_config: dict[str, Any]) -> None:
        from moto.cognitoidp.models import CognitoIdpUserPoolAttribute

        original(self, account_id, region, name, extended_config)
        # moto leaves the standard attributes out of a pool that has some of its own.
        standard = {
            attribute: CognitoIdpUserPoolAttribute(attribute, False, facts)
            for attribute, facts in CognitoIdpUserPoolAttribute.STANDARD_SCHEMA.items()
        }
        self.schema_attributes = standard | self.schema_attributes
        kept(self, "tags").update(extended_config.get("UserPoolTags") or {})

    return make


def _shown(original: Any) -> Any:
    @wraps(original)
    def to_json(self: Any, extended: bool = False) -> Any:
        shown = original(self, extended)
        shown.pop("Domain", None)
        for domain in self.backend.user_pool_domains.values():
            if domain.user_pool_id == self.id:
                shown["CustomDomain" if domain.custom_domain_config else "Domain"] = domain.domain
        return shown | ({"UserPoolTags": kept(self, "tags")} if extended else {})

    return to_json


def _updated(original: Any) -> Any:
    @wraps(original)
    def update_user_pool(self: Any, user_pool_id: str, extended_config: dict[str, Any]) -> None:
        original(self, user_pool_id, extended_config)
        pool = self.describe_user_pool(user_pool_id)
        pool.name = extended_config.get("PoolName", pool.name)
        pool.mfa_config = extended_config.get("MfaConfiguration", pool.mfa_config)
        pool.last_modified_date = now()
        if "UserPoolTags" in extended_config:
            pool.sandbox_tags = extended_config["UserPoolTags"]

    return update_user_pool


def _unless_needed(original: Any) -> Any:
    @wraps(original)
    def delete_user_pool(self: Any, user_pool_id: str) -> None:
        pool = self.describe_user_pool(user_pool_id)
        if pool.extended_config["DeletionProtection"] == "ACTIVE":
            raise refused(
                "InvalidParameterException",
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
            )
        if any(domain.user_pool_id == user_pool_id for domain in self.user_pool_domains.values()):
            raise refused(
                "InvalidParameterException", "User pool cannot be deleted. It has a domain configured that should be deleted first."
            )
        original(self, user_pool_id)

    return delete_user_pool


def _set_mfa(self: Any) -> Any:
    asked = self.parameters
    pool = self.backend.describe_user_pool(asked["UserPoolId"])
    mode = asked.get("MfaConfiguration", "OFF")
    methods = [name for name in _METHODS if asked.get(name) not in (None, {"Enabled": False})]
    if mode != "OFF" and not methods:
        raise refused("InvalidParameterException", "Invalid MFA configuration given, can't disable all MFAs and require MFA together.")
    if mode == "OFF" and methods:
        raise refused("InvalidParameterException", "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
    # moto's sign-in reads these three.
    pool.mfa_config = mode
    pool.sms_mfa_config = asked.get("SmsMfaConfiguration")
    pool.token_mfa_config = asked.get("SoftwareTokenMfaConfiguration")
    kept(pool, "factors").update({name: asked.get(name) for name in ("EmailMfaConfiguration", "WebAuthnConfiguration")})
    return _get_mfa(self)


def _get_mfa(self: Any) -> Any:
    from moto.core.responses import ActionResult

    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    shown = {
        "MfaConfiguration": pool.mfa_config,
        "SmsMfaConfiguration": pool.sms_mfa_config,
        "SoftwareTokenMfaConfiguration": pool.token_mfa_config,
        **kept(pool, "factors"),
    }
    return ActionResult({key: value for key, value in shown.items() if value is not None})
