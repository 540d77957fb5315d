"""How far roles of people and pipelines can go, judged with a role that is allowed everything."""

import json
from typing import cast

import pytest

from components.identity.boundary_document import SERVICES, boundary_arn, people_boundary, pipeline_boundary
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, permitted

REGIONS = [Region.US_EAST_1, Region.EU_WEST_1]
PEOPLE, PIPELINES = (cast("str", make(a_context(), REGIONS)) for make in (people_boundary, pipeline_boundary))
BOTH = pytest.mark.parametrize("boundary", [PEOPLE, PIPELINES], ids=["people", "pipelines"])
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
OURS = boundary_arn(a_context(), "people")


def iam(kind: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{kind}"


def may(boundary: str, action: str, resource: str = "*", **context: str) -> bool:
    given = {"aws:RequestedRegion": "us-east-1"} | {key.replace("__", ":"): value for key, value in context.items()}
    request = Request(action=action, resource=resource, principal=iam("role/somebody"), context=given)
    return permitted([EVERYTHING], request, boundary=boundary)


@BOTH
def test_the_estates_services_are_reached_in_its_regions_only(boundary: str) -> None:
    assert may(boundary, "rds:CreateDBInstance", aws__RequestedRegion="eu-west-1")
    assert not may(boundary, "rds:CreateDBInstance", aws__RequestedRegion="ap-south-1")
    assert not may(boundary, "sagemaker:CreateEndpoint")


@BOTH
@pytest.mark.parametrize(
    "action",
    ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "guardduty:DeleteDetector", "config:StopConfigurationRecorder"],
)
def test_nobody_switches_a_guard_off(boundary: str, action: str) -> None:
    assert not may(boundary, action)


def test_people_do_not_blind_a_guard_either_and_pipelines_bring_it_up() -> None:
    assert not may(PEOPLE, "cloudtrail:PutEventSelectors") and not may(PEOPLE, "guardduty:UpdateDetector")
    assert may(PIPELINES, "cloudtrail:PutEventSelectors") and may(PIPELINES, "cloudtrail:CreateTrail")


@BOTH
@pytest.mark.parametrize("action", ["iam:CreateAccessKey", "iam:CreateServiceSpecificCredential", "iam:UploadSSHPublicKey"])
def test_nobody_makes_a_credential_that_lasts(boundary: str, action: str) -> None:
    assert not may(boundary, action, iam("user/people/somebody"))


@BOTH
def test_nobody_changes_or_leaves_a_boundary(boundary: str) -> None:
    assert not may(boundary, "iam:CreatePolicyVersion", OURS)
    assert not may(boundary, "iam:SetDefaultPolicyVersion", OURS)
    assert not may(boundary, "iam:DeletePolicy", OURS)
    assert not may(boundary, "iam:DeleteRolePermissionsBoundary", iam("role/platform-operator"))
    assert may(boundary, "iam:CreatePolicyVersion", iam("policy/another"))


@BOTH
def test_a_new_role_carries_a_boundary(boundary: str) -> None:
    assert not may(boundary, "iam:CreateRole", iam("role/mine"))
    assert not may(boundary, "iam:CreateRole", iam("role/mine"), iam__PermissionsBoundary=iam("policy/mine"))
    assert may(boundary, "iam:CreateRole", iam("role/mine"), iam__PermissionsBoundary=OURS)
    assert not may(boundary, "iam:AttachRolePolicy", iam("role/somebody-elses"))


def test_pipelines_give_aws_services_their_roles_and_people_do_not() -> None:
    assert may(PIPELINES, "iam:CreateRole", iam("role/morefocus-prod-use1-nodes"))
    assert not may(PEOPLE, "iam:CreateRole", iam("role/morefocus-prod-use1-nodes"))


@BOTH
@pytest.mark.parametrize("role", ["platform-break-glass", "gitlab-production"])
def test_the_roles_that_lead_past_a_boundary_stay_as_they_are(boundary: str, role: str) -> None:
    assert not may(boundary, "iam:UpdateAssumeRolePolicy", iam(f"role/{role}"))
    assert not may(boundary, "iam:PutRolePolicy", iam(f"role/{role}"), iam__PermissionsBoundary=OURS)


@BOTH
def test_a_session_becomes_no_other_role_and_trusts_no_other_issuer(boundary: str) -> None:
    assert not may(boundary, "sts:AssumeRole", iam("role/platform-break-glass"))
    assert not may(boundary, "iam:CreateOpenIDConnectProvider")
    assert not may(boundary, "iam:CreateSAMLProvider")


def test_people_are_made_by_pipelines_alone_and_only_on_their_path() -> None:
    assert may(PIPELINES, "iam:CreateUser", iam("user/people/somebody"))
    assert not may(PIPELINES, "iam:CreateUser", iam("user/somebody"))
    assert not may(PEOPLE, "iam:CreateUser", iam("user/people/somebody"))
    assert not may(PEOPLE, "iam:AddUserToGroup", iam("group/people/break-glass"))


@pytest.mark.parametrize("action", ["iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:EnableMFADevice", "iam:DeactivateMFADevice"])
def test_pipelines_cannot_sign_in_as_a_person(action: str) -> None:
    assert not may(PIPELINES, action, iam("user/people/somebody"))


def test_pipelines_hand_roles_of_people_to_no_service() -> None:
    assert not may(PIPELINES, "iam:PassRole", iam("role/platform-administrator"))
    assert may(PIPELINES, "iam:PassRole", iam("role/morefocus-prod-use1-nodes"))


def test_the_hubs_region_is_always_within_because_global_services_are_asked_there() -> None:
    elsewhere = cast("str", people_boundary(a_context(), [Region.EU_WEST_1]))
    assert may(elsewhere, "iam:GetRole")
    assert "iam" in SERVICES


@BOTH
def test_a_boundary_fits_into_a_managed_policy_with_every_region(boundary: str) -> None:
    assert len(boundary) <= 6144
    assert max(len(cast("str", make(a_context(), list(Region)))) for make in (people_boundary, pipeline_boundary)) <= 6144
