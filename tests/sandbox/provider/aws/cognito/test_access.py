"""Groups and resource servers against the emulated cloud."""

from tests.kit.provider import Workbench

POOL = "aws:cognito/userPool:UserPool"
GROUP = "aws:cognito/userGroup:UserGroup"
SERVER = "aws:cognito/resourceServer:ResourceServer"
ROLE = "arn:aws:iam::123456789012:role/owner"


def test_a_group_lives_as_declared(workbench: Workbench) -> None:
    pool = workbench.made(POOL, logical="pool").id
    life = workbench.made(GROUP, name="owner", userPoolId=pool, description="Runs a business", precedence=1, roleArn=ROLE)
    cognito = life.boto("cognito-idp")
    assert life.id == f"{pool}/owner"
    assert cognito.get_group(UserPoolId=pool, GroupName="owner")["Group"]["Precedence"] == 1
    assert life.refresh() == []
    assert life.imported()[0] == {
        "name": "owner",
        "userPoolId": pool,
        "description": "Runs a business",
        "precedence": 1,
        "roleArn": ROLE,
        "region": "eu-west-1",
    }
    life.update(name="owner", userPoolId=pool, precedence=2, roleArn=ROLE)
    live = cognito.get_group(UserPoolId=pool, GroupName="owner")["Group"]
    assert (live["Description"], live["Precedence"]) == ("", 2)
    assert life.refresh() == []
    assert life.replaced_by(name="owner", userPoolId=pool, precedence=2) == {"roleArn"}
    life.delete()
    assert life.gone()


def test_a_resource_server_lives_as_declared(workbench: Workbench) -> None:
    pool = workbench.made(POOL, logical="pool").id
    read = {"scopeName": "read", "scopeDescription": "Reads bookings"}
    write = {"scopeName": "write", "scopeDescription": "Changes bookings"}
    life = workbench.made(SERVER, userPoolId=pool, identifier="https://api.morefocus.example", name="api", scopes=[read, write])
    assert life.outputs["scopeIdentifiers"] == ["https://api.morefocus.example/read", "https://api.morefocus.example/write"]
    assert life.refresh() == []
    life.update(userPoolId=pool, identifier="https://api.morefocus.example", name="bookings", scopes=[read])
    live = life.boto("cognito-idp").describe_resource_server(UserPoolId=pool, Identifier="https://api.morefocus.example")["ResourceServer"]
    assert (live["Name"], [scope["ScopeName"] for scope in live["Scopes"]]) == ("bookings", ["read"])
    assert life.refresh() == []
    life.delete()
    assert life.gone()
