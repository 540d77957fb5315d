"""Roles that more pods may take on than should, and nodes that may do what applications do."""

import json
from typing import Any

import pytest

from policies.controls.identity.workload_roles import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT, NODES = "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:eks/nodeGroup:NodeGroup"
PROVIDER, ASSOCIATION = "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
NODE_ROLE = "morefocus-prod-euw1-cluster-nodes"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/1"
IDENTITY = "external-dns-identity"


def trusted(who: dict[str, str], **conditions: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole", "Condition": conditions}]})


def by_pods(**tags: str) -> str:
    return trusted(
        {"Service": "pods.eks.amazonaws.com"}, StringEquals={f"aws:RequestTag/kubernetes-{key}": value for key, value in tags.items()}
    )


def by_issuer(operator: str = "StringEquals", **claims: str) -> str:
    return trusted(
        {"Federated": f"arn:aws:iam::1:oidc-provider/{ISSUER}"}, **{operator: {f"{ISSUER}:{key}": value for key, value in claims.items()}}
    )


def role(name: str, trust: str) -> Mutation:
    return Mutation(name, lambda draft: draft.add(ROLE, "another", {"assumeRolePolicy": trust}))


def account(draft: Draft, trust: str, name: str = "one") -> None:
    draft.add(ROLE, "another", {"arn": "arn:another", "assumeRolePolicy": trust})
    annotations = {"eks.amazonaws.com/role-arn": "arn:another"}
    draft.add(ACCOUNT, "another", {"metadata": {"name": name, "namespace": "apps", "annotations": annotations}})


def of_nodes(draft: Draft, arn: str) -> None:
    draft.add(ATTACHMENT, "another", {"role": NODE_ROLE, "policyArn": arn})


WHOLE = by_issuer(aud="sts.amazonaws.com", sub="system:serviceaccount:apps:one")
CAUGHT = [
    role(
        "one of two statements is loose",
        json.dumps({"Statement": [*json.loads(WHOLE)["Statement"], *json.loads(by_pods(namespace="apps"))["Statement"]]}),
    ),
    role("pods of a whole namespace are trusted", by_pods(namespace="apps")),
    role("a service account of any namespace is trusted", by_pods(**{"service-account": "one"})),
    role("a namespace is a pattern", by_pods(namespace="tenant-*", **{"service-account": "one"})),
    role("a namespace is compared as a pattern", by_pods(namespace="apps").replace("StringEquals", "StringLike")),
    role("any audience of an issuer is trusted", by_issuer(sub="system:serviceaccount:apps:one")),
    role("any account of an issuer is trusted", by_issuer(aud="sts.amazonaws.com")),
    role("accounts are a pattern", by_issuer("StringLike", aud="sts.amazonaws.com", sub="system:serviceaccount:apps:*")),
    Mutation("a provider's tokens are for anybody", lambda draft: draft.add(PROVIDER, "another", {"clientIdLists": ["*"]})),
    Mutation("a provider's tokens are for nobody that is named", lambda draft: draft.add(PROVIDER, "another", {"url": "https://one"})),
    Mutation(
        "a role is handed to another account",
        lambda draft: draft.one(ASSOCIATION, f"{IDENTITY}-association").set("serviceAccount", "default"),
    ),
    Mutation(
        "a role is handed to another namespace", lambda draft: draft.one(ASSOCIATION, f"{IDENTITY}-association").set("namespace", "default")
    ),
    Mutation("nothing is handed", lambda draft: draft.one(ASSOCIATION, f"{IDENTITY}-association").drop("roleArn")),
    Mutation("an account names a role of another one", lambda draft: account(draft, WHOLE, "two")),
    Mutation("nodes read every bucket", lambda draft: of_nodes(draft, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
    Mutation("nodes have a policy of the estate's own", lambda draft: of_nodes(draft, "arn:aws:iam::1:policy/AmazonEKSWorkerNodePolicy")),
    Mutation(
        "nodes have a policy that is not known yet",
        lambda draft: draft.add(ATTACHMENT, "another", {"role": NODE_ROLE, "policyArn": UNKNOWN}),
    ),
    Mutation("nodes have a policy inside", lambda draft: draft.add(POLICY, "another", {"role": NODE_ROLE, "policy": "{}"})),
    Mutation(
        "nodes have policies of the role itself",
        lambda draft: draft.one(ROLE, "cluster-nodes-role").set("inlinePolicies", [{"policy": "{}"}]),
    ),
    Mutation(
        "the role lists what it should not",
        lambda draft: draft.one(ROLE, "cluster-nodes-role").set("managedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]),
    ),
]
SPARED = [
    role("one account is trusted", by_pods(namespace="apps", **{"service-account": "one"})),
    role("one account of an issuer is trusted", WHOLE),
    role("a pipeline's issuer is no cluster", trusted({"Federated": "arn:aws:iam::1:oidc-provider/gitlab.com"})),
    Mutation("a provider is for one audience", lambda draft: draft.add(PROVIDER, "another", {"clientIdLists": ["sts.amazonaws.com"]})),
    Mutation("an account names its own role", lambda draft: account(draft, WHOLE)),
    Mutation("an account names none", lambda draft: draft.add(ACCOUNT, "another", {"metadata": {"name": "one"}})),
    Mutation("nodes have less", lambda draft: of_nodes(draft, "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy")),
    Mutation("a role of no nodes has a policy inside", lambda draft: draft.add(POLICY, "another", {"role": "another", "policy": "{}"})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-03", mutation)


def test_what_is_not_known_yet_is_open() -> None:
    found = CONTROL.evaluate(
        lone(
            resource(ROLE, "role", assumeRolePolicy=UNKNOWN),
            resource(ASSOCIATION, "association", roleArn="arn:of-another-stack", namespace="apps", serviceAccount="one"),
            resource(ACCOUNT, "account", metadata={"annotations": {"eks.amazonaws.com/role-arn": UNKNOWN}}),
            resource(PROVIDER, "provider", clientIdLists=UNKNOWN),
        )
    )
    assert {finding.verdict for finding in found} == {Verdict.UNDECIDED}
