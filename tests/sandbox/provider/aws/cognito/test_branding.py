"""Styles of sign-in pages against the emulated cloud."""

import base64
import json

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench

POOL = "aws:cognito/userPool:UserPool"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
STYLE = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
LOGO = {
    "category": "PAGE_HEADER_LOGO",
    "colorMode": "LIGHT",
    "extension": "SVG",
    "bytes": base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
}


def test_a_clients_pages_have_one_style(workbench: Workbench) -> None:
    pool = workbench.made(POOL, logical="pool").id
    clients = [workbench.made(CLIENT, logical=name, name=name, userPoolId=pool).id for name in ("web", "mobile")]
    plain = workbench.made(STYLE, logical="plain", userPoolId=pool, clientId=clients[0], useCognitoProvidedValues=True)
    own = workbench.made(
        STYLE,
        userPoolId=pool,
        clientId=clients[1],
        settings=json.dumps({"categories": {"global": {"colorSchemeMode": "DARK"}}}),
        assets=[LOGO],
    )
    cognito = own.boto("cognito-idp")
    live = cognito.describe_managed_login_branding_by_client(UserPoolId=pool, ClientId=clients[1])["ManagedLoginBranding"]
    assert live["Settings"]["categories"]["global"]["colorSchemeMode"] == "DARK"
    assert live["Assets"][0]["Bytes"].startswith(b"<svg")
    assert own.refresh() == plain.refresh() == []
    assert own.imported()[0]["clientId"] == clients[1]
    with pytest.raises(ClientError, match="already exists"):
        workbench.made(STYLE, logical="second", userPoolId=pool, clientId=clients[0], useCognitoProvidedValues=True)

    plain.update(userPoolId=pool, clientId=clients[0], settings="{}")
    live = cognito.describe_managed_login_branding_by_client(UserPoolId=pool, ClientId=clients[0])["ManagedLoginBranding"]
    assert not live["UseCognitoProvidedValues"]
    assert plain.replaced_by(userPoolId=pool, clientId=clients[1], settings="{}") == {"clientId"}
    for life in (own, plain):
        life.delete()
        assert life.gone()


def test_a_style_that_cannot_be_is_refused_before(emulated_cloud: EmulatedCloud) -> None:
    life = Workbench(emulated_cloud.endpoint).life(STYLE)
    with pytest.raises(InvalidInputs, match="either settings or"):
        life.check(userPoolId="eu-west-1_abc", clientId="abc")
    with pytest.raises(InvalidInputs, match="in base64"):
        life.check(userPoolId="eu-west-1_abc", clientId="abc", settings="{}", assets=[{**LOGO, "bytes": "<svg"}])
    with pytest.raises(InvalidInputs, match="PAGE_HEADER_LOGO"):
        life.check(userPoolId="eu-west-1_abc", clientId="abc", settings="{}", assets=[{**LOGO, "category": "LOGO"}])
