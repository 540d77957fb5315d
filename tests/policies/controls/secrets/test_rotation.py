"""Secrets that stay as they are, or are gone at once."""

from typing import Any

import pytest

from policies.controls.secrets.rotation import CONTROL, by_hand
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Mutation, catches, lets_pass, lone, resource

SECRET, ROTATION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretRotation:SecretRotation"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
NAME = "grafana-admin"


def secret(path: str, value: Any) -> Mutation:
    return Mutation(f"a secret's {path} is {value}", lambda draft: draft.one(SECRET, NAME).set(path, value))


def rules(**rules: Any) -> Mutation:
    return Mutation(f"a rotation has {rules}", lambda draft: draft.one(ROTATION, f"{NAME}-rotation").set("rotationRules", rules))


CAUGHT = [
    Mutation("a secret is not renewed any more", lambda draft: draft.remove(ROTATION, f"{NAME}-rotation")),
    Mutation("the rotation is of another secret", lambda draft: draft.one(ROTATION, f"{NAME}-rotation").set("secretId", "arn:another")),
    secret("kmsKeyId", None),
    secret("kmsKeyId", "alias/aws/secretsmanager"),
    secret("recoveryWindowInDays", 0),
    rules(automaticallyAfterDays=91),
    rules(automaticallyAfterDays=0),
    rules(scheduleExpression="rate(120 days)"),
    rules(scheduleExpression="rate(13 weeks)"),
    rules(scheduleExpression="cron(0 0 1 1 ? *)"),
    rules(duration="2h"),
    Mutation("nothing renews it", lambda draft: draft.one(ROTATION, f"{NAME}-rotation").drop("rotationLambdaArn")),
    Mutation(
        "somebody keeps a secret that no row knows",
        lambda draft: draft.add(SECRET, "new", {"name": "morefocus-prod-euw1-new", "kmsKeyId": "arn:key"}),
    ),
]
SPARED = [
    Mutation("a window is left to AWS", lambda draft: draft.one(SECRET, NAME).drop("recoveryWindowInDays")),
    secret("recoveryWindowInDays", 7),
    Mutation("staging says nothing of a window", lambda draft: draft.one(SECRET, NAME).drop("recoveryWindowInDays"), "staging"),
    rules(automaticallyAfterDays=89),
    rules(scheduleExpression="rate(30 days)"),
    rules(scheduleExpression="rate(12 hours)"),
    rules(scheduleExpression="cron(0 4 1 * ? *)"),
    Mutation(
        "a third party issues it, as a row says",
        lambda draft: draft.add(SECRET, "new", {"name": "morefocus-prod-euw1-zoom", "kmsKeyId": "arn:key"}),
    ),
    Mutation(
        "a tenant has a login, as a row says",
        lambda draft: draft.add(
            SECRET, "new", {"name": "morefocus-prod-euw1-tenants/acme/database", "kmsKeyId": "arn:key", "tags": {"tenant": "acme"}}
        ),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("SEC-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("SEC-01", mutation)


def test_rows_that_the_function_renews_excuse_nothing() -> None:
    assert "zoom" in by_hand() and "grafana-admin" not in by_hand()


def test_what_is_not_known_yet_is_open() -> None:
    own = resource(SECRET, "own", id=UNKNOWN, name=UNKNOWN, kmsKeyId="arn:key")
    rotation = resource(ROTATION, "rotation", secretId=UNKNOWN, rotationLambdaArn=UNKNOWN, rotationRules={"automaticallyAfterDays": 30})
    verdicts = {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(lone(own, rotation))}
    assert verdicts == {"own": Verdict.UNDECIDED, "rotation": Verdict.PASS}


def test_a_rotation_that_waits_for_a_version_is_of_its_secret() -> None:
    own = resource(SECRET, "own", id=UNKNOWN, name="own", kmsKeyId="arn:key")
    version = resource(VERSION, "version", secretId=UNKNOWN, property_dependencies={"secretId": (own.urn,)})
    rules = {"automaticallyAfterDays": 30}
    after = {"secretId": (version.urn,)}
    rotation = resource(ROTATION, "rotation", secretId=UNKNOWN, rotationLambdaArn="arn:f", rotationRules=rules, property_dependencies=after)
    assert {finding.verdict for finding in CONTROL.evaluate(lone(own, version, rotation))} == {Verdict.PASS}
