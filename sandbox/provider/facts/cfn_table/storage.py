"""Buckets and file systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

STORAGE: Final[Mapping[str, Names]] = {
    "aws:s3/bucket:Bucket": Names(
        type="AWS::S3::Bucket",
        renamed={"bucket": "BucketName", "bucketPrefix": "BucketNamePrefix", "replicationConfiguration": None},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Names(type="AWS::S3::BucketPolicy"),
    "aws:s3/bucketVersioning:BucketVersioning": Names(
        type="AWS::S3::Bucket",
        also={"versioningConfiguration.status": ("Disabled",)},  # the provider's word for never enabled
        owns=False,
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Names(
        type="AWS::S3::Bucket", under="PublicAccessBlockConfiguration", owns=False
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Names(
        type="AWS::S3::Bucket", under="OwnershipControls", renamed={"rule": "Rules/*"}, owns=False
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Names(
        type="AWS::S3::Bucket",
        under="BucketEncryption",
        renamed={
            "rules": "ServerSideEncryptionConfiguration",
            "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
            "rules.blockedEncryptionTypes": "BlockedEncryptionTypes/EncryptionType",
        },
        owns=False,
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Names(
        type="AWS::S3::Bucket",
        under="LifecycleConfiguration",
        renamed={
            "rules.expiration": "",
            "rules.expiration.date": "ExpirationDate",
            "rules.expiration.days": "ExpirationInDays",
            "rules.expiration.expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
            "rules.filter": "",
            "rules.filter.objectSizeGreaterThan": "ObjectSizeGreaterThan",
            "rules.filter.objectSizeLessThan": "ObjectSizeLessThan",
            "rules.filter.prefix": "Prefix",
            "rules.noncurrentVersionTransitions.noncurrentDays": "TransitionInDays",
            "rules.transitions.date": "TransitionDate",
            "rules.transitions.days": "TransitionInDays",
        },
        owns=False,
    ),
    "aws:s3/bucketLogging:BucketLogging": Names(
        type="AWS::S3::Bucket",
        under="LoggingConfiguration",
        renamed={"targetBucket": "DestinationBucketName", "targetPrefix": "LogFilePrefix"},
        owns=False,
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": Names(
        type="AWS::S3::Bucket",
        under="IntelligentTieringConfigurations/*",
        renamed={"name": "Id", "filter": "", "filter.prefix": "Prefix"},
        optional=frozenset({"name", "status"}),
        owns=False,
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": Names(
        type="AWS::S3::Bucket", under="ObjectLockConfiguration", owns=False
    ),
    "aws:efs/fileSystem:FileSystem": Names(
        type="AWS::EFS::FileSystem",
        renamed={"protection": "FileSystemProtection", "protection.replicationOverwrite": "ReplicationOverwriteProtection"},
    ),
    "aws:efs/backupPolicy:BackupPolicy": Names(type="AWS::EFS::FileSystem", owns=False),
    "aws:efs/mountTarget:MountTarget": Names(type="AWS::EFS::MountTarget", optional=frozenset({"securityGroups"})),
    "aws:efs/accessPoint:AccessPoint": Names(type="AWS::EFS::AccessPoint"),
}
