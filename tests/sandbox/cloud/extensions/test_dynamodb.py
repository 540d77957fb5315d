"""Tables of the emulated cloud, their replicas and transactions, as any client sees them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.cloud import EmulatedCloud

TABLE: dict[str, Any] = {
    "TableName": "bookings",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


def item(key: str, **more: str) -> dict[str, Any]:
    return {name: {"S": value} for name, value in {"pk": "T#1", "sk": key, **more}.items()}


def put(key: str, **more: str) -> dict[str, Any]:
    return {"Put": {"TableName": "bookings", "Item": item(key, **more), "ConditionExpression": "attribute_not_exists(pk)"}}


def keys(dynamodb: Any) -> set[str]:
    return {found["sk"]["S"] for found in dynamodb.scan(TableName="bookings")["Items"]}


def streamed(cloud: EmulatedCloud, region: str) -> list[str]:
    arn = cloud.boto("dynamodb", region).describe_table(TableName="bookings")["Table"]["LatestStreamArn"]
    streams = cloud.boto("dynamodbstreams", region)
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in streams.get_records(ShardIterator=start)["Records"]]


@pytest.fixture
def dynamodb(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    client = emulated_cloud.boto("dynamodb")
    client.create_table(**TABLE)
    return client


def test_a_cancelled_transaction_leaves_nothing_in_any_region_and_the_next_one_works(emulated_cloud: EmulatedCloud, dynamodb: Any) -> None:
    dynamodb.update_table(TableName="bookings", ReplicaUpdates=[{"Create": {"RegionName": "us-east-1"}}])
    there = emulated_cloud.boto("dynamodb", "us-east-1")
    dynamodb.transact_write_items(TransactItems=[put("L#9:00"), put("L#9:15")])
    change = {
        "Update": {
            "TableName": "bookings",
            "Key": item("L#9:15"),
            "UpdateExpression": "SET who = :who",
            "ExpressionAttributeValues": {":who": {"S": "b"}},
        }
    }
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=[put("L#8:45"), change, put("L#9:00")])
    assert keys(dynamodb) == keys(there) == {"L#9:00", "L#9:15"}
    assert "who" not in dynamodb.get_item(TableName="bookings", Key=item("L#9:15"))["Item"]
    dynamodb.transact_write_items(TransactItems=[put("L#9:30")])
    assert keys(there) == {"L#9:00", "L#9:15", "L#9:30"}, "the replica is one still"
    assert streamed(emulated_cloud, "eu-west-1") == streamed(emulated_cloud, "us-east-1") == ["L#9:00", "L#9:15", "L#9:30"]


def test_what_is_written_in_one_region_is_read_in_all_until_they_part(emulated_cloud: EmulatedCloud, dynamodb: Any) -> None:
    dynamodb.put_item(TableName="bookings", Item=item("before"))
    for region in ("us-east-1", "sa-east-1"):
        dynamodb.update_table(TableName="bookings", ReplicaUpdates=[{"Create": {"RegionName": region}}])
    there = emulated_cloud.boto("dynamodb", "us-east-1")
    there.put_item(TableName="bookings", Item=item("after"))
    assert keys(dynamodb) == keys(emulated_cloud.boto("dynamodb", "sa-east-1")) == {"before", "after"}
    there.update_time_to_live(TableName="bookings", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"})
    assert dynamodb.describe_time_to_live(TableName="bookings")["TimeToLiveDescription"]["AttributeName"] == "until"
    shown = [replica["RegionName"] for replica in there.describe_table(TableName="bookings")["Table"]["Replicas"]]
    assert shown == ["eu-west-1", "sa-east-1"], "a table tells of the others"
    there.delete_table(TableName="bookings")
    shown = [replica["RegionName"] for replica in dynamodb.describe_table(TableName="bookings")["Table"]["Replicas"]]
    assert (shown, keys(dynamodb)) == (["sa-east-1"], {"before", "after"})


def test_a_replica_that_cannot_be_is_refused(emulated_cloud: EmulatedCloud, dynamodb: Any) -> None:
    emulated_cloud.boto("dynamodb", "us-east-1").create_table(**TABLE)
    for region, reason in (("us-east-1", "already existed"), ("eu-west-1", "already existed")):
        with pytest.raises(ClientError, match=reason):
            dynamodb.update_table(TableName="bookings", ReplicaUpdates=[{"Create": {"RegionName": region}}])
    with pytest.raises(dynamodb.exceptions.ReplicaNotFoundException):
        dynamodb.update_table(TableName="bookings", ReplicaUpdates=[{"Delete": {"RegionName": "sa-east-1"}}])
    dynamodb.update_table(TableName="bookings", StreamSpecification={"StreamEnabled": False})
    with pytest.raises(ClientError, match="stream enabled with NEW_AND_OLD_IMAGES"):
        dynamodb.update_table(TableName="bookings", ReplicaUpdates=[{"Create": {"RegionName": "sa-east-1"}}])


def test_a_tag_set_again_is_one_tag(dynamodb: Any) -> None:
    arn = dynamodb.describe_table(TableName="bookings")["Table"]["TableArn"]
    for owner in ("platform", "security"):
        dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "owner", "Value": owner}])
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "owner", "Value": "security"}]


def test_encryption_is_changed_alone(dynamodb: Any) -> None:
    with pytest.raises(ClientError, match="only operation"):
        dynamodb.update_table(TableName="bookings", SSESpecification={"Enabled": True}, DeletionProtectionEnabled=True)
    dynamodb.update_table(TableName="bookings", SSESpecification={"Enabled": True})
    assert dynamodb.describe_table(TableName="bookings")["Table"]["SSEDescription"]["Status"] == "ENABLED"
