"""User pools against the emulated cloud."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import HandlerError, InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

POOL = "aws:cognito/userPool:UserPool"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:tokens:live"
IDENTITY = "arn:aws:ses:eu-west-1:123456789012:identity/morefocus.example"
TENANT = {
    "name": "tenant",
    "attributeDataType": "String",
    "mutable": True,
    "stringAttributeConstraints": {"minLength": "1", "maxLength": "64"},
}
EMAIL = {"name": "email", "attributeDataType": "String", "mutable": True, "required": True}


def given(**more: Any) -> dict[str, Any]:
    return {
        "name": "morefocus-users",
        "usernameAttributes": ["email"],
        "usernameConfiguration": {"caseSensitive": False},
        "autoVerifiedAttributes": ["email"],
        "userPoolTier": "PLUS",
        "userPoolAddOns": {"advancedSecurityMode": "ENFORCED"},
        "mfaConfiguration": "OPTIONAL",
        "softwareTokenMfaConfiguration": {"enabled": True},
        "passwordPolicy": {
            "minimumLength": 12,
            "requireLowercase": True,
            "requireNumbers": True,
            "requireSymbols": False,
            "requireUppercase": True,
            "passwordHistorySize": 5,
            "temporaryPasswordValidityDays": 1,
        },
        "schemas": [TENANT, EMAIL],
        "lambdaConfig": {"preTokenGenerationConfig": {"lambdaArn": FUNCTION, "lambdaVersion": "V2_0"}},
        "accountRecoverySetting": {"recoveryMechanisms": [{"name": "verified_email", "priority": 1}]},
        "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
        "emailConfiguration": {
            "emailSendingAccount": "DEVELOPER",
            "sourceArn": IDENTITY,
            "fromEmailAddress": "MoreFocus <no-reply@morefocus.example>",
            "configurationSet": "morefocus",
        },
        "deviceConfiguration": {"challengeRequiredOnNewDevice": True, "deviceOnlyRememberedOnUserPrompt": True},
        "userAttributeUpdateSettings": {"attributesRequireVerificationBeforeUpdates": ["email"]},
        "deletionProtection": "ACTIVE",
        "tags": {"data-class": "personal"},
        **more,
    }


def described(life: Any) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("cognito-idp").describe_user_pool(UserPoolId=life.id)["UserPool"]
    return found


def test_a_pool_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(POOL, **given())
    pool, cognito = described(life), life.boto("cognito-idp")
    assert (pool["Name"], pool["UserPoolTier"], pool["DeletionProtection"]) == ("morefocus-users", "PLUS", "ACTIVE")
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert not pool["Policies"]["PasswordPolicy"]["RequireSymbols"]
    assert pool["LambdaConfig"]["PreTokenGenerationConfig"] == {"LambdaArn": FUNCTION, "LambdaVersion": "V2_0"}
    assert pool["EmailConfiguration"]["From"] == "MoreFocus <no-reply@morefocus.example>"
    attributes = {item["Name"]: item for item in pool["SchemaAttributes"]}
    assert attributes["custom:tenant"]["Mutable"]
    assert attributes["custom:tenant"]["StringAttributeConstraints"] == {"MinLength": "1", "MaxLength": "64"}
    assert attributes["email"]["Required"]
    assert "sub" in attributes
    factors = cognito.get_user_pool_mfa_config(UserPoolId=life.id)
    assert (factors["MfaConfiguration"], factors["SoftwareTokenMfaConfiguration"]) == ("OPTIONAL", {"Enabled": True})
    assert pool["MfaConfiguration"] == "OPTIONAL"
    assert life.outputs["endpoint"] == f"cognito-idp.eu-west-1.amazonaws.com/{life.id}"
    assert cognito.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"] == {"data-class": "personal"}
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert {item["name"] for item in inputs["schemas"]} == {"tenant", "email"}
    assert inputs["emailConfiguration"]["configurationSet"] == "morefocus"


def test_a_pool_changes_in_place_and_keeps_what_only_a_creation_can_say(workbench: Workbench) -> None:
    life = workbench.made(POOL, **given())
    plan = {"name": "plan", "attributeDataType": "Number", "mutable": True}
    changed = given(
        mfaConfiguration="ON",
        schemas=[TENANT, EMAIL, plan],
        deletionProtection="INACTIVE",
        tags={"data-class": "credentials"},
        adminCreateUserConfig={"allowAdminCreateUserOnly": False},
    )
    del changed["deviceConfiguration"]
    life.update(**changed)
    pool = described(life)
    assert pool["MfaConfiguration"] == "ON"
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert "DeviceConfiguration" not in pool
    assert not pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    assert "custom:plan" in {item["Name"] for item in pool["SchemaAttributes"]}
    assert pool["UserPoolTags"] == {"data-class": "credentials"}
    assert life.refresh() == []
    assert life.replaced_by(**{**changed, "usernameAttributes": ["phone_number"]}) == {"usernameAttributes[0]"}
    with pytest.raises(HandlerError, match="cannot be changed or removed"):
        life.update(**{**changed, "schemas": [EMAIL, plan]})
    life.delete()
    assert life.gone()


def test_a_protected_pool_is_not_deleted_but_by_taking_the_sandbox_down(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(POOL, **given())
    with pytest.raises(ClientError, match="deletion protection"):
        life.delete()
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


def test_what_somebody_changed_or_took_away_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(POOL, **given(deletionProtection="INACTIVE"))
    cognito = life.boto("cognito-idp")
    cognito.set_user_pool_mfa_config(UserPoolId=life.id, MfaConfiguration="OFF")
    cognito.update_user_pool(UserPoolId=life.id, MfaConfiguration="OFF", UserPoolTier="PLUS")
    paths = {change.path.partition(".")[0] for change in life.refresh()}
    assert {"mfaConfiguration", "softwareTokenMfaConfiguration", "userPoolAddOns", "lambdaConfig", "passwordPolicy"} <= paths
    assert not paths & {"usernameAttributes", "schemas", "tags"}


def test_a_pool_without_settings_has_what_cognito_gives_it(workbench: Workbench) -> None:
    life = workbench.made(POOL)
    assert life.outputs["name"].startswith("sample-")
    assert life.outputs["userPoolTier"] == "ESSENTIALS"
    assert life.outputs["passwordPolicy"]["requireSymbols"]
    assert life.refresh() == []
    # What the program says now, it had been saying all along by saying nothing.
    assert life.diff(userPoolTier="ESSENTIALS") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"softwareTokenMfaConfiguration": {"enabled": False}}, "second factor"),
        ({"mfaConfiguration": "OFF"}, "while mfaConfiguration is OFF"),
        ({"userPoolTier": "ESSENTIALS"}, "plan PLUS"),
        ({"userPoolTier": "LITE", "userPoolAddOns": {"advancedSecurityMode": "OFF"}}, "V2_0 needs the plan"),
        ({"aliasAttributes": ["email"]}, "choose one"),
        ({"emailConfiguration": {"emailSendingAccount": "DEVELOPER"}}, "verified SES identity"),
        ({"emailConfiguration": {"fromEmailAddress": "a@b.example"}}, "set emailSendingAccount to DEVELOPER"),
        ({"schemas": [{**TENANT, "required": True}]}, "only standard attributes"),
        ({"schemas": [{**TENANT, "name": "a" * 21}]}, "20"),
        ({"autoVerifiedAttributes": []}, "autoVerifiedAttributes"),
        ({"passwordPolicy": {"minimumLength": 5}}, "6 to 99"),
        ({"deletionProtection": "YES"}, "ACTIVE"),
    ],
)
def test_what_cognito_would_refuse_is_refused_before(emulated_cloud: EmulatedCloud, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(POOL).check(**given(**change))
