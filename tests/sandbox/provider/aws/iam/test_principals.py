"""Instance profiles, identity providers and service-linked roles against the emulated cloud."""

import json

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

PROFILE = "aws:iam/instanceProfile:InstanceProfile"
OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
LINKED = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
ISSUER = "https://token.actions.githubusercontent.com"


def make_role(life: Life, name: str) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    life.boto("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))


def test_an_instance_profile_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(PROFILE)
    make_role(life, "nodes")
    make_role(life, "spot-nodes")
    assert life.preview(name="nodes")["arn"] == "arn:aws:iam::123456789012:instance-profile/nodes"
    life.create(name="nodes", role="nodes", tags={"owner": "platform"})
    assert life.refresh() == []

    life.update(name="nodes", role="spot-nodes", tags={"environment": "production"})
    profile = life.boto("iam").get_instance_profile(InstanceProfileName="nodes")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["spot-nodes"]
    assert profile["Tags"] == [{"Key": "environment", "Value": "production"}]
    assert life.replaced_by(name="other", role="spot-nodes") == {"name"}
    assert life.imported()[0]["role"] == "spot-nodes"

    life.boto("iam").remove_role_from_instance_profile(InstanceProfileName="nodes", RoleName="spot-nodes")
    assert [change.path for change in life.refresh()] == ["role"]
    life.delete()
    assert life.gone()


def test_an_identity_provider_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(OIDC)
    arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    assert life.preview(url=ISSUER, clientIdLists=["sts.amazonaws.com"])["arn"] == arn
    life.create(url=ISSUER, clientIdLists=["sts.amazonaws.com"], tags={"owner": "platform"})
    assert life.id == arn
    assert life.refresh() == []

    life.update(
        url=ISSUER,
        clientIdLists=["sts.amazonaws.com", "platform"],
        thumbprintLists=["6938fd4d98bab03faadb97b34396831e3780aea1"],
        tags={"environment": "production"},
    )
    found = life.boto("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert found["ClientIDList"] == ["sts.amazonaws.com", "platform"]
    assert found["ThumbprintList"] == ["6938fd4d98bab03faadb97b34396831e3780aea1"]
    assert found["Tags"] == [{"Key": "environment", "Value": "production"}]
    assert life.refresh() == []
    assert life.replaced_by(url="https://gitlab.com", clientIdLists=["sts.amazonaws.com"]) == {"url"}
    assert life.imported()[0]["url"] == ISSUER

    life.delete()
    assert life.gone()


def test_the_order_of_an_identity_providers_clients_means_nothing(workbench: Workbench) -> None:
    life = workbench.made(OIDC, url=ISSUER, clientIdLists=["a", "b"])
    assert life.diff(url=ISSUER, clientIdLists=["b", "a"]) == []


def test_an_issuer_without_tls_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="begins with https://"):
        workbench.life(OIDC).check(url="http://example.com", clientIdLists=["a"])


def test_a_service_linked_role_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(LINKED, awsServiceName="autoscaling.amazonaws.com", description="scaling", tags={"a": "b"})
    assert life.outputs["name"] == "AWSServiceRoleForAutoScaling"
    assert life.outputs["path"] == "/aws-service-role/autoscaling.amazonaws.com/"
    assert life.refresh() == []
    life.update(awsServiceName="autoscaling.amazonaws.com", description="scales groups", tags={"c": "d"})
    role = life.boto("iam").get_role(RoleName="AWSServiceRoleForAutoScaling")["Role"]
    assert role["Description"] == "scales groups"
    assert role["Tags"] == [{"Key": "c", "Value": "d"}]
    assert life.replaced_by(awsServiceName="spot.amazonaws.com") == {"awsServiceName"}
    assert life.imported()[0]["awsServiceName"] == "autoscaling.amazonaws.com"
    life.delete()
    assert life.gone()
