"""Which functions there are and which alarms end their rollout, and a deployment that CodeDeploy runs by itself."""

from __future__ import annotations

import hashlib
import json

import pytest

from scripts.rollout.aliases import candidate
from scripts.rollout.application import UnknownError, alarms_of, deploy
from tests.scripts.rollout.conftest import APPLICATION, BOOKINGS, PRIVACY, Site


def test_functions_and_their_alarms_are_those_of_the_deployment_groups(site: Site) -> None:
    codedeploy = site.boto("codedeploy")
    assert alarms_of(codedeploy, APPLICATION) == site.alarms
    assert alarms_of(codedeploy, APPLICATION, ["privacy"]).keys() == {PRIVACY}
    site.watch(PRIVACY, enabled=False)
    assert alarms_of(codedeploy, APPLICATION)[PRIVACY] == []


def test_an_application_or_a_function_that_is_not_there_is_told_with_those_that_are(site: Site) -> None:
    with pytest.raises(UnknownError, match="no CodeDeploy application elsewhere"):
        alarms_of(site.boto("codedeploy"), "elsewhere")
    with pytest.raises(UnknownError, match=f"has no function invoices; it has {BOOKINGS}, {PRIVACY}"):
        alarms_of(site.boto("codedeploy"), APPLICATION, ["invoices"])


def test_codedeploy_is_told_which_version_follows_which(site: Site) -> None:
    found = candidate(site.boto("lambda"), BOOKINGS)
    assert found is not None
    identity = deploy(site.boto("codedeploy"), APPLICATION, found)
    revision = site.boto("codedeploy").get_deployment(deploymentId=identity)["deploymentInfo"]["revision"]["appSpecContent"]
    [resource] = json.loads(revision["content"])["Resources"]
    target = {"Name": BOOKINGS, "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"}
    assert resource == {BOOKINGS: {"Type": "AWS::Lambda::Function", "Properties": target}}
    assert revision["sha256"] == hashlib.sha256(revision["content"].encode()).hexdigest()
