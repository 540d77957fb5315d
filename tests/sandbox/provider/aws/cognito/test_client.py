"""App clients against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Life, Workbench

POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
SERVER = "aws:cognito/resourceServer:ResourceServer"


def given(pool: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "web",
        "userPoolId": pool,
        "generateSecret": False,
        "allowedOauthFlowsUserPoolClient": True,
        "allowedOauthFlows": ["code"],
        "allowedOauthScopes": ["openid", "email"],
        "callbackUrls": ["https://app.morefocus.example/done"],
        "logoutUrls": ["https://app.morefocus.example/"],
        "supportedIdentityProviders": ["COGNITO"],
        "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "accessTokenValidity": 15,
        "idTokenValidity": 15,
        "refreshTokenValidity": 12,
        "tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "hours"},
        "enableTokenRevocation": True,
        "preventUserExistenceErrors": "ENABLED",
        "refreshTokenRotation": {"feature": "ENABLED", "retryGracePeriodSeconds": 10},
        **more,
    }


def pool(workbench: Workbench) -> Life:
    return workbench.made(POOL, logical="pool", name="pool")


def test_a_public_client_lives_as_declared(workbench: Workbench) -> None:
    users = pool(workbench)
    life = workbench.made(CLIENT, **given(users.id))
    cognito = life.boto("cognito-idp")
    live = cognito.describe_user_pool_client(UserPoolId=users.id, ClientId=life.id)["UserPoolClient"]
    assert "ClientSecret" not in live
    assert life.outputs["clientSecret"] == ""
    assert (live["AllowedOAuthFlows"], live["AccessTokenValidity"]) == (["code"], 15)
    assert live["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    assert life.refresh() == []
    life.id = f"{users.id}/{life.id}"
    assert life.imported()[0]["tokenValidityUnits"] == {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "hours"}
    life.id = life.id.partition("/")[2]

    changed = given(users.id, name="site", allowedOauthScopes=["openid"], logoutUrls=[])
    del changed["refreshTokenRotation"]
    life.update(**changed)
    live = cognito.describe_user_pool_client(UserPoolId=users.id, ClientId=life.id)["UserPoolClient"]
    assert (live["ClientName"], live["AllowedOAuthScopes"]) == ("site", ["openid"])
    assert "RefreshTokenRotation" not in live
    assert life.refresh() == []
    assert life.replaced_by(**{**changed, "generateSecret": True}) == {"generateSecret"}
    cognito.update_user_pool_client(UserPoolId=users.id, ClientId=life.id, ClientName="site")
    assert {"allowedOauthFlows", "callbackUrls", "tokenValidityUnits"} <= {change.path.partition(".")[0] for change in life.refresh()}
    life.delete()
    assert life.gone()


def test_a_client_asks_only_for_scopes_that_exist(workbench: Workbench) -> None:
    users = pool(workbench)
    wanted = given(users.id, allowedOauthScopes=["openid", "bookings/read"])
    with pytest.raises(Exception, match="ScopeDoesNotExist"):
        workbench.life(CLIENT).create(**wanted)
    workbench.made(
        SERVER,
        logical="bookings",
        userPoolId=users.id,
        identifier="bookings",
        name="bookings",
        scopes=[{"scopeName": "read", "scopeDescription": "Reads"}],
    )
    assert workbench.made(CLIENT, logical="other", **wanted).refresh() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"allowedOauthFlows": []}, "needed when"),
        ({"allowedOauthFlowsUserPoolClient": False}, "must be true"),
        ({"allowedOauthFlows": ["client_credentials"]}, "generateSecret"),
        ({"callbackUrls": ["http://app.morefocus.example/done"]}, "must be https"),
        ({"callbackUrls": ["https://app.morefocus.example/#done"]}, "fragment"),
        ({"explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}, "refreshTokenRotation"),
        ({"accessTokenValidity": 1}, "300 to 86400 seconds"),
        ({"refreshTokenRotation": {"feature": "ENABLED", "retryGracePeriodSeconds": 90}}, "at most 60"),
        ({"defaultRedirectUri": "https://elsewhere.example/"}, "callbackUrls"),
    ],
)
def test_a_client_that_cognito_would_refuse_is_refused_before(emulated_cloud: EmulatedCloud, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(CLIENT).check(**given("eu-west-1_abc", **change))


def test_an_app_on_a_phone_comes_back_by_its_own_scheme(workbench: Workbench) -> None:
    urls = ["example.morefocus.app:/done", "http://localhost:4200/done"]
    assert workbench.life(CLIENT).check(**given("eu-west-1_abc", callbackUrls=urls))["callbackUrls"] == urls
