"""Access settings of buckets against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
SHUT: dict[str, Any] = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
LIVE_SHUT = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}


@pytest.fixture
def bucket(workbench: Workbench) -> Life:
    return workbench.made(BUCKET, logical="records", bucket="records")


def statement(**more: Any) -> dict[str, Any]:
    common = {"Sid": "Readers", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/reader"}}
    return common | {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::records/*"} | more


TLS_ONLY = statement(
    Sid="TlsOnly",
    Effect="Deny",
    Principal={"AWS": "*"},
    Action="s3:*",
    Resource=["arn:aws:s3:::records", "arn:aws:s3:::records/*"],
    Condition={"Bool": {"aws:SecureTransport": "false"}},
)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_public_access_block_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(BLOCK, bucket=bucket.id, **SHUT)
    s3 = life.boto("s3")
    assert s3.get_public_access_block(Bucket=bucket.id)["PublicAccessBlockConfiguration"] == LIVE_SHUT
    assert life.refresh() == []
    life.update(bucket=bucket.id, blockPublicAcls=True)
    assert s3.get_public_access_block(Bucket=bucket.id)["PublicAccessBlockConfiguration"] == {
        **dict.fromkeys(LIVE_SHUT, False),
        "BlockPublicAcls": True,
    }
    s3.put_public_access_block(Bucket=bucket.id, PublicAccessBlockConfiguration=LIVE_SHUT)
    assert {change.path for change in life.refresh()} == {"blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}
    assert life.imported()[0] == {"bucket": "records", "region": "eu-west-1", **SHUT}
    assert life.replaced_by(bucket="other") == {"bucket"}
    life.delete()
    assert life.gone()


def test_the_accounts_public_access_block_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(ACCOUNT)
    assert life.preview(**SHUT)["accountId"] == "123456789012"
    life.create(**SHUT)
    assert life.id == "123456789012"
    assert life.refresh() == []
    life.update(blockPublicAcls=True)
    assert life.imported()[0] == {"accountId": "123456789012", "blockPublicAcls": True} | dict.fromkeys(list(SHUT)[1:], False)
    life.delete()
    assert life.gone()


def test_ownership_controls_live_as_declared(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(OWNERSHIP, bucket=bucket.id, rule={"objectOwnership": "BucketOwnerEnforced"})
    s3 = life.boto("s3")
    live = s3.get_bucket_ownership_controls(Bucket=bucket.id)["OwnershipControls"]["Rules"]
    assert live == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert life.refresh() == []
    life.update(bucket=bucket.id, rule={"objectOwnership": "ObjectWriter"})
    s3.put_bucket_ownership_controls(Bucket=bucket.id, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
    assert [change.path for change in life.refresh()] == ["rule.objectOwnership"]
    assert life.imported()[0]["rule"] == {"objectOwnership": "BucketOwnerPreferred"}
    life.delete()
    assert life.gone()


def test_an_ownership_that_s3_does_not_know_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="BucketOwnerEnforced"):
        workbench.life(OWNERSHIP).check(bucket="records", rule={"objectOwnership": "Mine"})


def test_a_bucket_policy_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    life = workbench.made(POLICY, bucket=bucket.id, policy=policy(statement()))
    s3 = life.boto("s3")
    assert json.loads(s3.get_bucket_policy(Bucket=bucket.id)["Policy"]) == json.loads(policy(statement()))
    assert life.refresh() == []
    life.update(bucket=bucket.id, policy=policy(statement(), TLS_ONLY))
    assert json.loads(s3.get_bucket_policy(Bucket=bucket.id)["Policy"]) == json.loads(policy(statement(), TLS_ONLY))
    assert life.refresh() == []
    assert json.loads(life.imported()[0]["policy"]) == json.loads(policy(statement(), TLS_ONLY))
    s3.put_bucket_policy(Bucket=bucket.id, Policy=policy(statement(Action="s3:*")))
    assert [change.path for change in life.refresh()] == ["policy"]
    life.delete()
    assert life.gone()


def test_a_bucket_that_denies_plain_http_can_still_be_written_and_emptied(workbench: Workbench, bucket: Life) -> None:
    workbench.made(POLICY, bucket=bucket.id, policy=policy(TLS_ONLY))
    s3 = bucket.boto("s3")
    s3.put_object(Bucket=bucket.id, Key="record", Body=b"text")
    assert s3.get_object(Bucket=bucket.id, Key="record")["Body"].read() == b"text"
    s3.delete_object(Bucket=bucket.id, Key="record")


def test_a_bucket_that_denies_everyone_without_condition_does(workbench: Workbench, bucket: Life) -> None:
    denied = statement(Effect="Deny", Principal="*", Action="s3:PutObject")
    workbench.made(POLICY, bucket=bucket.id, policy=policy(denied))
    with pytest.raises(Exception, match="403"):
        bucket.boto("s3").put_object(Bucket=bucket.id, Key="record", Body=b"text")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (statement(Resource="arn:aws:s3:::other/*"), "no other bucket's ARN"),
        (statement(Principal=None), "must have Principal"),
        (statement(Effect="Permit"), "Effect 'Permit'"),
    ],
)
def test_a_policy_that_s3_would_refuse_is_refused(workbench: Workbench, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(POLICY).check(bucket="records", policy=policy(wrong))


def test_server_access_logging_lives_as_declared(workbench: Workbench, bucket: Life) -> None:
    logs = workbench.made(BUCKET, logical="logs", bucket="estate-logs")
    writer = statement(Principal={"Service": "logging.s3.amazonaws.com"}, Action="s3:PutObject", Resource="arn:aws:s3:::estate-logs/*")
    everyone = statement(Sid="Kept", Principal="*", Effect="Deny", Action="s3:DeleteBucket", Resource="arn:aws:s3:::estate-logs")
    workbench.made(POLICY, logical="logs", bucket=logs.id, policy=policy(everyone, writer))
    life = workbench.made(
        LOGGING,
        bucket=bucket.id,
        targetBucket=logs.id,
        targetPrefix="records/",
        targetObjectKeyFormat={"partitionedPrefix": {"partitionDateSource": "EventTime"}},
    )
    s3 = life.boto("s3")
    live = s3.get_bucket_logging(Bucket=bucket.id)["LoggingEnabled"]
    assert (live["TargetBucket"], live["TargetPrefix"]) == ("estate-logs", "records/")
    assert live["TargetObjectKeyFormat"] == {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    assert life.refresh() == []
    life.update(bucket=bucket.id, targetBucket=logs.id, targetPrefix="all/")
    assert s3.get_bucket_logging(Bucket=bucket.id)["LoggingEnabled"]["TargetPrefix"] == "all/"
    assert life.imported()[0]["targetPrefix"] == "all/"
    s3.put_bucket_logging(Bucket=bucket.id, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs.id, "TargetPrefix": "x/"}})
    assert [change.path for change in life.refresh()] == ["targetPrefix"]
    life.delete()
    assert life.gone()
