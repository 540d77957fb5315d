"""CloudWatch Logs handlers against the emulated cloud."""

from tests.kit.provider import Workbench

GROUP = "aws:cloudwatch/logGroup:LogGroup"


def test_a_log_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(GROUP)
    promised = life.preview(name="/estate/flow", retentionInDays=365)
    assert promised["arn"] == "arn:aws:logs:eu-west-1:123456789012:log-group:/estate/flow"

    life.create(name="/estate/flow", retentionInDays=365, tags={"owner": "platform"})
    group = life.boto("logs").describe_log_groups(logGroupNamePrefix="/estate/flow")["logGroups"][0]
    assert group["retentionInDays"] == 365
    assert life.refresh() == []

    life.update(name="/estate/flow", retentionInDays=30, tags={"environment": "production"})
    group = life.boto("logs").describe_log_groups(logGroupNamePrefix="/estate/flow")["logGroups"][0]
    assert group["retentionInDays"] == 30
    tags = life.boto("logs").list_tags_log_group(logGroupName="/estate/flow")["tags"]
    assert tags == {"environment": "production"}

    life.delete()
    assert life.gone()


def test_a_renamed_log_group_is_replaced(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="/estate/flow")
    assert life.replaced_by(name="/estate/other") == {"name"}


def test_drift_of_a_log_group_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(GROUP, retentionInDays=365)
    life.boto("logs").put_retention_policy(logGroupName=life.id, retentionInDays=7)
    assert [change.path for change in life.refresh()] == ["retentionInDays"]


def test_a_log_group_without_a_name_gets_one_from_its_logical_name(workbench: Workbench) -> None:
    life = workbench.made(GROUP)
    assert life.id.startswith("sample-")


def test_a_log_group_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(GROUP, name="/estate/flow", retentionInDays=30, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert inputs["retentionInDays"] == 30
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["arn"] == life.outputs["arn"]
