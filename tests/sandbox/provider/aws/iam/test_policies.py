"""Managed policies against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

POLICY = "aws:iam/policy:Policy"


def permission(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def versions(iam: Any, arn: str) -> dict[str, Any]:
    return {
        version["VersionId"]: iam.get_policy_version(PolicyArn=arn, VersionId=version["VersionId"])["PolicyVersion"]
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]
    }


def test_a_policy_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(POLICY)
    arn = "arn:aws:iam::123456789012:policy/estate/backups"
    inputs = {"name": "backups", "path": "/estate/", "description": "What backups need"}
    assert life.preview(policy=permission("s3:GetObject"), **inputs)["arn"] == arn

    life.create(policy=permission("s3:GetObject"), tags={"owner": "platform"}, **inputs)
    assert life.id == arn
    iam = life.boto("iam")
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Description"] == "What backups need"
    assert life.refresh() == []

    life.update(policy=permission("s3:PutObject"), tags={"environment": "production"}, **inputs)
    default = next(item for item in versions(iam, arn).values() if item["IsDefaultVersion"])
    assert default["Document"] == json.loads(permission("s3:PutObject"))
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == [{"Key": "environment", "Value": "production"}]
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_many_changes_keep_five_versions_at_most_with_the_last_as_default(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"))
    for number in range(7):
        life.update(name="backups", policy=permission("s3:GetObject", f"s3:List{number}"))
    found = versions(life.boto("iam"), life.id)
    assert list(found) == ["v4", "v5", "v6", "v7", "v8"]
    assert found["v8"]["IsDefaultVersion"]
    assert "s3:List6" in json.dumps(found["v8"]["Document"])


def test_a_tag_alone_makes_no_new_version(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"))
    life.update(name="backups", policy=permission("s3:GetObject"), tags={"owner": "platform"})
    assert list(versions(life.boto("iam"), life.id)) == ["v1"]


def test_name_path_and_description_replace_a_policy(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"))
    changed = life.replaced_by(name="other", path="/x/", description="new", policy=permission("s3:GetObject"))
    assert changed == {"name", "path", "description"}


def test_a_document_changed_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"))
    life.boto("iam").create_policy_version(PolicyArn=life.id, PolicyDocument=permission("*"), SetAsDefault=True)
    assert [change.path for change in life.refresh()] == ["policy"]


def test_a_policy_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"), tags={"owner": "platform"})
    inputs, _ = life.imported()
    assert inputs["name"] == "backups"
    assert json.loads(inputs["policy"]) == json.loads(permission("s3:GetObject"))
    assert inputs["tags"] == {"owner": "platform"}


def test_a_policy_in_use_is_not_deleted(workbench: Workbench) -> None:
    life = workbench.made(POLICY, name="backups", policy=permission("s3:GetObject"))
    iam = life.boto("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    iam.create_role(RoleName="nodes", AssumeRolePolicyDocument=json.dumps(trust))
    iam.attach_role_policy(RoleName="nodes", PolicyArn=life.id)
    with pytest.raises(Exception, match="DeleteConflict"):
        life.delete()
    iam.detach_role_policy(RoleName="nodes", PolicyArn=life.id)
    life.delete()
    assert life.gone()


def test_a_document_longer_than_iam_allows_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match=r"at most 6144 are allowed"):
        workbench.life(POLICY).check(name="big", policy=permission(*(f"s3:Action{number}" for number in range(500))))
