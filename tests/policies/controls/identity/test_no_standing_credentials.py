"""Keys that last, and roles that trust too many."""

import json
from typing import Any

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

ROLE = "aws:iam/role:Role"
KEY = "aws:iam/accessKey:AccessKey"
OIDC = "arn:aws:iam::1:oidc-provider/gitlab.com"
CLAIMS = {
    "StringEquals": {"gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": "project_path:morefocus/platform:ref_type:branch:ref:main"}
}


def trust(draft: Draft, boundary: str | None = None, **statement: Any) -> None:
    policy = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", **statement}}
    draft.add(ROLE, "another", {"assumeRolePolicy": json.dumps(policy), "permissionsBoundary": boundary})


CAUGHT = [
    Mutation("somebody has a key", lambda draft: draft.add(KEY, "laptop", {"user": "somebody"})),
    Mutation("a role trusts everybody", lambda draft: trust(draft, Principal="*")),
    Mutation("a role trusts all of AWS", lambda draft: trust(draft, Principal={"AWS": "*"})),
    Mutation("people need no MFA", lambda draft: trust(draft, Principal={"AWS": "arn:aws:iam::1:root"})),
    Mutation(
        "every project of a provider is trusted",
        lambda draft: trust(
            draft, "arn:aws:iam::1:policy/b", Principal={"Federated": OIDC}, Condition={"StringEquals": {"gitlab.com:aud": "a"}}
        ),
    ),
    Mutation("a pipeline has no boundary", lambda draft: trust(draft, Principal={"Federated": OIDC}, Condition=CLAIMS)),
]
SPARED = [
    Mutation(
        "a pipeline has claims and a boundary",
        lambda draft: trust(draft, "arn:aws:iam::1:policy/b", Principal={"Federated": OIDC}, Condition=CLAIMS),
    ),
    Mutation(
        "people need MFA",
        lambda draft: trust(draft, Principal={"AWS": "arn:aws:iam::1:root"}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    ),
    Mutation("a service is trusted", lambda draft: trust(draft, Principal={"Service": "lambda.amazonaws.com"})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("IAM-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("IAM-04", mutation)
