"""Every IAM document of the whole estate is one that a reviewer would pass (SEC-1)."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.kit.composed import shipped_graph
from tests.kit.iam_lint import Document, documents, findings, widths
from tests.kit.plans import STACKS

WIDE = {
    "people-boundary-policy": "allows nothing by itself: it bounds what other policies allow, by services",
    "pipeline-boundary-policy": "allows nothing by itself: it bounds what other policies allow, by services",
    "pipelines-deploys_production-duty": "builds whatever the program describes, inside the boundary and its own environment",
    "pipelines-deploys_staging-duty": "builds whatever the program describes, inside the boundary and its own environment",
    "administrator-duty": "runs all services of the platform but identities, inside the boundary, with MFA",
}
"""Documents that allow whole services on everything, and why."""


@cache
def all_documents(stack: str) -> tuple[Document, ...]:
    return tuple(documents(shipped_graph(stack)))


@pytest.mark.parametrize("stack", STACKS)
def test_no_document_is_misspelt_too_long_or_open_to_anyone(stack: str) -> None:
    found = sorted({finding for document in all_documents(stack) for finding in findings(document)})
    assert not found, "\n".join(found)


@pytest.mark.parametrize("stack", STACKS)
def test_no_document_allows_a_whole_service_on_everything_but_those_named_with_a_reason(stack: str) -> None:
    wide = {document.holder.name: widths(document) for document in all_documents(stack) if widths(document)}
    assert not {name: actions for name, actions in wide.items() if name not in WIDE}


def test_every_exception_is_still_needed_and_none_allows_every_service() -> None:
    wide = {document.holder.name: widths(document) for document in all_documents("us-east-1")}
    assert all(wide.get(name) for name in WIDE), "remove the exception that is not needed any more"
    assert not [name for name, actions in wide.items() if "*" in actions]


def test_the_documents_of_identities_stores_keys_and_endpoints_are_all_read() -> None:
    types = {document.holder.type for document in all_documents("us-east-1")}
    assert {
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:kms/key:Key",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
    } <= types


@pytest.mark.parametrize("stack", STACKS)
def test_awss_own_policies_that_allow_everything_belong_to_the_break_glass_role_alone(stack: str) -> None:
    attached = shipped_graph(stack).of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    everything = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "ReadOnlyAccess")
    roles = {each.inputs["role"] for each in attached if each.inputs["policyArn"].rpartition("/")[2] in everything}
    assert roles <= {"platform-break-glass"}


@pytest.mark.parametrize("stack", STACKS)
def test_nobody_and_nothing_has_an_access_key_or_a_password_in_the_state(stack: str) -> None:
    made = {each.type for each in shipped_graph(stack).resources}
    assert not made & {"aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile", "aws:iam/sshKey:SshKey"}


def judged(**statement: Any) -> list[str]:
    """What the lint says about a document with one statement, in the place of one of the estate's."""
    whole = {"Sid": "Reads", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | statement
    holder = next(each for each in all_documents("us-east-1") if each.holder.type == "aws:iam/policy:Policy")
    text = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    wrong = replace(holder, text=text, key="policy")
    return [finding.partition(": ")[2] for finding in findings(wrong)] + widths(wrong)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"Action": "s3:GetObjekt"}, "there is no action s3:GetObjekt"),
        ({"Action": "s4:GetObject"}, "there is no action s4:GetObject"),
        ({"Action": "s3:Fetch*"}, r"there is no action s3:Fetch\*"),
        ({"Action": "*"}, r"\*"),
        ({"Action": ["s3:*"]}, r"s3:\*"),
        ({"NotAction": "iam:*"}, "allows what nobody has thought of"),
        ({"Sid": "not plain"}, "not of letters and digits"),
        ({"Condition": {"StringEqual": {"aws:SourceArn": "x"}}}, "there is no operator StringEqual"),
        ({"Condition": {"StringEquals": {"aws:SorceArn": "x"}}}, "looked up the condition key aws:SorceArn"),
        ({"Principal": "*"}, "anyone at all"),
        ({"Resource": ["arn:aws:s3:::" + "x" * 7000]}, "at most"),
    ],
)
def test_the_reader_finds_what_is_wrong(statement: dict[str, Any], said: str) -> None:
    assert [finding for finding in judged(**statement) if re.search(said, finding)], judged(**statement)


def test_the_reader_has_nothing_to_say_about_a_good_statement() -> None:
    assert judged() == [] and judged(Action=["s3:Get*", "s3:ListBucket"]) == []
