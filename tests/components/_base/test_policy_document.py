"""Policy documents are built from checked statements and are JSON that IAM reads."""

import json
from typing import Any

import pulumi
import pytest

from components._base.policy_document import (
    Conditions,
    Principal,
    Statement,
    allow,
    assume_role,
    deny,
    deny_all_but,
    deny_elsewhere,
    document,
    pod_identity_trust,
)
from tests.kit.recorder import record


def parsed(text: Any) -> Any:
    assert isinstance(text, str)
    return json.loads(text)


def test_a_document_of_plain_values_is_plain_text_known_at_preview() -> None:
    bucket = "arn:aws:s3:::b"
    body = parsed(
        document(
            allow("s3:GetObject", "s3:ListBucket", on=[bucket, f"{bucket}/*"], to=[Principal.services("logs.amazonaws.com")], sid="Read"),
            deny("s3:*", on=[bucket], to=[Principal.everyone()], when={"Bool": {"aws:SecureTransport": "false"}}),
        )
    )
    assert body == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Sid": "Read",
                "Principal": {"Service": "logs.amazonaws.com"},
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": [bucket, f"{bucket}/*"],
            },
            {
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "s3:*",
                "Resource": bucket,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


def test_a_document_with_an_output_resolves_to_the_same_json() -> None:
    def program() -> None:
        text = document(allow("s3:GetObject", on=[pulumi.Output.from_input("arn:aws:s3:::b").apply(lambda arn: f"{arn}/*")]))
        assert isinstance(text, pulumi.Output)
        pulumi.export("text", text)

    (statement,) = json.loads(record(program).stack_outputs["text"])["Statement"]
    assert statement["Resource"] == "arn:aws:s3:::b/*"


def test_principals_of_one_kind_are_joined() -> None:
    body = parsed(
        document(allow("sts:AssumeRole", to=[Principal.aws("111111111111"), Principal.aws("222222222222"), Principal.federated("p")]))
    )
    assert body["Statement"][0]["Principal"] == {"AWS": ["111111111111", "222222222222"], "Federated": "p"}


@pytest.mark.parametrize("action", ["GetObject", "s3", "s3:", "S3:GetObject", "s3:Get Object", "s3:Get-Object"])
def test_a_malformed_action_is_refused(action: str) -> None:
    with pytest.raises(ValueError, match="must look like 's3:GetObject'"):
        allow(action, on=["*"])


@pytest.mark.parametrize("operator", ["StringEqual", "stringEquals", "ForSomeValues:StringEquals", "NullIfExists"])
def test_an_operator_iam_does_not_know_is_refused(operator: str) -> None:
    conditions: Conditions = {operator: {"aws:SourceAccount": "1"}}
    with pytest.raises(ValueError, match="no condition operator"):
        allow("s3:GetObject", on=["*"], when=conditions)


@pytest.mark.parametrize("operator", ["StringEquals", "ForAnyValue:StringLike", "ArnLikeIfExists", "Bool", "NotIpAddress", "Null"])
def test_operators_iam_knows_are_accepted(operator: str) -> None:
    assert allow("s3:GetObject", on=["*"], when={operator: {"k": "v"}}).conditions


def test_allowing_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="every action"):
        allow("*", on=["*"])


def test_allowing_everyone_takes_a_condition() -> None:
    with pytest.raises(ValueError, match="for everyone"):
        allow("s3:GetObject", on=["*"], to=[Principal.everyone()])
    assert allow("s3:GetObject", on=["*"], to=[Principal.everyone()], when={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})


def test_denying_everything_to_everyone_is_possible() -> None:
    assert deny("*", on=["*"], to=[Principal.everyone()]).effect == "Deny"


def test_a_statement_without_an_action_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one action"):
        allow(on=["*"])


def test_sids_are_plain_and_differ_within_a_document() -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        allow("s3:GetObject", on=["*"], sid="no-hyphen")
    twice = allow("s3:GetObject", on=["*"], sid="Same")
    with pytest.raises(ValueError, match="must differ"):
        document(twice, twice)


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one statement"):
        document()


def test_a_services_trust_keeps_other_accounts_out() -> None:
    (statement,) = parsed(assume_role("vpc-flow-logs.amazonaws.com", source_account="123456789012", source_arn="arn:aws:ec2:*"))[
        "Statement"
    ]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:*"},
    }


def test_pods_take_on_a_role_with_session_tags() -> None:
    (statement,) = parsed(pod_identity_trust(source_account="123456789012"))["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}


def test_a_deny_can_speak_of_all_but_some_actions_or_resources() -> None:
    some = deny_all_but("iam:ChangePassword", on=["*"])
    assert some.as_dict() == {"Effect": "Deny", "NotAction": "iam:ChangePassword", "Resource": "*"}
    elsewhere = deny_elsewhere("iam:CreateUser", than=["arn:aws:iam::123456789012:user/people/*"])
    assert elsewhere.as_dict() == {
        "Effect": "Deny",
        "Action": "iam:CreateUser",
        "NotResource": "arn:aws:iam::123456789012:user/people/*",
    }


@pytest.mark.parametrize(("all_but", "elsewhere"), [(True, False), (False, True)])
def test_an_allow_of_all_but_something_is_refused(all_but: bool, elsewhere: bool) -> None:
    with pytest.raises(ValueError, match="an Allow of all but something is refused"):
        Statement(effect="Allow", actions=["s3:GetObject"], resources=["*"], all_but=all_but, elsewhere=elsewhere)
