"""Boundaries that leave the rest of the world open."""

import json
from typing import Any

import pytest

from config.transfers import TransferRegister
from policies.catalogue import catalogue
from policies.controls.residency import region_boundary
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Mutation, catches, lets_pass, lone, resource, violations

POLICY, ROLE, USER = "aws:iam/policy:Policy", "aws:iam/role:Role", "aws:iam/user:User"
SERVICE_CONTROL = "aws:organizations/policy:Policy"
WORLDWIDE = (
    *("account", "aws-portal", "billing", "budgets", "ce", "cloudfront", "cur", "globalaccelerator", "health", "iam", "organizations"),
    *("pricing", "route53", "route53domains", "shield", "support", "trustedadvisor", "waf"),
)
OURS = ["eu-west-1", "sa-east-1", "us-east-1"]


def denial(**changed: Any) -> dict[str, Any]:
    condition = {"StringNotEquals": {"aws:RequestedRegion": OURS}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition, **changed}
    return {"Version": "2012-10-17", "Statement": [{key: value for key, value in statement.items() if value is not None}]}


def bounded(**changed: Any) -> Any:
    return lambda draft: draft.one(POLICY, "people-boundary-policy").set("policy", json.dumps(denial(**changed)))


def only(operator: str, **more: Any) -> dict[str, Any]:
    return {operator: {"aws:RequestedRegion": OURS, **more}}


def controlled(*documents: dict[str, Any], **more: Any) -> Any:
    def change(draft: Any) -> None:
        for order, document in enumerate(documents):
            draft.add(SERVICE_CONTROL, f"control-{order}", {"content": json.dumps(document), **more})

    return change


def mutation(name: str, change: Any) -> Mutation:
    return Mutation(name, change, stack="us-east-1")


def carried(holder: str, document: Any) -> Any:
    def change(draft: Any) -> None:
        draft.add(POLICY, "another", {"arn": "arn:aws:iam::1:policy/another", "policy": document})
        draft.add(holder, "holder", {"permissionsBoundary": "arn:aws:iam::1:policy/another"})

    return change


CAUGHT = [
    mutation("the boundary denies nothing", bounded(Effect="Allow")),
    mutation("it denies some actions only", bounded(Action=["ec2:*"])),
    mutation("it denies some resources only", bounded(Resource="arn:aws:s3:::*")),
    mutation("it denies regardless of the region", bounded(Condition=None)),
    mutation("it denies our own regions", bounded(Condition=only("StringEquals"))),
    mutation(
        "it lets in a region that is not ours", bounded(Condition={"StringNotEquals": {"aws:RequestedRegion": [*OURS, "ap-southeast-2"]}})
    ),
    mutation("it lets in every region of Europe", bounded(Condition={"StringNotLike": {"aws:RequestedRegion": ["eu-*", *OURS]}})),
    mutation("it asks for more", bounded(Condition=only("StringNotEquals", **{"aws:PrincipalTag/team": "web"}))),
    mutation("it asks for more in another way", bounded(Condition=only("StringNotEquals") | {"Bool": {"aws:ViaAWSService": "false"}})),
    mutation("it asks nothing that can be read", bounded(Condition={"StringNotEquals": "eu-west-1"})),
    mutation("it asks about something else", bounded(Condition={"StringNotEquals": {"aws:SourceVpc": OURS}})),
    mutation("it leaves out a service that stands in regions", bounded(Action=None, NotAction=["iam:*", "s3:*"])),
    mutation("it names no action at all", bounded(Action=None)),
    mutation("a role is bounded by a policy that denies nothing", carried(ROLE, json.dumps(denial(Effect="Allow")))),
    mutation("a user is", carried(USER, json.dumps(denial(Effect="Allow")))),
    mutation("the organisation denies nothing", controlled(denial(Effect="Allow"))),
    mutation("the organisation denies nothing by its kind of policy", controlled(denial(Action="ec2:*"), type="SERVICE_CONTROL_POLICY")),
]
SPARED = [
    mutation("fewer regions are let in", bounded(Condition={"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}})),
    mutation("one region is let in, as a text", bounded(Condition={"StringNotEquals": {"aws:requestedRegion": "us-east-1"}})),
    mutation("it leaves out services of the whole world", bounded(Action=None, NotAction=[f"{service}:*" for service in WORLDWIDE])),
    *(
        mutation(f"it denies by {operator}", bounded(Condition=only(operator)))
        for operator in ("StringNotEqualsIfExists", "StringNotEqualsIgnoreCase", "StringNotLike")
    ),
    mutation("another policy is no boundary", lambda draft: draft.add(POLICY, "another", {"policy": json.dumps(denial(Effect="Allow"))})),
    mutation("a boundary is an object", carried(ROLE, denial())),
    mutation("one of the organisation's policies denies it", controlled(denial(Effect="Allow"), denial())),
    mutation("the organisation says how to tag", controlled({"tags": {}}, type="TAG_POLICY")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-06", mutation)


def test_the_regions_are_those_of_the_register_and_that_of_services_of_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"data": "operational", "from": "eu-north-1", "to": "eu-south-1", "mechanism": "no-personal-data"}
    monkeypatch.setattr(region_boundary, "register", lambda: TransferRegister.model_validate({"transfers": [row]}))

    def wrong(*regions: str) -> bool:
        policy = denial(Condition={"StringNotEquals": {"aws:RequestedRegion": list(regions)}})
        return bool(violations("RES-06", lone(resource(POLICY, path="/boundaries/", policy=policy))))

    assert not wrong("eu-north-1", "eu-south-1", "us-east-1") and wrong("eu-west-1")


def test_a_document_that_is_not_known_yet_is_decided_later() -> None:
    def verdict(policy: Any) -> Verdict:
        boundary = resource(POLICY, "p", path="/boundaries/", policy=policy)
        return catalogue()["RES-06"].evaluate(lone(boundary))[0].verdict

    assert verdict(UNKNOWN) is Verdict.UNDECIDED
    assert verdict(denial(Condition={"StringNotEquals": {"aws:RequestedRegion": [UNKNOWN]}})) is Verdict.UNDECIDED
    assert verdict(denial(Action=None, NotAction=[UNKNOWN])) is Verdict.UNDECIDED
