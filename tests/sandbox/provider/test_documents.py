"""What AWS would refuse about a policy document."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider import documents
from sandbox.provider.values import UNKNOWN

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def policy(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def reasons(document: Any, grammar: documents.Grammar = documents.IDENTITY) -> str:
    return "; ".join(failure.reason for failure in documents.failures("policy", document, grammar))


def test_a_sound_document_has_no_failure() -> None:
    assert documents.failures("policy", policy(READ | {"Sid": "Read"}), documents.IDENTITY) == []
    assert documents.failures("policy", json.dumps({"Statement": READ}), documents.IDENTITY) == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("nonsense", "must be JSON"),
        ("[]", "at least one Statement"),
        (policy(), "at least one Statement"),
        (policy(READ, Owner="me"), "unknown members Owner"),
        (policy(READ, Version="2012-10-18"), "has Version '2012-10-18'"),
        (policy("read"), "a statement that is no object"),
        (policy(READ | {"Effect": "allow"}), "has Effect 'allow'"),
        (policy(READ | {"Actions": "s3:*"}), "unknown members Actions"),
        (policy(READ | {"NotAction": "s3:*"}), "must have Action or NotAction, not both"),
        (policy({"Effect": "Allow", "Action": "s3:*"}), "must have Resource or NotResource"),
        (policy(READ | {"Principal": "*"}), "must not have Principal"),
        (policy(READ | {"Sid": "with space"}), "letters and digits"),
        (policy(READ | {"Sid": "a"}, READ | {"Sid": "a"}), "Sid 'a' more than once"),
        (policy(*[READ] * 200), "at most 6144 are allowed"),
    ],
)
def test_a_faulty_document_is_told_what_is_wrong(document: str, reason: str) -> None:
    assert reason in reasons(document)


def test_a_failure_names_the_statement() -> None:
    assert "(statement 'Wrong')" in reasons(policy(READ, {"Sid": "Wrong", "Effect": "Deny", "Action": "s3:*"}))
    assert "(statement 2)" in reasons(policy(READ, {"Effect": "Deny", "Action": "s3:*"}))


def test_resource_policies_name_a_principal_and_may_have_spaces_in_ids() -> None:
    assert "must have Principal" in reasons(policy(READ), documents.KEY)
    assert reasons(policy(READ | {"Sid": "Enable IAM User Permissions", "Principal": "*"}), documents.KEY) == ""


def test_what_is_unknown_is_not_judged() -> None:
    assert documents.failures("policy", UNKNOWN, documents.TRUST) == []
    assert documents.failures("policy", {"Statement": [{"Effect": UNKNOWN}]}, documents.TRUST) == []
    assert documents.failures("policy", None, documents.TRUST) == []


def test_objects_become_text_once_all_of_them_is_known() -> None:
    inputs: dict[str, Any] = {"policy": {"Statement": READ}, "other": {"Statement": UNKNOWN}}
    documents.normalise(inputs, "policy", "other", "absent")
    assert json.loads(inputs["policy"]) == {"Statement": READ}
    assert documents.text(inputs["policy"]) == inputs["policy"]
    assert documents.text(inputs["other"]) is UNKNOWN


NAMES = st.sampled_from(["Version", "Id", "Statement", "Sid", "Effect", "Action", "Resource", "Principal", "Condition", "Other"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@given(JSON, st.sampled_from([documents.IDENTITY, documents.TRUST, documents.BUCKET]))
def test_any_json_is_judged_without_a_fault(value: Any, grammar: documents.Grammar) -> None:
    for document in (json.dumps(value), json.dumps({"Statement": value}), json.dumps({"Statement": [value]})):
        documents.failures("policy", document, grammar)
