"""Users, groups and the account's password policy against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

GROUP = "aws:iam/group:Group"
ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
USER = "aws:iam/user:User"
MEMBERSHIP = "aws:iam/userGroupMembership:UserGroupMembership"
PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
POLICY = "aws:iam/policy:Policy"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]})


def boundary(workbench: Workbench, name: str = "boundary") -> str:
    return workbench.made(POLICY, logical=name, name=name, policy=DOCUMENT).id


def groups_of(iam: Any, user: str) -> list[str]:
    return sorted(group["GroupName"] for group in iam.list_groups_for_user(UserName=user)["Groups"])


def member(workbench: Workbench, *groups: str) -> Life:
    for group in ("auditors", "operators"):
        workbench.made(GROUP, logical=group, name=group, path="/people/")
    workbench.made(USER, logical="user", name="someone", path="/people/")
    return workbench.made(MEMBERSHIP, user="someone", groups=list(groups))


def test_a_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    arn = "arn:aws:iam::123456789012:group/people/auditors"
    assert life.preview(name="auditors", path="/people/")["arn"] == arn
    life.create(name="auditors", path="/people/")
    assert life.boto("iam").get_group(GroupName="auditors")["Group"]["Arn"] == arn
    assert life.refresh() == []
    assert life.imported()[0]["path"] == "/people/"
    assert life.replaced_by(name="others", path="/") == {"name", "path"}
    life.delete()
    assert life.gone()


def test_a_group_that_still_has_members_is_not_deleted(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="auditors")
    workbench.made(USER, logical="user", name="someone")
    iam = life.boto("iam")
    iam.add_user_to_group(GroupName="auditors", UserName="someone")
    with pytest.raises(Exception, match="DeleteConflict"):
        life.delete()


def test_a_policy_is_attached_to_a_group_until_it_is_not(workbench: Workbench) -> None:
    group = workbench.made(GROUP, logical="group", name="auditors")
    arn = boundary(workbench)
    life = workbench.made(ATTACHMENT, group="auditors", policyArn=arn)
    iam = life.boto("iam")
    assert [each["PolicyArn"] for each in iam.list_attached_group_policies(GroupName="auditors")["AttachedPolicies"]] == [arn]
    assert life.refresh() == []
    assert life.replaced_by(group="others", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess") == {"group", "policyArn"}
    with pytest.raises(Exception, match="DeleteConflict"):
        group.delete()
    iam.detach_group_policy(GroupName="auditors", PolicyArn=arn)
    assert life.gone()


def test_a_user_lives_as_declared(workbench: Workbench) -> None:
    first, second = boundary(workbench), boundary(workbench, "narrower")
    life = workbench.life(USER)
    inputs = {"name": "someone", "path": "/people/", "forceDestroy": True}
    assert life.preview(**inputs)["arn"] == "arn:aws:iam::123456789012:user/people/someone"
    life.create(permissionsBoundary=first, tags={"owner": "platform"}, **inputs)
    iam = life.boto("iam")
    found = iam.get_user(UserName="someone")["User"]
    assert found["PermissionsBoundary"] == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": first}
    assert found["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []

    life.update(permissionsBoundary=second, tags={"owner": "people"}, **inputs)
    assert iam.get_user(UserName="someone")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == second
    assert life.refresh() == []
    life.update(tags={"owner": "people"}, **inputs)
    assert "PermissionsBoundary" not in iam.get_user(UserName="someone")["User"]
    assert life.imported()[0]["tags"] == {"owner": "people"}
    life.delete()
    assert life.gone()


def test_whoever_leaves_loses_password_keys_devices_and_groups(workbench: Workbench) -> None:
    life = workbench.made(USER, name="someone", forceDestroy=True)
    iam = life.boto("iam")
    iam.create_login_profile(UserName="someone", Password="correct-horse-battery")
    iam.create_access_key(UserName="someone")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="someone")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(UserName="someone", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321")
    iam.put_user_policy(UserName="someone", PolicyName="by-hand", PolicyDocument=DOCUMENT)
    iam.create_group(GroupName="by-hand")
    iam.add_user_to_group(GroupName="by-hand", UserName="someone")
    life.delete()
    assert life.gone()
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    assert iam.get_group(GroupName="by-hand")["Users"] == []


def test_without_force_a_user_that_has_a_password_stays(workbench: Workbench) -> None:
    life = workbench.made(USER, name="someone")
    life.boto("iam").create_login_profile(UserName="someone", Password="correct-horse-battery")
    with pytest.raises(Exception, match="DeleteConflict"):
        life.delete()


def test_memberships_follow_the_declaration_and_leave_other_groups_alone(workbench: Workbench) -> None:
    life = member(workbench, "auditors")
    iam = life.boto("iam")
    iam.create_group(GroupName="by-hand")
    iam.add_user_to_group(GroupName="by-hand", UserName="someone")
    assert life.refresh() == []
    life.update(user="someone", groups=["operators"])
    assert groups_of(iam, "someone") == ["by-hand", "operators"]
    assert life.refresh() == []
    life.update(user="someone", groups=["operators", "auditors"])
    assert life.diff(user="someone", groups=["auditors", "operators"]) == []
    assert life.replaced_by(user="other", groups=["auditors", "operators"]) == {"user"}
    life.delete()
    assert groups_of(iam, "someone") == ["by-hand"]


def test_a_membership_taken_away_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = member(workbench, "auditors", "operators")
    life.boto("iam").remove_user_from_group(GroupName="operators", UserName="someone")
    assert [change.path.split("[")[0] for change in life.refresh()] == ["groups"]


def test_a_password_policy_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(PASSWORDS)
    life.create(minimumPasswordLength=14, passwordReusePrevention=24, requireNumbers=True, maxPasswordAge=90)
    iam = life.boto("iam")
    found = iam.get_account_password_policy()["PasswordPolicy"]
    assert (found["MinimumPasswordLength"], found["PasswordReusePrevention"], found["RequireNumbers"]) == (14, 24, True)
    assert (found["ExpirePasswords"], found["MaxPasswordAge"], found["RequireSymbols"]) == (True, 90, False)
    assert life.refresh() == []
    life.update(minimumPasswordLength=16)
    assert iam.get_account_password_policy()["PasswordPolicy"]["MinimumPasswordLength"] == 16
    assert iam.get_account_password_policy()["PasswordPolicy"]["RequireNumbers"] is False
    life.delete()
    assert life.gone()


def test_a_password_of_five_characters_cannot_be_the_rule(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="inimumPasswordLength"):
        workbench.life(PASSWORDS).check(minimumPasswordLength=5)
