"""Replicas that are declared apart from their table, against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"
ARN = "arn:aws:dynamodb:{}:123456789012:table/bookings"
KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def table(workbench: Workbench) -> Life:
    return workbench.made(
        TABLE,
        name="bookings",
        billingMode="PAY_PER_REQUEST",
        hashKey="pk",
        attributes=[{"name": "pk", "type": "S"}],
        streamEnabled=True,
        streamViewType="NEW_AND_OLD_IMAGES",
    )


def test_a_replica_lives_in_its_own_region_as_declared(workbench: Workbench) -> None:
    source = table(workbench)
    life = workbench.life(REPLICA, region="us-east-1")
    wanted: dict[str, Any] = {"globalTableArn": ARN.format("eu-west-1"), "kmsKeyArn": KEY, "pointInTimeRecovery": True}
    assert life.preview(**wanted)["arn"] == ARN.format("us-east-1")
    life.create(**wanted, tags={"owner": "platform"})
    dynamodb = life.boto("dynamodb", "us-east-1")
    live = dynamodb.describe_table(TableName="bookings")["Table"]
    assert (live["SSEDescription"]["KMSMasterKeyArn"], live["TableArn"]) == (KEY, life.outputs["arn"])
    backups = dynamodb.describe_continuous_backups(TableName="bookings")["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.list_tags_of_resource(ResourceArn=life.outputs["arn"])["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []
    assert source.refresh() == [], "a replica declared apart is no drift of its table"
    life.update(globalTableArn=ARN.format("eu-west-1"), kmsKeyArn=KEY, deletionProtectionEnabled=True)
    assert dynamodb.describe_table(TableName="bookings")["Table"]["DeletionProtectionEnabled"] is True
    life.update(globalTableArn=ARN.format("eu-west-1"), kmsKeyArn=KEY)
    dynamodb.update_continuous_backups(TableName="bookings", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    assert [change.path for change in life.refresh()] == ["pointInTimeRecovery"]
    assert life.imported()[0]["globalTableArn"] == ARN.format("eu-west-1")
    assert life.replaced_by(globalTableArn=ARN.format("eu-west-1")) == {"kmsKeyArn"}
    life.delete()
    assert life.gone()
    assert "Replicas" not in source.boto("dynamodb").describe_table(TableName="bookings")["Table"]


def test_a_replica_where_its_table_is_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="another region"):
        workbench.life(REPLICA).check(globalTableArn=ARN.format("eu-west-1"))
    with pytest.raises(InvalidInputs, match="ARN of a table"):
        workbench.life(REPLICA).check(globalTableArn="bookings")
