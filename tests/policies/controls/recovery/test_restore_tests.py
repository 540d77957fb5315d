"""Backups that nobody ever restored."""

from typing import Any

import pytest

from policies.catalogue import catalogue
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

TESTS = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TESTED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
SELECTION = "aws:backup/selection:Selection"
VAULT, PLAN, VOLUME = "aws:backup/vault:Vault", "aws:backup/plan:Plan", "aws:ebs/volume:Volume"
WINDOW = "recoveryPointSelection.selectionWindowDays"
INCLUDED, EXCLUDED = "recoveryPointSelection.includeVaults", "recoveryPointSelection.excludeVaults"
HOME = "arn:aws:backup:eu-west-1:123456789012:recovery-points-vault"
PICKED = {"backup": "six-hourly", "environment": "production"}
HERE: dict[str, Any] = {"provider_region": "eu-west-1"}


def tried(path: str, value: Any) -> Any:
    return lambda draft: draft.one(TESTS).set(path, value)


def second_vault(draft: Draft) -> None:
    draft.add(VAULT, "second", {"name": "second", "arn": "arn:second"}, **HERE)
    draft.one(PLAN).set("rules.0.targetVaultName", "second")


def volumes(draft: Draft) -> None:
    draft.add(SELECTION, "volumes", {"resources": ["arn:aws:ec2:*:*:volume/*"]}, **HERE)
    draft.add(VOLUME, "v", {"arn": "arn:aws:ec2:eu-west-1:1:volume/v", "tags": {}}, **HERE)


CAUGHT = [
    Mutation("nothing is restored", lambda draft: draft.remove(TESTS)),
    Mutation("another vault is tried", tried(INCLUDED, ["arn:aws:backup:eu-west-1:123456789012:backup-vault:other"])),
    Mutation(
        "the vault is left out",
        lambda draft: draft.one(TESTS).properties["recoveryPointSelection"].update(includeVaults=["*"], excludeVaults=[HOME]),
    ),
    Mutation("a second vault is not tried", second_vault),
    Mutation("what is tried is a year old", tried(WINDOW, 31)),
    Mutation("it is tried at no time", tried("scheduleExpression", "")),
    Mutation("no database is tried", lambda draft: draft.remove(TESTED, "restore-tests-rds")),
    Mutation(
        "databases are tried in another plan", lambda draft: draft.one(TESTED, "restore-tests-rds").set("restoreTestingPlanName", "other")
    ),
    Mutation(
        "a database that is tried is none of ours",
        lambda draft: draft.one(TESTED, "restore-tests-rds").set("protectedResourceConditions.stringEquals.0.value", "hourly"),
    ),
    Mutation(
        "what is tried is no kind of ours", lambda draft: draft.one(TESTED, "restore-tests-rds").set("protectedResourceType", "Aurora")
    ),
    Mutation("a kind is tried that nobody has", lambda draft: draft.add(TESTED, "aurora", {"protectedResourceType": "Aurora"}, **HERE)),
    Mutation("volumes are backed up by another selection and not tried", volumes),
    Mutation("volumes are backed up and not tried", lambda draft: draft.add(VOLUME, "v", {"tags": PICKED}, **HERE)),
    Mutation("what is tried is in another region", lambda draft: draft.one(TESTED, "restore-tests-s3").set("region", "sa-east-1")),
]
SPARED = [
    Mutation("all vaults are tried", tried(INCLUDED, ["*"])),
    Mutation(
        "all vaults but another are tried",
        lambda draft: (
            draft.one(TESTS)
            .properties["recoveryPointSelection"]
            .update(includeVaults=["*"], excludeVaults=["arn:aws:backup:eu-west-1:123456789012:backup-vault:other"])
        ),
    ),
    Mutation(
        "another plan tries another vault",
        lambda draft: draft.add(
            TESTS, "more", {"scheduleExpression": "cron(0 8 ? * SUN *)", "recoveryPointSelection": {"includeVaults": ["arn:other"]}}, **HERE
        ),
    ),
    Mutation(
        "a second selection picks nothing more",
        lambda draft: draft.add(SELECTION, "volumes", {"resources": ["arn:aws:ec2:*:*:volume/*"]}, **HERE),
    ),
    Mutation("what is tried is a month old at most", tried(WINDOW, 30)),
    Mutation("AWS looks back thirty days by itself", lambda draft: draft.one(TESTS).drop(WINDOW)),
    Mutation("every database is tried", lambda draft: draft.one(TESTED, "restore-tests-rds").drop("protectedResourceConditions")),
    Mutation("a vault that gets nothing is not tried", lambda draft: draft.add(VAULT, "another", {"name": "another"}, **HERE)),
    Mutation("volumes that nobody backs up are not tried", lambda draft: draft.add(VOLUME, "v", {"tags": {"backup": "none"}}, **HERE)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("BCK-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("BCK-04", mutation)


def test_what_is_not_known_yet_is_found_by_its_making_or_decided_later() -> None:
    vault = resource(VAULT, "v", name="v", arn=UNKNOWN, **HERE)
    plan = resource(PLAN, "p", rules=[{"targetVaultName": "v"}], **HERE)

    def verdict(**more: Any) -> Verdict:
        plan_ = resource(TESTS, "t", recoveryPointSelection={"includeVaults": [UNKNOWN]}, scheduleExpression="cron(0 8 ? * SUN *)", **more)
        return {finding.urn: finding.verdict for finding in catalogue()["BCK-04"].evaluate(lone(vault, plan, plan_))}[vault.urn]

    assert verdict() is Verdict.UNDECIDED
    assert verdict(property_dependencies={"recoveryPointSelection": (vault.urn,)}) is Verdict.PASS
