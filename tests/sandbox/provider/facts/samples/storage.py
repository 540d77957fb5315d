"""Buckets and file systems."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import BUCKET, GROUP, KEY, POLICY, SUBNETS, TAGS

STORAGE: Final[dict[str, dict[str, Any]]] = {
    "aws:s3/bucket:Bucket": {"bucket": BUCKET, "objectLockEnabled": True, "forceDestroy": False, "tags": TAGS},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "bucket": BUCKET,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {"bucket": BUCKET, "rule": {"objectOwnership": "BucketOwnerEnforced"}},
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "bucket": BUCKET,
        "rules": [
            {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}, "bucketKeyEnabled": True},
        ],
    },
    "aws:s3/bucketVersioning:BucketVersioning": {"bucket": BUCKET, "versioningConfiguration": {"status": "Enabled"}},
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "bucket": BUCKET,
        "rules": [
            {
                "id": "archive",
                "status": "Enabled",
                "filter": {"prefix": "recordings/"},
                "transitions": [{"days": 90, "storageClass": "GLACIER"}],
                "expiration": {"days": 2555},
                "noncurrentVersionExpiration": {"noncurrentDays": 30},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            }
        ],
    },
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket": BUCKET, "policy": POLICY},
    "aws:s3/bucketLogging:BucketLogging": {
        "bucket": BUCKET,
        "targetBucket": "morefocus-prod-euw1-access-logs",
        "targetPrefix": "recordings/",
        "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "EventTime"}},
    },
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": {
        "bucket": BUCKET,
        "name": "all",
        "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 125}],
    },
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
        "bucket": BUCKET,
        "rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 2555}},
    },
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": {"blockPublicAcls": True, "restrictPublicBuckets": True},
    "aws:efs/fileSystem:FileSystem": {
        "encrypted": True,
        "kmsKeyId": KEY,
        "performanceMode": "generalPurpose",
        "throughputMode": "elastic",
        "lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}, {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"}],
        "protection": {"replicationOverwrite": "ENABLED"},
    },
    "aws:efs/mountTarget:MountTarget": {"fileSystemId": "fs-0123456789abcdef0", "subnetId": SUBNETS[0], "securityGroups": [GROUP]},
    "aws:efs/backupPolicy:BackupPolicy": {"fileSystemId": "fs-0123456789abcdef0", "backupPolicy": {"status": "ENABLED"}},
    "aws:efs/fileSystemPolicy:FileSystemPolicy": {"fileSystemId": "fs-0123456789abcdef0", "policy": POLICY},
    "aws:efs/accessPoint:AccessPoint": {
        "fileSystemId": "fs-0123456789abcdef0",
        "posixUser": {"uid": 1000, "gid": 1000},
        "rootDirectory": {"path": "/uploads", "creationInfo": {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}},
    },
}
