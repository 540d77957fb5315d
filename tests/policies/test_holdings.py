"""What a store holds and which keys it names, in every form."""

import pytest

from config.vocabulary import DataClass
from policies.holdings import bucket_at, data_class, keys_of, region_in
from policies.values import ABSENT, UNKNOWN
from tests.kit.policies import STACKS, lone, resource, shipped

BUCKET, KEY, ALIAS = "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:kms/alias:Alias"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
QUEUE = "aws:sqs/queue:Queue"
DEFAULT = "applyServerSideEncryptionByDefault"


def test_a_class_is_read_from_the_resource_then_from_its_provider() -> None:
    assert data_class(resource(QUEUE, tags={"data-class": "logs"}, tagsAll={"data-class": "public"})) is DataClass.LOGS
    assert data_class(resource(QUEUE, tags={"owner": "x"}, tagsAll={"data-class": "public"})) is DataClass.PUBLIC
    assert data_class(resource(QUEUE, tags={"data-class": "secret"})) is ABSENT
    assert data_class(resource(QUEUE, tags={"data-class": {}})) is ABSENT
    assert data_class(resource(QUEUE)) is ABSENT
    assert data_class(resource(QUEUE, tags=UNKNOWN)) is UNKNOWN


def test_keys_are_found_by_any_of_their_names() -> None:
    key = resource(KEY, keyId="1", arn="arn:aws:kms:eu-west-1:1:key/1")
    alias = resource(ALIAS, name="alias/a", targetKeyId="1")
    for name in ("1", "arn:aws:kms:eu-west-1:1:key/1", "alias/a"):
        queue = resource(QUEUE, kmsMasterKeyId=name)
        (use,) = keys_of(lone(key, alias, queue), queue)
        assert use.path == "kmsMasterKeyId" and use.key.resources == (key,) and use.key.certain
    assert not list(keys_of(lone(key), resource(QUEUE, kmsMasterKeyId="")))
    (use,) = keys_of(lone(key), resource(QUEUE, kmsMasterKeyId=UNKNOWN))
    assert not use.key.resources and not use.key.certain


def test_keys_of_buckets_are_found_inline_and_beside_them() -> None:
    key = resource(KEY, keyId="1")
    rule = {DEFAULT: {"kmsMasterKeyId": "1"}}
    inline = resource(BUCKET, "inline", serverSideEncryptionConfiguration={"rule": rule})
    split = resource(BUCKET, "split", bucket="split")
    beside = resource(ENCRYPTION, bucket="split", rules=[{}, rule])
    graph = lone(key, inline, split, beside)
    assert [use.path for use in keys_of(graph, inline)] == [f"serverSideEncryptionConfiguration.rule.{DEFAULT}.kmsMasterKeyId"]
    assert [(use.path, use.key.resources) for use in keys_of(graph, split)] == [(f"rules.1.{DEFAULT}.kmsMasterKeyId", (key,))]


def test_a_bucket_is_found_by_name_arn_folder_and_host() -> None:
    bucket = resource(BUCKET, bucket="logs")
    for name in ("logs", "arn:aws:s3:::logs", "arn:aws:s3:::logs/findings", "logs.s3.eu-west-1.amazonaws.com", "logs/folder"):
        owner = resource("aws:x/y:Y", target=name)
        assert bucket_at(lone(bucket, owner), owner, "target").resources == (bucket,), name
    owner = resource("aws:x/y:Y", target="other")
    assert bucket_at(lone(bucket, owner), owner, "target").resources == ()
    owner = resource("aws:x/y:Y", target=UNKNOWN)
    assert not bucket_at(lone(bucket, owner), owner, "target").certain


def test_a_region_is_read_from_an_arn_that_has_one() -> None:
    assert region_in("arn:aws:rds:sa-east-1:1:db:main") == "sa-east-1"
    assert region_in("arn:aws:iam::1:role/x") is ABSENT
    assert region_in("arn:aws:s3:::bucket") is ABSENT and region_in("main") is ABSENT and region_in(None) is ABSENT
    assert region_in("x:aws:rds:sa-east-1:1:db") is ABSENT and region_in("arn:aws:rds:sa-east-1") is ABSENT
    assert region_in(UNKNOWN) is UNKNOWN


NO_STORES = {"aws:cfg/deliveryChannel:DeliveryChannel", "aws:guardduty/publishingDestination:PublishingDestination"}
"""What names the key of the bucket that it writes to."""


@pytest.mark.parametrize("stack", STACKS)
def test_whatever_of_the_estate_names_a_key_of_ours_is_a_store_or_holds_nothing(stack: str) -> None:
    graph = shipped(stack)
    silent = {
        store.type
        for store in graph.resources
        for name in store.properties
        if "kms" in name.lower() and graph.target(store, name, KEY, ALIAS).resources and not list(keys_of(graph, store))
    }
    assert silent <= NO_STORES, "add it to KEY_PATHS, or here"


@pytest.mark.parametrize("type_", ["aws:ebs/volume:Volume", "aws:rds/cluster:Cluster"])
def test_stores_that_the_estate_has_not_name_keys_as_well(type_: str) -> None:
    store = resource(type_, kmsKeyId="1")
    assert [use.path for use in keys_of(lone(store), store)] == ["kmsKeyId"]
