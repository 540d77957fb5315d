"""What Cognito refuses about a user pool and no schema says.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html,
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider.errors import Failure
from sandbox.provider.values import Properties, known

_STANDARD = frozenset(
    {
        *("address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale", "middle_name", "name"),
        *("nickname", "phone_number", "phone_number_verified", "picture", "preferred_username", "profile", "sub", "updated_at"),
        *("website", "zoneinfo"),
    }
)


def failures(inputs: Properties) -> list[Failure]:
    """Contradictions between settings; values may be UNKNOWN."""
    return [*_factors(inputs), *_mail(inputs), *_names(inputs), *_plan(inputs), *_attributes(inputs)]


def _part(inputs: Properties, name: str) -> dict[str, Any]:
    value = inputs.get(name)
    return value if isinstance(value, dict) else {}


def _factors(inputs: Properties) -> Iterator[Failure]:
    mode = inputs["mfaConfiguration"]
    token = _part(inputs, "softwareTokenMfaConfiguration").get("enabled")
    if not known(mode, token):
        return
    if mode in ("ON", "OPTIONAL") and not (token or inputs.get("smsConfiguration") or inputs.get("emailMfaConfiguration")):
        yield Failure(
            "mfaConfiguration",
            f"{mode} needs a second factor: softwareTokenMfaConfiguration enabled, emailMfaConfiguration or smsConfiguration",
        )
    if mode == "OFF" and token:
        yield Failure("softwareTokenMfaConfiguration", "cannot be enabled while mfaConfiguration is OFF: set that to ON or OPTIONAL")


def _mail(inputs: Properties) -> Iterator[Failure]:
    mail = _part(inputs, "emailConfiguration")
    account = mail.get("emailSendingAccount", "COGNITO_DEFAULT")
    if account == "DEVELOPER" and not mail.get("sourceArn"):
        yield Failure("emailConfiguration.sourceArn", "needed when emailSendingAccount is DEVELOPER: the ARN of a verified SES identity")
    if account == "COGNITO_DEFAULT" and (mail.get("fromEmailAddress") or mail.get("configurationSet")):
        given = "fromEmailAddress" if mail.get("fromEmailAddress") else "configurationSet"
        yield Failure(f"emailConfiguration.{given}", "only mail that SES sends has it: set emailSendingAccount to DEVELOPER")
    if inputs.get("emailMfaConfiguration") and account == "COGNITO_DEFAULT":
        yield Failure("emailMfaConfiguration", "codes by e-mail need a pool that sends with SES: set emailSendingAccount to DEVELOPER")


def _names(inputs: Properties) -> Iterator[Failure]:
    if inputs.get("aliasAttributes") and inputs.get("usernameAttributes"):
        yield Failure("aliasAttributes", "cannot be combined with usernameAttributes: choose one")
    updated = _part(inputs, "userAttributeUpdateSettings").get("attributesRequireVerificationBeforeUpdates") or []
    verified = inputs.get("autoVerifiedAttributes") or []
    if known(updated, verified) and (missing := sorted(set(updated) - set(verified))):
        yield Failure("userAttributeUpdateSettings", f"also needs {', '.join(missing)} in autoVerifiedAttributes")


def _plan(inputs: Properties) -> Iterator[Failure]:
    tier = inputs.get("userPoolTier", "ESSENTIALS")
    if not known(tier):
        return
    mode = _part(inputs, "userPoolAddOns").get("advancedSecurityMode", "OFF")
    if known(mode) and mode != "OFF" and tier != "PLUS":
        yield Failure("userPoolAddOns.advancedSecurityMode", f"{mode} is part of the plan PLUS (userPoolTier is {tier})")
    newer = _part(_part(inputs, "lambdaConfig"), "preTokenGenerationConfig").get("lambdaVersion", "V1_0")
    if known(newer) and newer != "V1_0" and tier == "LITE":
        yield Failure("lambdaConfig.preTokenGenerationConfig.lambdaVersion", f"{newer} needs the plan ESSENTIALS or PLUS (got LITE)")
    if _part(inputs, "passwordPolicy").get("passwordHistorySize") and tier == "LITE":
        yield Failure("passwordPolicy.passwordHistorySize", "needs the plan ESSENTIALS or PLUS (got LITE)")


def _attributes(inputs: Properties) -> Iterator[Failure]:
    schemas = inputs.get("schemas")
    for position, item in enumerate(schemas if isinstance(schemas, list) else ()):
        name = item.get("name") if isinstance(item, dict) else None
        if isinstance(name, str) and name not in _STANDARD and item.get("required") is True:
            yield Failure(f"schemas[{position}].required", f"only standard attributes can be required ({name} is the pool's own)")
