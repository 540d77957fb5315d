"""What the service does for all types, shown on some of them."""

import json
from typing import Any

import pytest

from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Workbench

ROLE = "aws:iam/role:Role"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (ROLE, {"name": "nodes", "assumeRolePolicy": json.dumps(TRUST, indent=2)}),
        ("aws:s3/bucket:Bucket", {"bucket": "records", "tags": {"owner": "platform"}}),
        ("aws:kms/key:Key", {"description": "logs", "enableKeyRotation": True}),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/estate/flow"}),
    ],
)
def test_a_refresh_of_what_nobody_touched_changes_no_output(workbench: Workbench, token: str, inputs: dict[str, Any]) -> None:
    life = workbench.made(token, **inputs)
    before = dict(life.outputs)
    assert life.refresh() == []
    assert life.outputs == before


def test_the_preview_of_an_update_knows_what_is_there_already(workbench: Workbench) -> None:
    life = workbench.made("aws:kms/key:Key", description="logs")
    previewed = life.resources.preview_update(life.urn, life.token, life.outputs, life.check(description="all logs"))
    assert (previewed["arn"], previewed["keyId"]) == (life.outputs["arn"], life.id)
    assert previewed["description"] == "all logs"


def test_the_preview_of_an_update_knows_nothing_that_comes_from_an_unknown_input(workbench: Workbench) -> None:
    key = workbench.made("aws:kms/key:Key")
    life = workbench.made("aws:kms/alias:Alias", logical="alias", name="alias/logs", targetKeyId=key.id)
    previewed = life.resources.preview_update(life.urn, life.token, life.outputs, life.check(name="alias/logs", targetKeyId=UNKNOWN))
    assert previewed["targetKeyArn"] is UNKNOWN
    assert previewed["arn"] == life.outputs["arn"]


def test_the_same_fault_is_told_once(workbench: Workbench) -> None:
    with pytest.raises(Exception, match="maxSessionDuration") as refusal:
        workbench.life(ROLE).check(name="nodes", assumeRolePolicy=json.dumps(TRUST), maxSessionDuration=60)
    paths = [failure.path for failure in refusal.value.failures]  # type: ignore[attr-defined]
    assert len(paths) == len(set(paths))
