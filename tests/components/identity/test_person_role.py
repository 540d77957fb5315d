from typing import cast

import pytest

from components.identity.person_role import PersonRole, PersonRoleArgs, trust
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

ROLE = "aws:iam/role:Role"
ME = f"arn:aws:iam::{ACCOUNT}:user/people/me"
FRESH = {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60", "sts:RoleSessionName": "me", "aws:username": "me"}


def enters(who: str = ME, **changed: str | None) -> bool:
    given = FRESH | {"aws:PrincipalArn": who} | {key.replace("__", ":"): value for key, value in changed.items() if value is not None}
    for key in [key.replace("__", ":") for key, value in changed.items() if value is None]:
        del given[key]
    return allowed(cast("str", trust(a_context(), 3600)), Request(action="sts:AssumeRole", resource="*", principal=who, context=given))


def made(**more: object) -> Graph:
    args = PersonRoleArgs(role_name="platform-auditor", purpose="Reads", aws_policies=("SecurityAudit",), **more)  # type: ignore[arg-type]
    return record(lambda: PersonRole("auditor", a_context(), args))


def test_people_enter_with_a_device_they_have_just_used() -> None:
    assert enters()
    assert not enters(aws__MultiFactorAuthAge="3601")


@pytest.mark.parametrize("present", ["false", None])
def test_nobody_enters_without_mfa(present: str | None) -> None:
    assert not enters(aws__MultiFactorAuthPresent=present)


def test_sessions_carry_the_persons_own_name() -> None:
    assert not enters(sts__RoleSessionName="somebody-else")


def test_only_people_enter_and_no_role_or_other_account() -> None:
    assert not enters(f"arn:aws:iam::{ACCOUNT}:role/gitlab-production")
    assert not enters(f"arn:aws:iam::{ACCOUNT}:user/robot")
    assert not enters("arn:aws:iam::999999999999:user/people/me")


def test_a_role_has_its_boundary_its_policies_and_an_hour() -> None:
    graph = made(boundary_arn="arn:aws:iam::123456789012:policy/boundaries/people")
    role = graph.one(ROLE).inputs
    assert (role["name"], role["maxSessionDuration"]) == ("platform-auditor", 3600)
    assert role["permissionsBoundary"] == "arn:aws:iam::123456789012:policy/boundaries/people"
    attached = [each.inputs["policyArn"] for each in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    assert attached == ["arn:aws:iam::aws:policy/SecurityAudit"]
    assert not graph.of_type("aws:iam/rolePolicy:RolePolicy")


def test_a_document_of_its_own_is_the_roles_duty() -> None:
    graph = made(document='{"Version":"2012-10-17","Statement":[]}')
    assert graph.one("aws:iam/rolePolicy:RolePolicy").inputs["name"] == "duty"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"role_name": "Platform"}, "lower-case words"),
        ({"session_seconds": 600}, "3600 to 43200"),
        ({"mfa_seconds": 5}, "60 to 129600"),
        ({"aws_policies": ()}, "could do nothing"),
    ],
)
def test_what_iam_would_refuse_is_refused_before(wrong: dict[str, object], said: str) -> None:
    args = {"role_name": "auditor", "purpose": "Reads", "aws_policies": ("SecurityAudit",)} | wrong
    with pytest.raises(ValueError, match=said):
        PersonRoleArgs(**args)  # type: ignore[arg-type]
