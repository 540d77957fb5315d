"""Which pipeline may become which role."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import cast

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from components.identity.boundary_document import SERVICES
from components.identity.pipelines import Pipelines, PipelinesArgs, deployer_trust, deployment, preview_trust, reading
from config.load import ROOT
from config.vocabulary import Environment
from sandbox.provider.facts import cfn_schemas
from sandbox.provider.facts.cloudformation import type_name
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed, denied
from tests.kit.recorder import Graph, record

BOUNDARY = "arn:aws:iam::123456789012:policy/boundaries/pipelines"
ARGS = PipelinesArgs(
    url="https://gitlab.example.com",
    project="group/platform",
    branches={Environment.PRODUCTION: "main", Environment.STAGING: "next"},
    boundary_arn=BOUNDARY,
    state_bucket="estate-states",
)
ISSUER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.example.com"


def becomes(policy: object, subject: str, *, audience: str = "https://gitlab.example.com", issuer: str = ISSUER) -> bool:
    context = {"gitlab.example.com:sub": subject, "gitlab.example.com:aud": audience}
    request = Request(action="sts:AssumeRoleWithWebIdentity", resource="*", principal=issuer, context=context)
    return allowed(cast("str", policy), request)


def branch(name: str, project: str = "group/platform", kind: str = "branch") -> str:
    return f"project_path:{project}:ref_type:{kind}:ref:{name}"


PRODUCTION, STAGING = deployer_trust(a_context(), ARGS, "main"), deployer_trust(a_context(), ARGS, "next")


def test_the_branch_of_an_environment_becomes_its_role() -> None:
    assert becomes(PRODUCTION, branch("main")) and becomes(STAGING, branch("next"))


@pytest.mark.parametrize(
    "subject",
    [
        branch("feature/x"),
        branch("main2"),
        branch("next"),
        branch("main", kind="tag"),
        branch("main", "group/other"),
        branch("main", "evil/group/platform"),
    ],
)
def test_any_other_branch_tag_or_project_does_not_become_production(subject: str) -> None:
    assert not becomes(PRODUCTION, subject)


def test_tokens_for_others_or_from_others_are_refused() -> None:
    assert not becomes(PRODUCTION, branch("main"), audience="https://other.example.com")
    assert not becomes(PRODUCTION, branch("main"), issuer=f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com")


def test_merge_requests_become_the_reading_role_from_any_branch_of_the_project_alone() -> None:
    preview = preview_trust(a_context(), ARGS)
    assert becomes(preview, branch("feature/x")) and becomes(preview, branch("main"))
    assert not becomes(preview, branch("feature/x", "fork/platform"))
    assert not becomes(preview, branch("v1", kind="tag"))


def test_a_pipeline_leaves_other_environments_alone() -> None:
    policy = cast("str", deployment(Environment.STAGING))

    def asks(environment: str) -> Request:
        return Request(action="rds:DeleteDBInstance", resource="*", principal=ISSUER, context={"aws:ResourceTag/environment": environment})

    assert denied(policy, asks("production"))
    assert allowed(policy, asks("staging"))
    assert allowed(policy, Request(action="rds:CreateDBInstance", resource="*", principal=ISSUER))


def graph() -> Graph:
    return record(lambda: Pipelines("pipelines", a_context(), ARGS))


def test_every_role_has_the_boundary_and_lasts_an_hour() -> None:
    roles = graph().of_type("aws:iam/role:Role")
    assert {role.inputs["name"] for role in roles} == {"gitlab-production", "gitlab-staging", "gitlab-preview"}
    assert {(role.inputs["permissionsBoundary"], role.inputs["maxSessionDuration"]) for role in roles} == {(BOUNDARY, 3600)}


def test_the_provider_is_there_before_roles_trust_it_and_has_no_thumbprint_to_grow_old() -> None:
    made = graph()
    provider = made.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    assert provider.inputs["url"] == "https://gitlab.example.com" and "thumbprintLists" not in provider.inputs
    assert all(provider.urn in role.depends_on for role in made.of_type("aws:iam/role:Role"))


def test_there_is_no_key_anywhere() -> None:
    assert not [each for each in graph().resources if each.type in ("aws:iam/accessKey:AccessKey", "aws:iam/user:User")]


def test_the_reading_role_reads_settings_and_no_data() -> None:
    attached = {
        each.inputs["policyArn"].rpartition("/")[2]
        for each in graph().of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if each.inputs["role"] == "gitlab-preview"
    }
    assert attached == {"SecurityAudit", "ViewOnlyAccess"}


def _read_by_the_provider() -> Iterator[str]:
    """Give the actions that reading the estate's types takes, as CloudFormation's schemas say, of the services that pipelines may reach.

    Reading an association lists what would change it as well; and what opens stored data is no setting.
    """
    for path in (ROOT / "tests" / "snapshots").glob("*.txt"):
        for token in set(re.findall(r"\baws:[\w./-]+:\w+", path.read_text(encoding="utf-8"))):
            name = cfn_schemas.types(cfn_schemas.REFERENCE_REGION).get(type_name(token) or "")
            for action in cfn_schemas.schema(name)["handlers"].get("read", {}).get("permissions", ()) if name else ():
                service, _, verb = action.lower().partition(":")
                if service in SERVICES and re.match("get|list|describe|view", verb) and action != "secretsmanager:GetSecretValue":
                    yield action


def test_the_reading_role_reads_every_setting_that_the_estates_types_have() -> None:
    known = json.loads(aws_managed_policies_data)
    documents = [known[name]["Document"] for name in ("SecurityAudit", "ViewOnlyAccess")] + [
        json.loads(cast("str", reading(a_context(), "states")))
    ]
    granted = [
        action.lower()
        for document in documents
        for statement in document["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]
    asked = set(_read_by_the_provider())
    assert len(asked) > 150
    assert not {action for action in asked if not any(fnmatchcase(action.lower(), each) for each in granted)}
    assert not [each for each in granted if each in ("secretsmanager:getsecretvalue", "dynamodb:getitem", "*")]


def test_the_reading_role_opens_the_states_and_nothing_else_that_is_encrypted_or_stored() -> None:
    (policy,) = [
        each.inputs["policy"] for each in graph().of_type("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == "gitlab-preview"
    ]

    def may(action: str, resource: str, alias: str = "") -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal=ISSUER, context={"kms:ResourceAliases": alias}))

    key = f"arn:aws:kms:{a_context().region}:{ACCOUNT}:key/1"
    assert may("s3:GetObject", "arn:aws:s3:::estate-states/.pulumi/stacks/morefocus/staging.json") and may(
        "s3:ListBucket", "arn:aws:s3:::estate-states"
    )
    assert may("kms:Decrypt", key, "alias/estate-states")
    assert not may("kms:Decrypt", key, "alias/morefocus-prod-use1-data") and not may("kms:Encrypt", key, "alias/estate-states")
    assert not may("s3:PutObject", "arn:aws:s3:::estate-states/x") and not may("s3:GetObject", "arn:aws:s3:::estate-states-2/x")


@pytest.mark.parametrize(
    "wrong",
    [{"url": "http://gitlab.com"}, {"url": "https://gitlab.com/"}, {"project": "group/*"}, {"project": "platform"}, {"branches": {}}],
)
def test_what_would_trust_too_much_is_refused(wrong: dict[str, object]) -> None:
    given = {
        "url": ARGS.url,
        "project": ARGS.project,
        "branches": ARGS.branches,
        "boundary_arn": BOUNDARY,
        "state_bucket": "states",
    } | wrong
    with pytest.raises(ValueError, match=r"got"):
        PipelinesArgs(**given)  # type: ignore[arg-type]


def test_a_branch_is_no_pattern() -> None:
    with pytest.raises(ValueError, match="without wildcards"):
        PipelinesArgs(
            url=ARGS.url, project=ARGS.project, branches={Environment.PRODUCTION: "release/*"}, boundary_arn=BOUNDARY, state_bucket="states"
        )
