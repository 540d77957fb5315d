"""Services that act here for whoever asks them."""

import json
from typing import Any

import pytest

from policies.controls.identity.service_trust import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

ROLE, PERMISSION = "aws:iam/role:Role", "aws:lambda/permission:Permission"


def trust(draft: Draft, service: str | list[str], effect: str = "Allow", **condition: Any) -> None:
    statement = {"Effect": effect, "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = {"StringEquals": {key.replace("_", ":", 1).replace("_", "-"): value for key, value in condition.items()}}
    draft.add(ROLE, "another", {"assumeRolePolicy": json.dumps({"Statement": [statement]})})


def call(draft: Draft, principal: str, **more: Any) -> None:
    draft.add(PERMISSION, "another", {"action": "lambda:InvokeFunction", "function": "one", "principal": principal, **more})


def in_two(draft: Draft) -> None:
    """One of two statements says whose resources it is for, the other does not."""
    own = {"Principal": {"Service": "scheduler.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}
    statements = [{"Effect": "Allow", **one} for one in (own, {"Principal": {"Service": "config.amazonaws.com"}})]
    draft.add(ROLE, "another", {"assumeRolePolicy": json.dumps({"Statement": statements})})


CAUGHT = [
    Mutation("one of two statements says whose", in_two),
    Mutation("a role serves a service of anybody", lambda draft: trust(draft, "scheduler.amazonaws.com")),
    Mutation("one of two services says whose", lambda draft: trust(draft, ["lambda.amazonaws.com", "config.amazonaws.com"])),
    Mutation("a role asks something else", lambda draft: trust(draft, "backup.amazonaws.com", aws_PrincipalTag="one")),
    Mutation("pods of any cluster are served", lambda draft: trust(draft, "pods.eks.amazonaws.com")),
    Mutation(
        "a service is told apart by a tag of pods",
        lambda draft: trust(draft, "config.amazonaws.com", **{"aws:RequestTag/eks-cluster-arn": "a"}),
    ),
    Mutation("topics of anybody may call", lambda draft: call(draft, "sns.amazonaws.com")),
    Mutation("everything may call", lambda draft: call(draft, "events.amazonaws.com", sourceArn="*")),
    Mutation("a bucket's name is no account", lambda draft: call(draft, "s3.amazonaws.com", sourceArn="arn:aws:s3:::one")),
]
SPARED = [
    Mutation("a service is of this account", lambda draft: trust(draft, "scheduler.amazonaws.com", aws_SourceAccount="1")),
    Mutation("a key is written in small letters", lambda draft: trust(draft, "scheduler.amazonaws.com", **{"aws:sourcearn": "arn:1"})),
    Mutation("Lambda tells no source", lambda draft: trust(draft, "lambda.amazonaws.com")),
    Mutation("pods are of one cluster", lambda draft: trust(draft, "pods.eks.amazonaws.com", **{"aws:RequestTag/eks-cluster-arn": "a"})),
    Mutation("a service is refused", lambda draft: trust(draft, "config.amazonaws.com", "Deny")),
    Mutation("one topic may call", lambda draft: call(draft, "sns.amazonaws.com", sourceArn="arn:aws:sns:eu-west-1:1:one")),
    Mutation("a topic that is not known yet may call", lambda draft: call(draft, "sns.amazonaws.com", sourceArn=UNKNOWN)),
    Mutation(
        "buckets of this account may call", lambda draft: call(draft, "s3.amazonaws.com", sourceArn="arn:aws:s3:::one", sourceAccount="1")
    ),
    Mutation("an organisation's services may call", lambda draft: call(draft, "events.amazonaws.com", principalOrgId="o-1")),
    Mutation("an account is no service", lambda draft: call(draft, "123456789012")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-05", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-05", mutation)


def test_what_is_not_known_yet_is_open() -> None:
    found = CONTROL.evaluate(lone(resource(ROLE, "role", assumeRolePolicy=UNKNOWN), resource(PERMISSION, "call", principal=UNKNOWN)))
    assert {finding.verdict for finding in found} == {Verdict.UNDECIDED}
