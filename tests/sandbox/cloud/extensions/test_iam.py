"""IAM of the emulated cloud, as any client sees it."""

import json

from tests.kit.cloud import EmulatedCloud

_READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def test_an_attachment_in_one_life_of_the_cloud_is_not_seen_in_the_next(emulated_cloud: EmulatedCloud) -> None:
    emulated_cloud.reset()
    iam = emulated_cloud.boto("iam")
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(_TRUST))
    iam.attach_role_policy(RoleName="reader", PolicyArn=_READ_ONLY)
    assert iam.get_policy(PolicyArn=_READ_ONLY)["Policy"]["AttachmentCount"] == 1

    emulated_cloud.reset()
    assert iam.list_roles()["Roles"] == []
    assert iam.get_policy(PolicyArn=_READ_ONLY)["Policy"]["AttachmentCount"] == 0
    document = iam.get_policy_version(PolicyArn=_READ_ONLY, VersionId=iam.get_policy(PolicyArn=_READ_ONLY)["Policy"]["DefaultVersionId"])
    assert document["PolicyVersion"]["Document"]["Statement"]
