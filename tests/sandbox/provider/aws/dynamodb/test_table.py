"""Tables against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.aws.dynamodb import replicas
from sandbox.provider.errors import InvalidInputs
from sandbox.provider.recovery import sweep
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

TABLE = "aws:dynamodb/table:Table"
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/bookings"
KEY = "arn:aws:kms:{}:123456789012:key/12345678-1234-1234-1234-123456789012"
KEYS = {"hashKey": "pk", "rangeKey": "sk"}
BY_TIME = {"name": "by-time", "hashKey": "gsi1pk", "rangeKey": "gsi1sk", "projectionType": "ALL"}
BY_KIND = {"name": "by-kind", "hashKey": "kind", "projectionType": "INCLUDE", "nonKeyAttributes": ["tenant"]}
BY_STATE = {"name": "by-state", "rangeKey": "state", "projectionType": "KEYS_ONLY"}


def attributes(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "type": "S"} for name in names]


BASE: dict[str, Any] = {
    "name": "bookings",
    "billingMode": "PAY_PER_REQUEST",
    **KEYS,
    "attributes": attributes("pk", "sk", "gsi1pk", "gsi1sk", "state"),
    "globalSecondaryIndexes": [BY_TIME],
    "localSecondaryIndexes": [BY_STATE],
    "streamEnabled": True,
    "streamViewType": "NEW_AND_OLD_IMAGES",
    "serverSideEncryption": {"enabled": True, "kmsKeyArn": KEY.format("eu-west-1")},
    "pointInTimeRecovery": {"enabled": True},
    "ttl": {"enabled": True, "attributeName": "expires_at"},
    "deletionProtectionEnabled": True,
    "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
    "tags": {"owner": "platform"},
}


def described(life: Life, region: str = "eu-west-1") -> dict[str, Any]:
    found: dict[str, Any] = life.boto("dynamodb", region).describe_table(TableName="bookings")["Table"]
    return found


def recovery(life: Life, region: str = "eu-west-1") -> str:
    found = life.boto("dynamodb", region).describe_continuous_backups(TableName="bookings")["ContinuousBackupsDescription"]
    return str(found["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])


def tags(life: Life, region: str = "eu-west-1") -> dict[str, str]:
    answer = life.boto("dynamodb", region).list_tags_of_resource(ResourceArn=ARN.replace("eu-west-1", region))
    return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}


def test_a_table_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(TABLE)
    assert life.preview(**BASE)["arn"] == ARN
    assert life.preview(**BASE)["streamArn"] is UNKNOWN
    life.create(**BASE)
    live = described(life)
    assert (live["BillingModeSummary"]["BillingMode"], live["SSEDescription"]["KMSMasterKeyArn"]) == (
        "PAY_PER_REQUEST",
        KEY.format("eu-west-1"),
    )
    assert (live["DeletionProtectionEnabled"], live["OnDemandThroughput"]["MaxReadRequestUnits"]) == (True, 100)
    assert [key["AttributeName"] for key in live["GlobalSecondaryIndexes"][0]["KeySchema"]] == ["gsi1pk", "gsi1sk"]
    assert [key["AttributeName"] for key in live["LocalSecondaryIndexes"][0]["KeySchema"]] == ["pk", "state"]
    assert life.outputs["streamArn"] == live["LatestStreamArn"]
    assert (recovery(life), tags(life)) == ("ENABLED", {"owner": "platform"})
    ttl = life.boto("dynamodb").describe_time_to_live(TableName="bookings")["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    assert life.refresh() == []
    imported = life.imported()[0]
    assert (imported["hashKey"], imported["ttl"]["attributeName"], imported["globalSecondaryIndexes"][0]["name"]) == (
        "pk",
        "expires_at",
        "by-time",
    )
    assert life.replaced_by(**BASE | {"name": "others"}) == {"name"}
    assert life.replaced_by(**BASE | {"localSecondaryIndexes": [BY_STATE | {"name": "by-other"}]}) == {"localSecondaryIndexes[0].name"}


def test_a_table_is_changed_in_place(workbench: Workbench) -> None:
    life = workbench.made(TABLE, **BASE)
    stream = life.outputs["streamArn"]
    life.update(
        **BASE
        | {
            "attributes": attributes("pk", "sk", "kind", "state"),
            "globalSecondaryIndexes": [BY_KIND],
            "streamViewType": "KEYS_ONLY",
            "serverSideEncryption": {"enabled": True},
            "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 7},
            "ttl": {"enabled": True, "attributeName": "until"},
            "deletionProtectionEnabled": False,
            "tableClass": "STANDARD_INFREQUENT_ACCESS",
            "onDemandThroughput": {"maxReadRequestUnits": 200},
            "tags": {"owner": "security"},
        }
    )
    live = described(life)
    assert [(index["IndexName"], index["Projection"]["NonKeyAttributes"]) for index in live["GlobalSecondaryIndexes"]] == [
        ("by-kind", ["tenant"])
    ]
    assert live["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY"
    assert life.outputs["streamArn"] == live["LatestStreamArn"] != stream
    assert (live["TableClassSummary"]["TableClass"], live["DeletionProtectionEnabled"]) == ("STANDARD_INFREQUENT_ACCESS", False)
    assert live["OnDemandThroughput"] == {"MaxReadRequestUnits": 200, "MaxWriteRequestUnits": -1}
    assert live["SSEDescription"]["KMSMasterKeyArn"] != KEY.format("eu-west-1"), "it is the key that AWS manages now"
    assert life.boto("dynamodb").describe_time_to_live(TableName="bookings")["TimeToLiveDescription"]["AttributeName"] == "until"
    assert tags(life) == {"owner": "security"}
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_table_becomes_provisioned_and_back_with_its_indexes(workbench: Workbench) -> None:
    made: dict[str, Any] = {"name": "bookings", **KEYS, "attributes": attributes("pk", "sk", "gsi1pk", "gsi1sk")}
    units: dict[str, Any] = {"readCapacity": 5, "writeCapacity": 4}
    life = workbench.made(TABLE, **made, **units, globalSecondaryIndexes=[BY_TIME | units])
    assert described(life)["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    assert life.refresh() == []
    life.update(**made, readCapacity=7, writeCapacity=4, globalSecondaryIndexes=[BY_TIME | units | {"writeCapacity": 9}])
    live = described(life)
    index = live["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]
    assert (live["ProvisionedThroughput"]["ReadCapacityUnits"], index["WriteCapacityUnits"]) == (7, 9)
    life.update(**made, billingMode="PAY_PER_REQUEST", globalSecondaryIndexes=[BY_TIME])
    assert described(life)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert life.refresh() == []


def test_keys_of_several_attributes_are_kept(workbench: Workbench) -> None:
    keys = [{"attributeName": name, "keyType": kind} for name, kind in (("tenant", "HASH"), ("kind", "HASH"), ("sk", "RANGE"))]
    life = workbench.made(
        TABLE,
        **KEYS,
        name="bookings",
        billingMode="PAY_PER_REQUEST",
        attributes=attributes("pk", "sk", "tenant", "kind"),
        globalSecondaryIndexes=[{"name": "by-tenant", "keySchemas": keys, "projectionType": "ALL"}],
    )
    assert [key["AttributeName"] for key in described(life)["GlobalSecondaryIndexes"][0]["KeySchema"]] == ["tenant", "kind", "sk"]
    assert life.refresh() == []


def test_drift_of_a_table_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(TABLE, **BASE)
    dynamodb = life.boto("dynamodb")
    dynamodb.update_table(TableName="bookings", DeletionProtectionEnabled=False)
    dynamodb.update_continuous_backups(TableName="bookings", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})
    dynamodb.update_table(TableName="bookings", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-time"}}])
    found = {change.path.partition(".")[0].partition("[")[0] for change in life.refresh()}
    assert found == {"deletionProtectionEnabled", "pointInTimeRecovery", "globalSecondaryIndexes"}


def test_a_global_table_lives_as_declared(workbench: Workbench) -> None:
    american = {"regionName": "us-east-1", "kmsKeyArn": KEY.format("us-east-1"), "pointInTimeRecovery": True, "propagateTags": True}
    brazilian = {"regionName": "sa-east-1", "kmsKeyArn": KEY.format("sa-east-1"), "deletionProtectionEnabled": True}
    life = workbench.made(TABLE, **BASE | {"replicas": [american, brazilian]})
    assert [item["RegionName"] for item in described(life)["Replicas"]] == ["sa-east-1", "us-east-1"]
    assert life.outputs["replicas"][0]["arn"] == ARN.replace("eu-west-1", "us-east-1")
    there = described(life, "us-east-1")
    assert (there["SSEDescription"]["KMSMasterKeyArn"], recovery(life, "us-east-1")) == (KEY.format("us-east-1"), "ENABLED")
    assert (tags(life, "us-east-1"), tags(life, "sa-east-1")) == ({"owner": "platform"}, {})
    assert described(life, "sa-east-1")["DeletionProtectionEnabled"] is True
    assert life.refresh() == []
    assert {item["regionName"] for item in life.imported()[0]["replicas"]} == {"us-east-1", "sa-east-1"}

    open_brazilian = brazilian | {"deletionProtectionEnabled": False}
    life.update(**BASE | {"replicas": [american | {"pointInTimeRecovery": False}, open_brazilian]})
    assert recovery(life, "us-east-1") == "DISABLED"
    life.update(**BASE | {"replicas": [open_brazilian], "deletionProtectionEnabled": False})
    assert [item["RegionName"] for item in described(life)["Replicas"]] == ["sa-east-1"]
    assert life.boto("dynamodb", "us-east-1").list_tables()["TableNames"] == []
    assert life.refresh() == []
    life.delete()
    assert life.gone()
    assert life.boto("dynamodb", "sa-east-1").list_tables()["TableNames"] == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"attributes": attributes("pk", "sk", "gsi1pk", "gsi1sk", "state", "idle")}, "idle are not"),
        ({"attributes": attributes("pk", "sk", "gsi1pk", "state")}, "add gsi1sk"),
        ({"billingMode": "PROVISIONED"}, "choose PAY_PER_REQUEST"),
        ({"streamViewType": ""}, "required when streamEnabled"),
        ({"ttl": {"enabled": True}}, "required when ttl.enabled"),
        ({"globalSecondaryIndexes": [BY_TIME | {"projectionType": "INCLUDE"}]}, "INCLUDE, and only then"),
        ({"replicas": [{"regionName": "eu-west-1"}]}, "name other regions"),
        ({"replicas": [{"regionName": "us-east-1"}], "streamViewType": "KEYS_ONLY"}, "this to NEW_AND_OLD_IMAGES"),
        ({"replicas": [{"regionName": "us-east-1", "consistencyMode": "STRONG"}]}, "no strong consistency"),
        ({"restoreSourceName": "older"}, "no restores"),
    ],
)
def test_a_table_that_would_be_refused_is_refused(workbench: Workbench, changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(TABLE).check(**BASE | changed)


def cut_off(*_: Any) -> None:
    raise RuntimeError("killed")


@pytest.mark.parametrize("again", [True, False], ids=["finished by the next run", "undone by a sweep"])
def test_a_table_whose_creation_was_cut_off_is_left_neither_half_nor_twice(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    wanted = BASE | {"deletionProtectionEnabled": False, "replicas": [{"regionName": "us-east-1"}, {"regionName": "sa-east-1"}]}
    life = workbench.life(TABLE)
    with monkeypatch.context() as patch:
        patch.setattr(replicas, "_bring_own", cut_off)
        with pytest.raises(RuntimeError, match="killed"):
            life.create(**wanted)
    assert [item["RegionName"] for item in described(life)["Replicas"]] == ["us-east-1"]
    if again:
        life.create(**wanted)
        assert [item["RegionName"] for item in described(life)["Replicas"]] == ["sa-east-1", "us-east-1"]
        assert life.refresh() == []
    else:
        assert len(sweep(workbench.endpoint, []).undone) == 1
        assert [life.boto("dynamodb", region).list_tables()["TableNames"] for region in ("eu-west-1", "us-east-1", "sa-east-1")] == [
            [],
            [],
            [],
        ]
