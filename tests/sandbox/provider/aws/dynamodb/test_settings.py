"""What is set on a table apart from it, against the emulated cloud."""

import json

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

TABLE = "aws:dynamodb/table:Table"
POLICY = "aws:dynamodb/resourcePolicy:ResourcePolicy"
INSIGHTS = "aws:dynamodb/contributorInsights:ContributorInsights"
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/bookings"


@pytest.fixture
def table(workbench: Workbench) -> Life:
    index = {"name": "by-kind", "hashKey": "kind", "projectionType": "ALL"}
    return workbench.made(
        TABLE,
        name="bookings",
        billingMode="PAY_PER_REQUEST",
        hashKey="pk",
        attributes=[{"name": name, "type": "S"} for name in ("pk", "kind")],
        globalSecondaryIndexes=[index],
    )


def policy(action: str) -> str:
    statement = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": action, "Resource": ARN}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_policy_of_a_table_lives_as_declared(workbench: Workbench, table: Life) -> None:
    life = workbench.made(POLICY, resourceArn=ARN, policy=policy("dynamodb:Scan"))
    live = table.boto("dynamodb").get_resource_policy(ResourceArn=ARN)
    assert (json.loads(live["Policy"]), live["RevisionId"]) == (json.loads(policy("dynamodb:Scan")), life.outputs["revisionId"])
    assert life.refresh() == []
    life.update(resourceArn=ARN, policy=policy("dynamodb:Query"))
    assert life.imported()[0]["policy"] == policy("dynamodb:Query")
    table.boto("dynamodb").put_resource_policy(ResourceArn=ARN, Policy=policy("dynamodb:GetItem"))
    assert [change.path for change in life.refresh()] == ["policy"]
    assert life.replaced_by(resourceArn=f"{ARN}2", policy=policy("dynamodb:Query")) == {"resourceArn"}
    life.delete()
    assert life.gone()


def test_a_policy_goes_with_its_table(workbench: Workbench, table: Life) -> None:
    life = workbench.made(POLICY, resourceArn=ARN, policy=policy("dynamodb:Scan"))
    table.delete()
    assert life.gone()
    with pytest.raises(InvalidInputs, match="must be JSON"):
        life.check(resourceArn=ARN, policy="{")


def test_a_policy_of_a_stream_lives_as_declared(workbench: Workbench, table: Life) -> None:
    table.update(**table.inputs | {"streamEnabled": True, "streamViewType": "KEYS_ONLY"})
    life = workbench.made(POLICY, resourceArn=table.outputs["streamArn"], policy=policy("dynamodb:GetRecords"))
    assert life.refresh() == []
    assert table.boto("dynamodb").list_tables()["TableNames"] == ["bookings"]
    life.delete()
    assert life.gone()


@pytest.mark.parametrize("index", ["", "by-kind"])
def test_contributor_insights_live_as_declared(workbench: Workbench, table: Life, index: str) -> None:
    place = {"tableName": "bookings"} | ({"indexName": index} if index else {})
    asked = {"TableName": "bookings"} | ({"IndexName": index} if index else {})
    life = workbench.made(INSIGHTS, **place)
    live = table.boto("dynamodb").describe_contributor_insights(**asked)
    assert (live["ContributorInsightsStatus"], live["ContributorInsightsMode"]) == ("ENABLED", life.outputs["mode"])
    assert life.refresh() == []
    life.update(**place, mode="THROTTLED_KEYS")
    assert table.boto("dynamodb").describe_contributor_insights(**asked)["ContributorInsightsMode"] == "THROTTLED_KEYS"
    assert life.imported()[0]["tableName"] == "bookings"
    assert life.replaced_by(tableName="others") >= {"tableName"}
    life.delete()
    assert life.gone()
