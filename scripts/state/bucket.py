"""The bucket that states live in: made before any stack, since no stack can hold its own."""

from __future__ import annotations

import json
from typing import Any


class BucketError(Exception):
    """The bucket cannot serve; says what was found, what is needed and what to do."""


def bootstrap(s3: Any, kms: Any, bucket: str, region: str) -> str:
    """Make the bucket, or mend what is missing of it, and return the ARN of its key; safe to run again.

    It is private, versioned (every state that ever was can be had back), encrypted by a key of its own, and speaks TLS only.
    """
    key = _key(kms, bucket)
    if not _exists(s3, bucket, region):
        # In us-east-1, and only there, S3 refuses to be told the region.
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        ),
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket)))
    return key


def key_of(s3: Any, bucket: str) -> str:
    """Return the KMS key that encrypts what comes into the bucket.

    Raises BucketError when the bucket is encrypted by none of the account's own.
    """
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    for rule in rules:
        key = rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")
        if key:
            return str(key)
    raise BucketError(f"bucket {bucket} is encrypted without a KMS key: a snapshot needs one; name a bucket such as `backups` of the hub")


def _key(kms: Any, bucket: str) -> str:
    alias = f"alias/{bucket}"
    for page in kms.get_paginator("list_aliases").paginate():
        for found in page["Aliases"]:
            if found["AliasName"] == alias:
                return str(kms.describe_key(KeyId=found["TargetKeyId"])["KeyMetadata"]["Arn"])
    made = kms.create_key(Description=f"Encrypts the states in {bucket}")["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
    return str(made["Arn"])


def _exists(s3: Any, bucket: str, region: str) -> bool:
    """Whether the account has it. Raises BucketError when it is elsewhere, or somebody else's."""
    from botocore.exceptions import ClientError

    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return False
        raise BucketError(f"bucket {bucket} exists and is not this account's: choose another name") from error
    where = s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"
    if where != region:
        raise BucketError(f"bucket {bucket} is in {where}, not in {region}: name that region, or choose another bucket")
    return True


def _tls_only(bucket: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Sid": "DenyPlaintext",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
