"""Log groups and log resource policies against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

GROUP = "aws:cloudwatch/logGroup:LogGroup"
POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
FLOW = "arn:aws:logs:eu-west-1:123456789012:log-group:/estate/flow"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def described(life: Life) -> dict[str, Any]:
    group: dict[str, Any] = life.boto("logs").describe_log_groups(logGroupNamePrefix=life.id)["logGroups"][0]
    return group


def test_a_log_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    promised = life.preview(name="/estate/flow", retentionInDays=365)
    assert promised["arn"] == FLOW

    life.create(
        name="/estate/flow",
        retentionInDays=365,
        kmsKeyId=KEY,
        logGroupClass="INFREQUENT_ACCESS",
        deletionProtectionEnabled=True,
        tags={"owner": "platform"},
    )
    group = described(life)
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, KEY)
    assert (group["logGroupClass"], group["deletionProtectionEnabled"]) == ("INFREQUENT_ACCESS", True)
    assert life.refresh() == []

    changed = KEY.replace("1234-1234", "4321-4321")
    life.update(
        name="/estate/flow",
        retentionInDays=30,
        kmsKeyId=changed,
        logGroupClass="INFREQUENT_ACCESS",
        deletionProtectionEnabled=False,
        tags={"environment": "production"},
    )
    group = described(life)
    assert (group["retentionInDays"], group["kmsKeyId"], group["deletionProtectionEnabled"]) == (30, changed, False)
    assert life.boto("logs").list_tags_for_resource(resourceArn=FLOW)["tags"] == {"environment": "production"}
    assert life.refresh() == []
    life.update(name="/estate/flow", logGroupClass="INFREQUENT_ACCESS")
    assert not {"retentionInDays", "kmsKeyId"} & described(life).keys()

    life.delete()
    assert life.gone()


def test_a_renamed_log_group_is_replaced(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="/estate/flow")
    assert life.replaced_by(name="/estate/other", logGroupClass="DELIVERY") == {"name", "logGroupClass"}


def test_drift_of_a_log_group_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(GROUP, retentionInDays=365, kmsKeyId=KEY)
    logs = life.boto("logs")
    logs.put_retention_policy(logGroupName=life.id, retentionInDays=7)
    logs.disassociate_kms_key(logGroupName=life.id)
    assert {change.path for change in life.refresh()} == {"retentionInDays", "kmsKeyId"}


def test_a_log_group_without_a_name_gets_one_from_its_logical_name(workbench: Workbench) -> None:
    assert workbench.made(GROUP).id.startswith("sample-")


def test_a_log_group_may_be_named_by_prefix(workbench: Workbench) -> None:
    life = workbench.made(GROUP, namePrefix="/estate/")
    assert life.id.startswith("/estate/")
    assert described(life)["logGroupName"] == life.id


def test_a_log_group_whose_name_begins_another_is_found(workbench: Workbench) -> None:
    workbench.made(GROUP, logical="longer", name="/estate/flow-logs")
    life = workbench.made(GROUP, name="/estate/flow")
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_log_group_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="/estate/flow", retentionInDays=30, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert inputs["retentionInDays"] == 30
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["arn"] == life.outputs["arn"]


def test_a_log_group_told_to_stay_stays(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="/estate/flow", skipDestroy=True)
    life.delete()
    assert not life.gone()


def test_a_protected_log_group_is_kept_and_the_teardown_takes_it(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(GROUP, name="/estate/flow", deletionProtectionEnabled=True)
    with pytest.raises(Exception, match="deletion protection"):
        life.delete()
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"name": "no spaces"}, "name|logGroupName"),
        ({"logGroupClass": "CHEAP"}, "INFREQUENT_ACCESS"),
        ({"logGroupClass": "DELIVERY", "retentionInDays": 30}, "keeps 2 days"),
    ],
)
def test_a_log_group_that_would_be_refused_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(GROUP).check(**inputs)


def policy(action: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": action, "Resource": f"{FLOW}:*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("whose", "scope"), [({"policyName": "writers"}, "ACCOUNT"), ({"resourceArn": FLOW}, "RESOURCE")], ids=["account", "group"]
)
def test_a_log_resource_policy_lives_as_declared(workbench: Workbench, whose: dict[str, str], scope: str) -> None:
    life = workbench.made(POLICY, **whose, policyDocument=policy("logs:PutLogEvents"))
    assert life.outputs["policyScope"] == scope
    narrowed = {"policyScope": scope} if scope == "RESOURCE" else {}
    logs = life.boto("logs")
    [live] = logs.describe_resource_policies(**narrowed)["resourcePolicies"]
    assert json.loads(live["policyDocument"]) == json.loads(policy("logs:PutLogEvents"))
    assert life.refresh() == []
    life.update(**whose, policyDocument=policy("logs:*"))
    [live] = logs.describe_resource_policies(**narrowed)["resourcePolicies"]
    assert json.loads(live["policyDocument"]) == json.loads(policy("logs:*"))
    assert life.refresh() == []
    assert whose.items() <= life.imported()[0].items()
    logs.put_resource_policy(**whose, policyDocument=policy("logs:CreateLogStream"))
    assert [change.path for change in life.refresh()] == ["policyDocument"]
    life.delete()
    assert life.gone()


def test_a_log_resource_policy_is_of_the_account_or_of_a_group(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="give either policyName"):
        workbench.life(POLICY).check(policyDocument=policy("logs:*"))
    life = workbench.made(POLICY, policyName="writers", policyDocument=policy("logs:*"))
    assert life.replaced_by(policyName="others", policyDocument=policy("logs:*")) == {"policyName"}
