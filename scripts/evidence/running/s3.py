"""Buckets, and what is set of each."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, text
from scripts.evidence.running.reader import Reader

_NO_BUCKET = ("NoSuchBucket", "404")
_PUBLIC = ("http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")
_SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _ask(place: Place, resource: Resource, operation: str) -> Any:
    return place.ask("s3", operation, Bucket=text(resource, "bucket", "id"))


def bucket(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whom lists let in; what else a bucket is stands in resources of its own."""
    _ask(place, resource, "head_bucket")
    public = [grant for grant in _ask(place, resource, "get_bucket_acl")["Grants"] if grant["Grantee"].get("URI") in _PUBLIC]
    return {"acl": "public-read" if public else None}


def public_access_block(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the four switches."""
    return dict(camel(_ask(place, resource, "get_public_access_block")["PublicAccessBlockConfiguration"]))


def account_block(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the account's four switches."""
    del resource
    account = place.everywhere("sts", "get_caller_identity")["Account"]
    return dict(camel(place.ask("s3control", "get_public_access_block", AccountId=account)["PublicAccessBlockConfiguration"]))


def ownership(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who owns objects."""
    return {"rule": camel(_ask(place, resource, "get_bucket_ownership_controls")["OwnershipControls"]["Rules"][0])}


def policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the policy."""
    return {"policy": _ask(place, resource, "get_bucket_policy")["Policy"]}


def encryption(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the default encryption, whose key may be AWS's."""
    rules = camel(_ask(place, resource, "get_bucket_encryption")["ServerSideEncryptionConfiguration"]["Rules"])
    for rule in rules:
        default = rule.get("applyServerSideEncryptionByDefault", {})
        if "kmsMasterKeyId" in default:
            default["kmsMasterKeyId"] = place.key(default["kmsMasterKeyId"])
        if "blockedEncryptionTypes" in rule:
            rule["blockedEncryptionTypes"] = rule["blockedEncryptionTypes"].get("encryptionType", [])
    return {"rules": rules}


def versioning(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether versions are kept; a bucket that never had any says nothing."""
    return {"versioningConfiguration": {"status": _ask(place, resource, "get_bucket_versioning").get("Status", "Disabled")}}


def lifecycle(place: Place, resource: Resource) -> dict[str, Any]:
    """Read after how long objects move or go."""
    return {"rules": camel(_ask(place, resource, "get_bucket_lifecycle_configuration")["Rules"])}


def object_lock(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the default retention."""
    found = camel(_ask(place, resource, "get_object_lock_configuration")["ObjectLockConfiguration"])
    rule = found.get("rule", {})
    # Days or years: the other is not said, or said as none.
    kept = {key: value for key, value in rule.get("defaultRetention", {}).items() if value}
    return {"objectLockEnabled": found.get("objectLockEnabled"), "rule": {"defaultRetention": kept} if kept else None}


def logging(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read where requests are written down."""
    found = _ask(place, resource, "get_bucket_logging").get("LoggingEnabled")
    return {"targetBucket": found["TargetBucket"], "targetPrefix": found.get("TargetPrefix")} if found else None


def replication(place: Place, resource: Resource) -> dict[str, Any]:
    """Read where objects are copied to, and by whom."""
    found = camel(_ask(place, resource, "get_bucket_replication")["ReplicationConfiguration"])
    return {"role": found.get("role"), "rules": found["rules"]}


READERS = (
    Reader(type="aws:s3/bucket:Bucket", covers=("acl",), read=bucket, gone=_NO_BUCKET),
    Reader(
        type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        covers=_SWITCHES,
        read=public_access_block,
        gone=(*_NO_BUCKET, "NoSuchPublicAccessBlockConfiguration"),
    ),
    Reader(
        type="aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        covers=_SWITCHES,
        read=account_block,
        gone=("NoSuchPublicAccessBlockConfiguration",),
    ),
    Reader(
        type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        covers=("rule",),
        read=ownership,
        gone=(*_NO_BUCKET, "OwnershipControlsNotFoundError"),
    ),
    Reader(type="aws:s3/bucketPolicy:BucketPolicy", covers=("policy",), read=policy, gone=(*_NO_BUCKET, "NoSuchBucketPolicy")),
    Reader(
        type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        covers=("rules",),
        read=encryption,
        gone=(*_NO_BUCKET, "ServerSideEncryptionConfigurationNotFoundError"),
    ),
    Reader(type="aws:s3/bucketVersioning:BucketVersioning", covers=("versioningConfiguration",), read=versioning, gone=_NO_BUCKET),
    Reader(
        type="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        covers=("rules",),
        read=lifecycle,
        gone=(*_NO_BUCKET, "NoSuchLifecycleConfiguration"),
    ),
    Reader(
        type="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        covers=("objectLockEnabled", "rule"),
        read=object_lock,
        gone=(*_NO_BUCKET, "ObjectLockConfigurationNotFoundError"),
    ),
    Reader(type="aws:s3/bucketLogging:BucketLogging", covers=("targetBucket", "targetPrefix"), read=logging, gone=_NO_BUCKET),
    Reader(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        covers=("role", "rules"),
        read=replication,
        gone=(*_NO_BUCKET, "ReplicationConfigurationNotFoundError"),
    ),
)
