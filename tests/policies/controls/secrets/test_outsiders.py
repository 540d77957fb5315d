"""Policies at resources that let strangers in."""

import json
from typing import Any

import pytest

from policies.controls.secrets.outsiders import CONTROL, DOCUMENTS, own_account
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource, shipped

BUCKET_POLICY, SECRET = "aws:s3/bucketPolicy:BucketPolicy", "aws:secretsmanager/secret:Secret"
PERMISSION, FUNCTION_URL = "aws:lambda/permission:Permission", "aws:lambda/functionUrl:FunctionUrl"
OWN, OTHER = "123456789012", "210987654321"


def document(**statement: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **statement}})


def policy(name: str, **statement: Any) -> Mutation:
    return Mutation(name, lambda draft: draft.one(BUCKET_POLICY).set("policy", document(**statement)))


def under(operator: str, key: str, value: Any) -> Mutation:
    name = f"everybody is let in under {operator} of {key}: {value}"
    return policy(name, Principal="*", Condition={operator: {key: value}})


def at(type_: str) -> Mutation:
    properties = {DOCUMENTS[type_]: document(Principal="*")}
    return Mutation(f"everybody is let in by {type_}", lambda draft: draft.add(type_, "made", properties))


def call(draft: Draft, principal: Any, **more: Any) -> None:
    draft.add(PERMISSION, "another", {"action": "lambda:InvokeFunction", "function": "one", "principal": principal, **more})


CAUGHT = [
    policy("everybody is let in", Principal="*"),
    policy("all of AWS is let in", Principal={"AWS": "*"}),
    policy("another account is let in", Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}),
    policy("another account is let in beside ours", Principal={"AWS": [OWN, OTHER]}),
    policy("all but one are let in", NotPrincipal={"AWS": OWN}),
    policy(
        "an identity of S3's own kind is let in",
        Principal={"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
    ),
    policy("a stranger's provider is let in", Principal={"Federated": f"arn:aws:iam::{OTHER}:saml-provider/x"}),
    under("StringEquals", "aws:PrincipalAccount", OTHER),
    under("StringEquals", "aws:PrincipalAccount", [OWN, OTHER]),
    under("StringNotEquals", "aws:PrincipalAccount", OWN),
    under("StringEqualsIfExists", "aws:PrincipalAccount", OWN),
    under("ForAllValues:StringEquals", "aws:PrincipalAccount", OWN),
    under("Null", "aws:PrincipalOrgID", "false"),
    under("StringLike", "aws:PrincipalOrgID", "*"),
    under("ArnLike", "aws:SourceArn", "arn:aws:s3:::one"),
    under("Bool", "aws:SecureTransport", "true"),
    *map(at, DOCUMENTS),
    Mutation("another account may call", lambda draft: call(draft, OTHER)),
    Mutation("everybody may call", lambda draft: call(draft, "*")),
    Mutation(
        "a layer is everybody's",
        lambda draft: draft.add("aws:lambda/layerVersionPermission:LayerVersionPermission", "made", {"principal": "*"}),
    ),
    Mutation("a function has an address of its own", lambda draft: draft.add(FUNCTION_URL, "made", {"authorizationType": "NONE"})),
]
SPARED = [
    policy("this account is let in", Principal={"AWS": f"arn:aws:iam::{OWN}:root"}),
    policy("a service is let in", Principal={"Service": "logging.s3.amazonaws.com"}),
    policy("everybody is refused", Effect="Deny", Principal="*"),
    policy(
        "a distribution's old identity is let in", Principal={"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}
    ),
    under("StringEquals", "aws:PrincipalOrgID", "o-abc"),
    under("StringEquals", "aws:PrincipalAccount", [OWN]),
    under("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/one"),
    under("StringEquals", "aws:SourceVpce", "vpce-1"),
    Mutation("this account may call", lambda draft: call(draft, OWN)),
    Mutation("a service may call", lambda draft: call(draft, "events.amazonaws.com")),
    Mutation("an organisation may call", lambda draft: call(draft, "*", principalOrgId="o-abc")),
    Mutation("an address asks IAM", lambda draft: draft.add(FUNCTION_URL, "made", {"authorizationType": "AWS_IAM"})),
    Mutation("a secret has no policy", lambda draft: draft.one(SECRET, "grafana-admin").drop("policy")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("SEC-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("SEC-03", mutation)


def test_the_account_of_a_stack_is_the_one_that_most_of_its_documents_name() -> None:
    assert own_account(shipped("eu-west-1")) == OWN
    assert own_account(lone(resource(SECRET))) is None


def test_what_is_not_known_is_open() -> None:
    unknown = resource(BUCKET_POLICY, "unknown", policy=UNKNOWN)
    account = document(Principal={"AWS": "arn:aws:iam::role/one"})
    nowhere = resource(BUCKET_POLICY, "nowhere", policy=account)
    caller = resource(PERMISSION, "caller", principal=UNKNOWN)
    verdicts = {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(lone(unknown, nowhere, caller))}
    assert verdicts == {"unknown": Verdict.UNDECIDED, "nowhere": Verdict.VIOLATION, "caller": Verdict.UNDECIDED}
