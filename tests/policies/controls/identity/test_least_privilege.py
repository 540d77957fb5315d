"""Policies that grant more than anybody needs."""

import json
from typing import Any

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

POLICY, ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE, MANAGED = "aws:iam/role:Role", "aws:iam/policy:Policy"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def document(**statement: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", **statement}]})


def grant(draft: Draft, **statement: Any) -> None:
    draft.one(POLICY, "cloudwatch-identity-policy").set("policy", document(**statement))


def bound(draft: Draft) -> None:
    draft.add(MANAGED, "wide", {"arn": "arn:aws:iam::1:policy/wide", "policy": document(Action="s3:*", Resource="*")})
    draft.one(ROLE, "cluster-control-plane-role").set("permissionsBoundary", "arn:aws:iam::1:policy/wide")


def people(draft: Draft) -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    trust = document(Principal={"AWS": "arn:aws:iam::1:root"}, Action="sts:AssumeRole", Condition=mfa)
    draft.add(ROLE, "people", {"name": "people", "assumeRolePolicy": trust})
    draft.add(ATTACHMENT, "people", {"role": "people", "policyArn": ADMINISTRATOR})


CAUGHT = [
    Mutation("everything is granted", lambda draft: grant(draft, Action="*", Resource="*")),
    Mutation("a whole service is granted", lambda draft: grant(draft, Action="s3:*", Resource="arn:aws:s3:::one/*")),
    Mutation("writing is granted everywhere", lambda draft: grant(draft, Action=["s3:PutObject"], Resource="*")),
    Mutation("everything but something is granted", lambda draft: grant(draft, NotAction="iam:*", Resource="arn:aws:s3:::one")),
    Mutation("everything but one resource is granted", lambda draft: grant(draft, Action="s3:GetObject", NotResource="arn:aws:s3:::one")),
    Mutation(
        "everything is granted inside the role",
        lambda draft: draft.one(ROLE, "cluster-control-plane-role").set("inlinePolicies", [{"policy": document(Action="*", Resource="*")}]),
    ),
    Mutation(
        "a service's role administers",
        lambda draft: draft.add(ATTACHMENT, "wide", {"role": "morefocus-prod-euw1-cluster-control-plane", "policyArn": ADMINISTRATOR}),
    ),
    Mutation(
        "a policy that bounds nobody grants a service",
        lambda draft: draft.add(MANAGED, "wide", {"policy": document(Action="s3:*", Resource="*")}),
    ),
]
SPARED = [
    Mutation(
        "looking is granted everywhere", lambda draft: grant(draft, Action=["ec2:DescribeInstances", "s3:ListAllMyBuckets"], Resource="*")
    ),
    Mutation(
        "writing is granted under a condition",
        lambda draft: grant(
            draft, Action="cloudwatch:PutMetricData", Resource="*", Condition={"StringEquals": {"cloudwatch:namespace": "Ours"}}
        ),
    ),
    Mutation("everything is denied", lambda draft: grant(draft, Effect="Deny", Action="*", Resource="*")),
    Mutation("a boundary is wide", bound),
    Mutation("people with MFA administer", people),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-01", mutation)
