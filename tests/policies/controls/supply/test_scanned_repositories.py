"""Repositories of images as they come, and as they should be."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

REPOSITORY, LIFECYCLE = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REGISTRY = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
KEY = "aws:kms/key:Key"


def repository(draft: Draft, *, aged: bool = True) -> Changed:
    """Add a repository that is as it should be, its policy beside it."""
    if aged:
        draft.add(LIFECYCLE, "images-age", {"repository": "images", "policy": '{"rules": []}'})
    return draft.add(
        REPOSITORY,
        "images",
        {
            "name": "images",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": draft.one(KEY).properties["arn"]}],
        },
    )


def but(change: Callable[[Changed], Any]) -> Callable[[Draft], Any]:
    """Return the addition of a repository with one change."""
    return lambda draft: change(repository(draft))


def by_registry(*rules: dict[str, Any]) -> Callable[[Draft], Any]:
    """Return the addition of a repository that leaves scanning to the registry."""

    def change(draft: Draft) -> None:
        repository(draft).drop("imageScanningConfiguration")
        draft.add(REGISTRY, "scans", {"scanType": "ENHANCED", "rules": list(rules)})

    return change


def rule(*names: str, **frequency: str) -> dict[str, Any]:
    """Return a rule of the registry for these repositories."""
    return {"repositoryFilters": [{"filter": name, "filterType": "WILDCARD"} for name in names], **frequency}


PUSHED, ALWAYS = {"scanFrequency": "SCAN_ON_PUSH"}, {"scanFrequency": "CONTINUOUS_SCAN"}


CAUGHT = [
    Mutation("a tag can be moved", but(lambda one: one.drop("imageTagMutability"))),
    Mutation("some tags can be moved", but(lambda one: one.set("imageTagMutability", "IMMUTABLE_WITH_EXCLUSION"))),
    Mutation("nothing is scanned", but(lambda one: one.set("imageScanningConfiguration.scanOnPush", False))),
    Mutation("the registry scans another repository", by_registry(rule("web*", **ALWAYS))),
    Mutation("the registry scans when somebody asks", by_registry(rule("*", scanFrequency="MANUAL"))),
    Mutation("the registry does not say when it scans", by_registry(rule("*"))),
    Mutation("the registry does not say what it scans", by_registry({"repositoryFilters": [{"filterType": "WILDCARD"}], **ALWAYS})),
    Mutation("images are encrypted with a key of AWS's", but(lambda one: one.drop("encryptionConfigurations"))),
    Mutation("the key is not said", but(lambda one: one.drop("encryptionConfigurations.0.kmsKey"))),
    Mutation("encryption is AES", but(lambda one: one.set("encryptionConfigurations.0.encryptionType", "AES256"))),
    Mutation("nothing ever leaves", lambda draft: repository(draft, aged=False)),
]
SPARED = [
    Mutation("a repository is as it should be", but(lambda one: one)),
    Mutation("the registry scans all, some when they are pushed", by_registry(rule("web*", **PUSHED), rule("api*", "*", **ALWAYS))),
    Mutation("the registry scans all when they are pushed", by_registry(rule("*", **PUSHED))),
    Mutation("encryption is of two layers", but(lambda one: one.set("encryptionConfigurations.0.encryptionType", "KMS_DSSE"))),
]
OPEN = [Mutation("its key is not known yet", but(lambda one: one.set("encryptionConfigurations.0.kmsKey", UNKNOWN)))]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("SUP-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("SUP-02", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("SUP-02", mutation)
