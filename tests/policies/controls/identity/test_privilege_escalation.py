"""Identities that can make more of themselves, by one policy or by several together."""

import json
from typing import Any

import pytest

from policies.controls.identity._escalation import ACTIONS, PATHS, named_by
from policies.controls.identity.privilege_escalation import CONTROL
from policies.graph import Resource
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

ROLE, USER, GROUP, POLICY = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group", "aws:iam/policy:Policy"
INLINE, ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
NAME = "cluster-control-plane-role"
PHYSICAL = "morefocus-prod-euw1-cluster-control-plane"
SELF = f"arn:aws:iam::123456789012:role/{PHYSICAL}"
ANY_ROLE, ONE_ROLE = "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:role/one"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundaries/ours"


def written(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]})


def give(draft: Draft, *statements: dict[str, Any], name: str = "more") -> None:
    draft.add(INLINE, name, {"role": PHYSICAL, "policy": written(*statements)})


def gives(name: str, *statements: dict[str, Any]) -> Mutation:
    return Mutation(name, lambda draft: give(draft, *statements))


def in_parts(draft: Draft) -> None:
    """A role passes in one policy what it runs by another, which is managed."""
    give(draft, {"Action": "iam:PassRole"})
    draft.add(POLICY, "runs", {"arn": "arn:runs", "policy": written({"Action": ["lambda:CreateFunction", "lambda:Invoke*"]})})
    draft.add(ATTACHMENT, "runs", {"role": PHYSICAL, "policyArn": "arn:runs"})


def listed(draft: Draft) -> None:
    draft.add(POLICY, "listed", {"arn": "arn:listed", "policy": written({"Action": "iam:PutRolePolicy"})})
    draft.one(ROLE, NAME).set("managedPolicyArns", ["arn:listed"])


def bounded(draft: Draft, allowed: dict[str, Any], *refused: dict[str, Any], action: Any, on: str = "*") -> None:
    document = written({"Action": "*"} | allowed, *({"Effect": "Deny"} | each for each in refused))
    draft.add(POLICY, "ours", {"arn": BOUNDARY, "name": "ours", "path": "/boundaries/", "policy": document})
    draft.one(ROLE, NAME).set("permissionsBoundary", BOUNDARY)
    give(draft, {"Action": action, "Resource": on})


def is_bounded(name: str, *refused: dict[str, Any], action: Any, on: str = "*", **allowed: Any) -> Mutation:
    return Mutation(name, lambda draft: bounded(draft, allowed, *refused, action=action, on=on))


STAYS = {"Action": ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"]}
KEPT = {"Action": "iam:CreatePolicyVersion", "Resource": "arn:aws:iam::123456789012:policy/boundaries/*"}
UNBOUNDED = {
    "Action": ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
    "Condition": {"StringNotLike": {"iam:PermissionsBoundary": BOUNDARY}},
}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def person(draft: Draft, on: str | list[str], trust: dict[str, Any]) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole", **trust}
    draft.add(ROLE, "person", {"name": "person", "assumeRolePolicy": json.dumps({"Statement": [statement]})})
    draft.add(INLINE, "person", {"role": "person", "policy": written({"Action": "iam:UpdateLoginProfile", "Resource": on})})


PEOPLE = "arn:aws:iam::123456789012:user/people/*"
CAUGHT = [
    *(gives(f"{' and '.join(path.actions)} are allowed", {"Action": list(path.actions)}) for path in PATHS[::6]),
    gives("a wildcard covers more than was meant", {"Action": "iam:*AccessKey*"}),
    gives("all but reading is allowed", {"NotAction": ["iam:Get*", "iam:List*"]}),
    gives("all but one resource may be changed", {"Action": "iam:PutRolePolicy", "NotResource": ONE_ROLE}),
    gives("a role may rewrite itself", {"Action": "iam:PutRolePolicy", "Resource": SELF}),
    gives("roles that begin alike may be taken on", {"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::1:role/morefocus-*"}),
    gives(
        "a service is all that is asked of",
        *(
            {"Action": a, "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}
            for a in ("iam:PassRole", "ec2:RunInstances")
        ),
    ),
    gives("a factor is all that is asked for", {"Action": "iam:CreateAccessKey", "Condition": MFA}),
    gives("it is refused for another one alone", {"Action": "sts:AssumeRole"}, {"Effect": "Deny", "Action": "sts:*", "Resource": ONE_ROLE}),
    Mutation("two policies together make a way", in_parts),
    Mutation("a policy is attached by the role itself", listed),
    Mutation(
        "a group gives keys",
        lambda draft: [
            draft.add(GROUP, "g", {"name": "g"}),
            draft.add("aws:iam/groupPolicy:GroupPolicy", "g", {"group": "g", "policy": written({"Action": "iam:CreateAccessKey"})}),
        ],
    ),
    Mutation(
        "auditors are attached a policy that gives keys",
        lambda draft: [
            draft.add(POLICY, "keys", {"arn": "arn:of-keys", "policy": written({"Action": "iam:CreateAccessKey"})}),
            draft.add("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "keys", {"group": "auditors", "policyArn": "arn:of-keys"}),
        ],
        "us-east-1",
    ),
    Mutation(
        "a user gets more",
        lambda draft: [
            draft.add(USER, "u", {"name": "u"}),
            draft.add("aws:iam/userPolicy:UserPolicy", "u", {"user": "u", "policy": written({"Action": "iam:AttachUserPolicy"})}),
        ],
    ),
    is_bounded("a boundary can be taken off", KEPT, UNBOUNDED, action="iam:PutRolePolicy"),
    is_bounded("a boundary can be rewritten", STAYS, UNBOUNDED, action="iam:CreatePolicyVersion"),
    is_bounded("another boundary stays", STAYS, KEPT | {"Resource": "arn:aws:iam::1:policy/others/*"}, action="iam:PutGroupPolicy"),
    is_bounded("roles without a boundary can be made", STAYS, KEPT, action=["iam:PassRole", "ec2:RunInstances"]),
    is_bounded("a boundary lets keys be made", STAYS, KEPT, UNBOUNDED, action="iam:CreateAccessKey"),
    Mutation("anybody gives people passwords", lambda draft: person(draft, PEOPLE, {})),
    Mutation("people with MFA give everybody passwords too", lambda draft: person(draft, [PEOPLE, "*"], {"Condition": MFA})),
    gives("one of two that are taken on is any", {"Action": "sts:AssumeRole", "Resource": [ONE_ROLE, ANY_ROLE]}),
    is_bounded(
        "roles can be given more without a boundary",
        STAYS,
        KEPT,
        UNBOUNDED | {"Action": "iam:CreateRole"},
        action=["iam:PassRole", "ec2:RunInstances"],
    ),
    Mutation("people with MFA give everybody passwords", lambda draft: person(draft, "*", {"Condition": MFA})),
]
SPARED = [
    gives("one role is passed to a service", {"Action": "iam:PassRole", "Resource": ONE_ROLE}, {"Action": "ec2:RunInstances"}),
    gives("roles are passed to nothing that runs", {"Action": "iam:PassRole", "Resource": ANY_ROLE}),
    gives("one role is taken on", {"Action": "sts:AssumeRole", "Resource": ONE_ROLE}),
    gives(
        "sessions are opened on what is tagged",
        {"Action": "ssm:StartSession", "Condition": {"StringEquals": {"aws:ResourceTag/owner": "us"}}},
    ),
    gives("a way is refused again", {"Action": "iam:CreateAccessKey"}, {"Effect": "Deny", "Action": "iam:*Key"}),
    gives(
        "trust is rewritten, and no role taken on", {"Action": "iam:UpdateAssumeRolePolicy"}, {"Effect": "Deny", "Action": "sts:AssumeRole"}
    ),
    gives("everything is refused but reading", {"Action": "iam:*"}, {"Effect": "Deny", "NotAction": "iam:Get*"}),
    gives(
        "policies of one path are rewritten",
        {"Action": "iam:PutUserPolicy"},
        {"Effect": "Deny", "Action": "iam:Put*", "Resource": None, "NotResource": PEOPLE},
    ),
    is_bounded("a boundary holds whoever rewrites policies", STAYS, KEPT, UNBOUNDED, action="iam:PutRolePolicy"),
    is_bounded("a boundary holds whoever makes roles", STAYS, KEPT, UNBOUNDED, action=["iam:PassRole", "lambda:*"]),
    is_bounded("a boundary lets nothing of it through", action="iam:CreateAccessKey", Action=["s3:*", "ec2:*"]),
    Mutation("people with MFA give people passwords", lambda draft: person(draft, PEOPLE, {"Condition": MFA})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-02", mutation)


def holds(*documents: Any, boundary: Any = None) -> Verdict:
    role = resource(ROLE, "role", name="role", permissionsBoundary=boundary)
    policies: list[Resource] = [resource(INLINE, f"p{index}", role="role", policy=each) for index, each in enumerate(documents)]
    return next(finding.verdict for finding in CONTROL.evaluate(lone(role, *policies)) if finding.urn == role.urn)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: "+".join(path.actions))
def test_every_path_is_one_by_all_its_actions_and_none_without_one_of_them(path: Any) -> None:
    assert holds(written({"Action": list(path.actions)})) is Verdict.VIOLATION
    shorter = [{action for action in path.actions if action != left} for left in path.actions]
    others = [set(other.actions) for other in PATHS]
    for actions in shorter:
        if actions and not any(other <= actions for other in others):
            assert holds(written({"Action": sorted(actions)})) is Verdict.PASS


def test_no_path_needs_more_than_another_one() -> None:
    sets = [frozenset(path.actions) for path in PATHS]
    assert len(set(sets)) == len(sets)
    assert not [(one, other) for one in sets for other in sets if one < other]


def test_what_is_known_decides_before_what_is_not() -> None:
    assert holds(UNKNOWN) is Verdict.UNDECIDED
    assert holds(UNKNOWN, written({"Action": "iam:CreateAccessKey"})) is Verdict.VIOLATION
    assert holds(written({"Action": "iam:CreateAccessKey"}), boundary=UNKNOWN) is Verdict.UNDECIDED
    assert holds(written({"Action": "s3:GetObject"}), boundary=UNKNOWN) is Verdict.PASS


def test_patterns_name_actions_whatever_their_case() -> None:
    assert named_by("IAM:passrole") == {"iam:PassRole"} and named_by("*") == ACTIONS
    assert named_by("iam:Put?olePolicy") == {"iam:PutRolePolicy"} and not named_by("iam.PassRole")
