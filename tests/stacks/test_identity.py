"""Who may do what in the shipped estate, judged from the documents that the stacks deploy."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.identity.boundary_document import SERVICES
from config.load import Settings, load
from config.vocabulary import Environment
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.identity import build_identity
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS, shipped, stack, write
from tests.kit.policy_judge import Request, allowed, permitted
from tests.kit.recorder import Graph, record

ACCOUNT = "123456789012"
ROLE = "aws:iam/role:Role"
REGIONAL = ("eu-west-1", "sa-east-1", "us-east-1")


@cache
def role(name: str) -> dict[str, Any]:
    return next(each.inputs for each in shipped_graph("us-east-1").of_type(ROLE) if each.inputs["name"] == name)


def subject(branch: str, project: str = "morefocus/platform") -> Request:
    return Request(
        action="sts:AssumeRoleWithWebIdentity",
        resource="*",
        principal=f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com",
        context={"gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": f"project_path:{project}:ref_type:branch:ref:{branch}"},
    )


def test_identities_are_made_once_by_the_stack_that_owns_the_account() -> None:
    types = ("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    for each in types:
        assert [name for name in STACKS if shipped_graph(name).of_type(each)] == ["us-east-1"]
    assert [name for name in STACKS if shipped_graph(name).of_type("aws:iam/group:Group")] == ["us-east-1"]


def test_every_region_is_analysed_once_and_tells_of_the_break_glass_role() -> None:
    for type_ in ("aws:accessanalyzer/analyzer:Analyzer", "identity:BreakGlassAlarm"):
        full = type_ if type_.startswith("aws:") else f"morefocus:{type_}"
        assert tuple(name for name in STACKS if shipped_graph(name).of_type(full)) == REGIONAL


@pytest.mark.parametrize("name", REGIONAL)
def test_the_alert_of_each_region_is_about_the_role_that_there_is(name: str) -> None:
    pattern = shipped_graph(name).named("break-glass-alarm-rule").inputs["eventPattern"]
    assert f'"arn:aws:iam::{ACCOUNT}:role/platform-break-glass"' in pattern
    assert role("platform-break-glass")["maxSessionDuration"] == 3600


def test_the_role_that_administers_the_clusters_is_made_and_waited_for() -> None:
    graph, settings = shipped_graph("us-east-1"), load("us-east-1")
    (name,) = settings.plan.cluster.administrators.values()
    made = next(each for each in graph.of_type(ROLE) if each.inputs["name"] == name)
    entry = next(each for each in graph.of_type("aws:eks/accessEntry:AccessEntry") if each.name.endswith("-platform-entry"))
    assert entry.inputs["principalArn"] == made.answered["arn"]


@pytest.mark.parametrize("name", ["eu-west-1", "sa-east-1", "staging"])
def test_other_stacks_know_that_role_by_its_name(name: str) -> None:
    entries = shipped_graph(name).of_type("aws:eks/accessEntry:AccessEntry")
    assert f"arn:aws:iam::{ACCOUNT}:role/platform-administrator" in [entry.inputs["principalArn"] for entry in entries]


def test_people_take_on_roles_only_in_regions_that_tell_of_it() -> None:
    entry = json.loads(shipped_graph("us-east-1").named("people-break-glass-entry").inputs["policy"])["Statement"][0]
    assert entry["Condition"] == {"StringEquals": {"aws:RequestedRegion": list(REGIONAL)}}


def test_all_roles_of_people_and_pipelines_but_one_are_bounded() -> None:
    roles = [each.inputs for each in shipped_graph("us-east-1").of_type(ROLE) if each.inputs["name"].startswith(("platform-", "gitlab-"))]
    assert len(roles) == 8
    assert [each["name"] for each in roles if not each.get("permissionsBoundary")] == ["platform-break-glass"]


def test_the_main_branch_deploys_and_a_feature_branch_only_previews() -> None:
    for environment in Environment:
        trust = role(f"gitlab-{environment}")["assumeRolePolicy"]
        assert allowed(trust, subject("main"))
        assert not allowed(trust, subject("feature/x"))
        assert not allowed(trust, subject("main", "morefocus/other"))
    assert allowed(role("gitlab-preview")["assumeRolePolicy"], subject("feature/x"))


def test_the_boundaries_reach_every_region_of_the_estate_and_its_copies() -> None:
    graph = shipped_graph("us-east-1")
    everything = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    for boundary in ("people-boundary-policy", "pipeline-boundary-policy"):
        document = graph.named(boundary).inputs["policy"]

        def reaches(region: str, document: str = document) -> bool:
            request = Request(action="ec2:RunInstances", resource="*", principal=ACCOUNT, context={"aws:RequestedRegion": region})
            return permitted([everything], request, boundary=document)

        assert all(map(reaches, ("us-east-1", "eu-west-1", "sa-east-1", "us-west-2", "eu-central-1")))
        assert not reaches("ap-southeast-2")


def identities(settings: Settings) -> Graph:
    """Return what a stack has of identities, on its foundation alone."""
    context = context_of(settings)
    return record(lambda: build_identity(settings, context, build_foundation(settings, context)), stack=settings.stack)


def with_person(root: Path, expires: date) -> Graph:
    documents = shipped()
    row = {"name": "first-last", "email": "first.last@example.com", "groups": ["auditors"], "expires": expires}
    documents["config/people.yaml"] = {"people": [row]}
    return identities(load("us-east-1", root=write(documents, root), today=date(2026, 11, 22)))


def test_a_row_makes_a_person_and_its_last_day_removes_the_person(tmp_path: Path) -> None:
    here = with_person(tmp_path, date(2026, 11, 22))
    assert here.one("aws:iam/user:User").inputs["name"] == "first-last"
    assert here.one("aws:iam/userGroupMembership:UserGroupMembership").inputs["groups"] == ["auditors"]
    assert not with_person(tmp_path, date(2026, 11, 21)).of_type("aws:iam/user:User")


def test_staging_in_an_account_of_its_own_has_its_own_people_and_only_its_own_pipeline(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["aws:allowedAccountIds"] = ["210987654321"]
    settings = load("staging", root=write(documents, tmp_path), today=date(2026, 11, 22))
    names = {each.inputs["name"] for each in identities(settings).of_type(ROLE)}
    assert "gitlab-staging" in names and "platform-administrator" in names
    assert "gitlab-production" not in names
    hub = load("us-east-1", root=tmp_path, today=date(2026, 11, 22))
    assert "gitlab-staging" not in {each.inputs["name"] for each in identities(hub).of_type(ROLE)}


_NAMED_OTHERWISE = {
    "accessanalyzer": "access-analyzer",
    "cfg": "config",
    "cognito": "cognito-idp",
    "costexplorer": "ce",
    "ebs": "ec2",
    "ec2clientvpn": "ec2",
    "ec2transitgateway": "ec2",
    "efs": "elasticfilesystem",
    "lb": "elasticloadbalancing",
    "macie": "macie2",
    "sesv2": "ses",
    "vpc": "ec2",
}
"""Modules of the SDK whose service has another prefix in IAM."""


@pytest.mark.parametrize("name", STACKS)
def test_pipelines_can_reach_every_service_that_the_stacks_are_made_of(name: str) -> None:
    modules = {each.type.split(":")[1].split("/")[0] for each in shipped_graph(name).resources if each.type.startswith("aws:")}
    missing = {_NAMED_OTHERWISE.get(module, module) for module in modules} - set(SERVICES)
    assert not missing, f"add {', '.join(sorted(missing))} to SERVICES of the boundaries"
