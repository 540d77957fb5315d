"""What a person may do before and after the second factor."""

import json
from typing import cast

import pytest

from components.identity.mfa_guard import MfaGuard, self_service
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, permitted
from tests.kit.recorder import record

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
ME, OTHER = (f"arn:aws:iam::{ACCOUNT}:user/people/{name}" for name in ("me", "other"))
DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/phone"


def may(action: str, resource: str = "*", *, mfa: str | None, also: tuple[str, ...] = ()) -> bool:
    context = {"aws:username": "me"} | ({} if mfa is None else {"aws:MultiFactorAuthPresent": mfa})
    return permitted(
        [cast("str", self_service(a_context())), *also], Request(action=action, resource=resource, principal=ME, context=context)
    )


@pytest.mark.parametrize("mfa", ["false", None], ids=["console", "long-lived credentials"])
@pytest.mark.parametrize("action", ["s3:GetObject", "sts:AssumeRole", "iam:CreateAccessKey", "iam:DeactivateMFADevice", "ec2:RunInstances"])
def test_without_mfa_even_somebody_allowed_everything_may_do_nothing(action: str, mfa: str | None) -> None:
    assert not may(action, ME, mfa=mfa, also=(EVERYTHING,))


@pytest.mark.parametrize(
    "action", ["iam:EnableMFADevice", "iam:ResyncMFADevice", "iam:ListMFADevices", "iam:ChangePassword", "iam:GetUser"]
)
def test_without_mfa_people_enrol_a_device_and_change_their_password(action: str) -> None:
    assert may(action, ME, mfa="false")
    assert may("iam:CreateVirtualMFADevice", DEVICE, mfa="false")


@pytest.mark.parametrize("action", ["iam:EnableMFADevice", "iam:ChangePassword", "iam:DeactivateMFADevice"])
def test_nobody_touches_somebody_elses_password_or_device(action: str) -> None:
    assert not may(action, OTHER, mfa="true")


def test_whoever_stands_on_a_path_of_their_own_keeps_their_password_too() -> None:
    apart = ME.replace("people/me", "people/break-glass/me")
    assert may("iam:ChangePassword", apart, mfa="false")
    assert not may("iam:ChangePassword", OTHER.replace("people/other", "people/break-glass/other"), mfa="true")


def test_a_device_is_replaced_only_by_somebody_who_has_just_used_it() -> None:
    assert may("iam:DeactivateMFADevice", ME, mfa="true")
    assert not may("iam:DeactivateMFADevice", ME, mfa="false")


def test_with_mfa_the_guard_adds_nothing_and_takes_nothing_away() -> None:
    assert may("s3:GetObject", mfa="true", also=(EVERYTHING,))
    assert not may("s3:GetObject", mfa="true")


def test_the_policy_is_one_for_all_groups() -> None:
    policy = record(lambda: MfaGuard("guard", a_context())).one("aws:iam/policy:Policy").inputs
    assert (policy["name"], policy["path"], policy["policy"]) == ("people-mfa-guard", "/people/", self_service(a_context()))
