"""What each role of people may do, inside its boundary."""

from typing import cast

import pytest

from components.identity.boundary_document import people_boundary
from components.identity.duties import BREAK_GLASS, duties, people_path
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, permitted

DUTIES = duties(a_context())
BOUNDARY = cast("str", people_boundary(a_context(), [Region.US_EAST_1]))
OURS = {"aws:ResourceTag/managed-by": "pulumi"}
NODE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1"


def may(duty: str, action: str, resource: str = "*", **context: str) -> bool:
    given = {"aws:RequestedRegion": "us-east-1", **context}
    request = Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/platform-{duty}", context=given)
    return permitted([cast("str", DUTIES[duty].document)], request, boundary=BOUNDARY)


def test_the_administrator_runs_the_clusters_and_lets_people_in() -> None:
    assert may("administrator", "eks:UpdateClusterConfig")
    assert may("administrator", "iam:CreateLoginProfile", f"arn:aws:iam::{ACCOUNT}:user/people/somebody")
    assert not may("administrator", "iam:CreateLoginProfile", f"arn:aws:iam::{ACCOUNT}:user/somebody")


@pytest.mark.parametrize("action", ["iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:DeactivateMFADevice"])
def test_the_administrator_cannot_become_somebody_who_may_break_the_glass(action: str) -> None:
    path = people_path([BREAK_GLASS, "operators"])
    assert may("administrator", action, f"arn:aws:iam::{ACCOUNT}:user{people_path(['operators'])}somebody")
    assert not may("administrator", action, f"arn:aws:iam::{ACCOUNT}:user{path}somebody")


@pytest.mark.parametrize("action", ["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateRole", "iam:AttachRolePolicy", "sts:AssumeRole"])
def test_the_administrator_makes_no_identity_and_becomes_none(action: str) -> None:
    assert not may("administrator", action)


def test_the_administrator_hands_roles_to_the_estates_services_only() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/morefocus-prod-use1-nodes"
    assert may("administrator", "iam:PassRole", role, **{"iam:PassedToService": "ec2.amazonaws.com"})
    assert not may("administrator", "iam:PassRole", role, **{"iam:PassedToService": "cloudformation.amazonaws.com"})
    assert not may("administrator", "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/x", **{"iam:PassedToService": "ec2.amazonaws.com"})


def test_the_operator_restarts_what_the_estate_made_and_nothing_else() -> None:
    assert may("operator", "rds:RebootDBInstance", **OURS)
    assert not may("operator", "rds:RebootDBInstance")
    assert may("operator", "ssm:StartSession", NODE, **OURS)
    assert not may("operator", "ssm:StartSession", NODE)


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "dynamodb:GetItem", "secretsmanager:GetSecretValue", "kms:Decrypt", "rds:DeleteDBInstance", "iam:CreateRole"]
)
def test_the_operator_sees_no_data_and_deletes_nothing(action: str) -> None:
    assert not may("operator", action, **OURS)


def test_an_operator_ends_own_sessions_only() -> None:
    session = f"arn:aws:ssm:us-east-1:{ACCOUNT}:session/AROA1:me-0123"
    assert may("operator", "ssm:TerminateSession", session, **{"aws:userid": "AROA1:me"})
    assert not may("operator", "ssm:TerminateSession", session, **{"aws:userid": "AROA1:other"})


def test_auditors_read_settings_by_awss_own_policies_and_no_data() -> None:
    assert DUTIES["auditor"].aws_policies == ("SecurityAudit", "job-function/ViewOnlyAccess")
    assert DUTIES["auditor"].document is None


def test_only_the_break_glass_role_is_unbounded_and_may_do_everything() -> None:
    assert [name for name, duty in DUTIES.items() if not duty.bounded] == [BREAK_GLASS]
    assert [name for name, duty in DUTIES.items() if "AdministratorAccess" in duty.aws_policies] == [BREAK_GLASS]
