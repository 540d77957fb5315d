"""Role handlers against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def trust(service: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    }


def permission(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


TRUST = json.dumps(trust("eks.amazonaws.com"))


def test_a_role_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ROLE)
    assert life.preview(name="control-plane", assumeRolePolicy=TRUST)["arn"] == ("arn:aws:iam::123456789012:role/control-plane")
    life.create(
        name="control-plane",
        assumeRolePolicy=TRUST,
        description="cluster",
        maxSessionDuration=7200,
        permissionsBoundary=READ_ONLY,
        inlinePolicies=[{"name": "scale", "policy": json.dumps(permission("autoscaling:*"))}],
        managedPolicyArns=[AUDIT],
        tags={"owner": "platform"},
    )
    iam = life.boto("iam")
    role = iam.get_role(RoleName="control-plane")["Role"]
    assert role["AssumeRolePolicyDocument"] == trust("eks.amazonaws.com")
    assert (role["Description"], role["MaxSessionDuration"]) == ("cluster", 7200)
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    assert role["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert iam.get_role_policy(RoleName="control-plane", PolicyName="scale")["PolicyDocument"] == permission("autoscaling:*")
    assert life.refresh() == []

    life.update(
        name="control-plane",
        assumeRolePolicy=json.dumps(trust("ec2.amazonaws.com")),
        inlinePolicies=[{"name": "read", "policy": json.dumps(permission("ec2:Describe*"))}],
        managedPolicyArns=[READ_ONLY],
        tags={"environment": "production"},
    )
    role = iam.get_role(RoleName="control-plane")["Role"]
    assert role["AssumeRolePolicyDocument"] == trust("ec2.amazonaws.com")
    assert (role["Description"], role["MaxSessionDuration"]) == ("", 3600)
    assert "PermissionsBoundary" not in role
    assert role["Tags"] == [{"Key": "environment", "Value": "production"}]
    assert iam.list_role_policies(RoleName="control-plane")["PolicyNames"] == ["read"]
    attached = iam.list_attached_role_policies(RoleName="control-plane")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [READ_ONLY]
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_role_moved_to_another_path_or_name_is_replaced(workbench: Workbench) -> None:
    life = workbench.made(ROLE, name="control-plane", assumeRolePolicy=TRUST)
    assert life.replaced_by(name="other", path="/estate/", assumeRolePolicy=TRUST) == {"name", "path"}


def test_a_role_may_be_named_by_prefix(workbench: Workbench) -> None:
    life = workbench.made(ROLE, namePrefix="nodes-", assumeRolePolicy=TRUST)
    assert life.id.startswith("nodes-")
    assert life.boto("iam").get_role(RoleName=life.id)
    assert life.diff(namePrefix="nodes-", assumeRolePolicy=TRUST) == []


def test_the_same_trust_in_another_spelling_is_no_change(workbench: Workbench) -> None:
    life = workbench.made(ROLE, name="control-plane", assumeRolePolicy=TRUST)
    assert life.diff(name="control-plane", assumeRolePolicy=json.dumps(trust("eks.amazonaws.com"), indent=2)) == []


def test_a_trust_given_as_an_object_becomes_text(workbench: Workbench) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}],
    }
    life = workbench.made(ROLE, name="operators", assumeRolePolicy=document)
    assert json.loads(life.inputs["assumeRolePolicy"]) == document
    assert life.refresh() == []


def test_drift_of_a_role_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(ROLE, name="control-plane", assumeRolePolicy=TRUST, permissionsBoundary=READ_ONLY, managedPolicyArns=[AUDIT])
    iam = life.boto("iam")
    iam.update_assume_role_policy(RoleName="control-plane", PolicyDocument=json.dumps(trust("lambda.amazonaws.com")))
    iam.delete_role_permissions_boundary(RoleName="control-plane")
    iam.attach_role_policy(RoleName="control-plane", PolicyArn=READ_ONLY)
    drifted = {change.path.split("[")[0] for change in life.refresh()}
    assert drifted == {"assumeRolePolicy", "permissionsBoundary", "managedPolicyArns"}


def test_a_role_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(ROLE, name="control-plane", assumeRolePolicy=TRUST, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert json.loads(inputs["assumeRolePolicy"]) == trust("eks.amazonaws.com")
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["arn"] == life.outputs["arn"]


def test_a_role_with_foreign_attachments_goes_only_when_told_to_detach(workbench: Workbench) -> None:
    kept = workbench.made(ROLE, name="kept", assumeRolePolicy=TRUST)
    forced = workbench.made(ROLE, name="forced", assumeRolePolicy=TRUST, forceDetachPolicies=True)
    for life in (kept, forced):
        life.boto("iam").attach_role_policy(RoleName=life.id, PolicyArn=AUDIT)
    forced.delete()
    assert forced.gone()
    with pytest.raises(Exception, match="DeleteConflict"):
        kept.delete()


def test_the_teardown_takes_a_role_with_all_that_hangs_on_it(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(ROLE, name="nodes", assumeRolePolicy=TRUST)
    iam = life.boto("iam")
    iam.attach_role_policy(RoleName="nodes", PolicyArn=AUDIT)
    iam.create_instance_profile(InstanceProfileName="nodes")
    iam.add_role_to_instance_profile(InstanceProfileName="nodes", RoleName="nodes")
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{", "must be JSON"),
        ('{"Version": "2012-10-17", "Statement": []}', "at least one Statement"),
        (json.dumps(permission("s3:*")), "must have Principal"),
        (TRUST.replace("Allow", "allow"), "Effect 'allow'"),
        (TRUST.replace("2012-10-17", "2020-10-17"), "2012-10-17 and 2008-10-17"),
        (TRUST.replace('"Action"', '"Actions"'), "unknown members Actions"),
    ],
)
def test_a_trust_that_iam_would_refuse_is_refused(workbench: Workbench, document: str, reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(ROLE).check(name="bad", assumeRolePolicy=document)


@pytest.mark.parametrize("name", ["no spaces", "n" * 65])
def test_a_name_that_iam_would_refuse_is_refused(workbench: Workbench, name: str) -> None:
    with pytest.raises(InvalidInputs, match=r"RoleName|name"):
        workbench.life(ROLE).check(name=name, assumeRolePolicy=TRUST)


def test_an_inline_policy_lives_as_declared(workbench: Workbench) -> None:
    role = workbench.made(ROLE, name="nodes", assumeRolePolicy=TRUST)
    life = workbench.life(INLINE, name="describe")
    life.create(role=role.id, name="describe", policy=json.dumps(permission("ec2:Describe*")))
    assert life.id == "nodes:describe"
    assert life.refresh() == []
    life.update(role=role.id, name="describe", policy=json.dumps(permission("ec2:Run*")))
    found = life.boto("iam").get_role_policy(RoleName="nodes", PolicyName="describe")
    assert found["PolicyDocument"] == permission("ec2:Run*")
    assert life.replaced_by(role="other", name="describe", policy=json.dumps(permission("ec2:Run*"))) == {"role"}
    assert life.imported()[0]["role"] == "nodes"
    life.boto("iam").put_role_policy(RoleName="nodes", PolicyName="describe", PolicyDocument=json.dumps(permission("iam:*")))
    assert [change.path for change in life.refresh()] == ["policy"]
    life.delete()
    assert life.gone()


def test_an_inline_policy_must_not_name_a_principal(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="must not have Principal"):
        workbench.life(INLINE).check(role="nodes", policy=TRUST)


def test_an_attachment_lives_as_declared(workbench: Workbench) -> None:
    role = workbench.made(ROLE, name="nodes", assumeRolePolicy=TRUST)
    life = workbench.made(ATTACHMENT, role=role.id, policyArn=AUDIT)
    attached = life.boto("iam").list_attached_role_policies(RoleName="nodes")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [AUDIT]
    assert life.refresh() == []
    assert life.replaced_by(role=role.id, policyArn=READ_ONLY) == {"policyArn"}
    assert life.imported()[0] == {"role": "nodes", "policyArn": AUDIT}
    life.delete()
    assert life.gone()


def test_an_attachment_of_a_policy_that_does_not_exist_fails(workbench: Workbench) -> None:
    role = workbench.made(ROLE, name="nodes", assumeRolePolicy=TRUST)
    with pytest.raises(Exception, match="does not exist"):
        workbench.made(ATTACHMENT, role=role.id, policyArn="arn:aws:iam::aws:policy/NoSuchAccess")
