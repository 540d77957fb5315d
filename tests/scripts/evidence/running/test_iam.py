"""What somebody gives to a role, or takes from it, past the program."""

import json

import pytest

from policies.evidence.layers import Kind
from policies.evidence.verdicts import Layer
from policies.verdict import Verdict
from tests.kit.provider import Workbench
from tests.scripts.evidence.running.piece import Estate

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def allows(action: str, where: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": where}]})


NARROW = allows("s3:GetObject", "arn:aws:s3:::files/*")


@pytest.fixture
def estate(workbench: Workbench) -> Estate:
    made = Estate(workbench)
    made.make("aws:iam/role:Role", "worker", name="worker", assumeRolePolicy=TRUST)
    made.make("aws:iam/rolePolicy:RolePolicy", "worker-reads", role="worker", name="reads", policy=NARROW)
    policy = made.make("aws:iam/policy:Policy", "writes", name="writes", policy=allows("s3:PutObject", "arn:aws:s3:::files/*"))
    made.make("aws:iam/group:Group", "people", name="people")
    made.make("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "people-write", group="people", policyArn=policy.outputs["arn"])
    made.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "worker-writes", role="worker", policyArn=policy.outputs["arn"])
    return made


def test_rights_that_were_given_by_hand_are_found(estate: Estate) -> None:
    assert not estate.drift().found
    iam = estate.boto("iam")
    iam.attach_role_policy(RoleName="worker", PolicyArn=ADMINISTRATOR)
    iam.attach_group_policy(GroupName="people", PolicyArn=ADMINISTRATOR)
    iam.put_role_policy(RoleName="worker", PolicyName="more", PolicyDocument=allows("*", "*"))
    iam.put_role_policy(RoleName="worker", PolicyName="reads", PolicyDocument=allows("s3:*", "*"))
    version = iam.create_policy_version(PolicyArn=estate.id_of("writes"), PolicyDocument=allows("*", "*"), SetAsDefault=True)
    assert version["PolicyVersion"]["IsDefaultVersion"]
    found = estate.drift()
    wrong = {each.urn.rpartition("::")[2]: each for each in found.found if each.control == "IAM-01"}
    assert set(wrong) == {"worker", "worker-reads", "writes", "worker/AdministratorAccess", "people/AdministratorAccess"}
    assert all(each.verdicts[Layer.RUNNING] is Verdict.VIOLATION for each in wrong.values())
    assert wrong["worker-reads"].kind is Kind.DRIFT and wrong["worker/AdministratorAccess"].kind is Kind.MISSING
    assert {urn.rpartition("::")[2] for urn in found.coverage.unmanaged} == {"worker/AdministratorAccess", "people/AdministratorAccess"}
    assert "made past the program: " in found.coverage.summary()


def test_what_was_taken_from_a_role_is_gone(estate: Estate) -> None:
    iam = estate.boto("iam")
    for detach, name in ((iam.detach_role_policy, {"RoleName": "worker"}), (iam.detach_group_policy, {"GroupName": "people"})):
        detach(PolicyArn=estate.id_of("writes"), **name)
    iam.delete_role_policy(RoleName="worker", PolicyName="reads")
    assert {urn.rpartition("::")[2] for urn in estate.drift().coverage.gone} == {
        "worker-reads",
        "worker-writes",
        "people-write",
    }
