"""Buckets."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.errors import Failure, already_gone, passing
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import with_blanks
from sandbox.provider.values import Properties

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_BATCH = 1_000

_WEBSITE_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "ca-central-1": "Z1QDHH18159H29",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "sa-east-1": "Z7KQH4QJS55SO",
}
"""Route 53 zone of the website endpoints. Source: https://docs.aws.amazon.com/general/latest/gr/s3.html"""

_ELSEWHERE = {
    "accelerationStatus": "BucketAccelerateConfiguration",
    "acl": "BucketAcl",
    "corsRules": "BucketCorsConfiguration",
    "grants": "BucketAcl",
    "lifecycleRules": "BucketLifecycleConfiguration",
    "logging": "BucketLogging",
    "objectLockConfiguration": "BucketObjectLockConfiguration",
    "policy": "BucketPolicy",
    "replicationConfiguration": "BucketReplicationConfig",
    "requestPayer": "BucketRequestPaymentConfiguration",
    "serverSideEncryptionConfiguration": "BucketServerSideEncryptionConfiguration",
    "versioning": "BucketVersioning",
    "website": "BucketWebsiteConfiguration",
}
"""Deprecated inputs of a bucket, and the resource that took their place."""


class Bucket(Handler):
    """A bucket. Its settings are resources of their own; the deprecated outputs for them show what a new bucket has."""

    token = "aws:s3/bucket:Bucket"
    create_only = frozenset({"bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"})
    defaults = {"forceDestroy": False, "objectLockEnabled": False}
    autoname = "bucket"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [
            Failure(key, f"deprecated, and not held by the sandbox: declare an aws:s3:{resource} instead")
            for key, resource in _ELSEWHERE.items()
            if key in inputs
        ]
        name = inputs.get("bucket")
        if isinstance(name, str) and (reason := _refused(name)):
            found.append(Failure("bucket", reason))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name, region = naming.predicted(inputs, "bucket"), call.region
        return with_blanks(
            self.token,
            inputs,
            {
                "arn": call.arn("s3", name, region="", account=""),
                "bucketDomainName": f"{name}.s3.amazonaws.com",
                "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
                "bucketRegion": region,
                "bucketNamespace": inputs.get("bucketNamespace", "global"),
                "bucketPrefix": inputs.get("bucketPrefix", ""),
                "hostedZoneId": _WEBSITE_ZONES.get(region, ""),
                "requestPayer": "BucketOwner",
                "versioning": {"enabled": False, "mfaDelete": False},
                "serverSideEncryptionConfiguration": {
                    "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}
                },
            },
        )

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        s3, name = call.client("s3"), naming.chosen(call, inputs, "bucket")
        request: Properties = {"Bucket": name}
        if call.region != "us-east-1":  # S3 refuses to be told its home
            request["CreateBucketConfiguration"] = {"LocationConstraint": call.region}
        if inputs["objectLockEnabled"]:
            request["ObjectLockEnabledForBucket"] = True
        if inputs.get("bucketNamespace"):
            request["BucketNamespace"] = inputs["bucketNamespace"]
        s3.create_bucket(**request)
        self._tag(s3, name, inputs)
        return name, {**self.preview(call, {**inputs, "bucket": name}), "bucket": name}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        s3 = call.client("s3")
        region = s3.head_bucket(Bucket=resource_id)["BucketRegion"]
        return {
            **(state or self.preview(call, {"bucket": resource_id})),
            "bucket": resource_id,
            "bucketRegion": region,
            "forceDestroy": state.get("forceDestroy", False),
            "objectLockEnabled": locked(s3, resource_id),
            "tags": self._tags(s3, resource_id),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if old.get("tagsAll") != new["tagsAll"]:
            self._tag(call.client("s3"), resource_id, new)
        return self.preview(call, {**new, "bucket": resource_id})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        s3 = call.client("s3")
        if state.get("forceDestroy") or call.teardown:
            _empty(s3, resource_id)
        s3.delete_bucket(Bucket=resource_id)

    def _tag(self, s3: Any, name: str, inputs: Properties) -> None:
        if inputs["tagsAll"]:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tagging.pairs(inputs["tagsAll"])})
        else:
            s3.delete_bucket_tagging(Bucket=name)

    def _tags(self, s3: Any, name: str) -> dict[str, str]:
        with passing("NoSuchTagSet"):
            return tagging.mapping(s3.get_bucket_tagging(Bucket=name)["TagSet"])
        return {}


def locked(s3: Any, bucket: str) -> bool:
    """Whether objects of the bucket may be locked: decided when a bucket is made."""
    with already_gone():
        answer = s3.get_object_lock_configuration(Bucket=bucket)
        return bool(answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled")
    return False


def _refused(name: str) -> str | None:
    """Why S3 refuses the name. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
    if not _NAME.fullmatch(name):
        allowed = "3 to 63 lower-case letters, digits, hyphens and single dots, a letter or digit at both ends"
        return f"a bucket's name has {allowed} (got {name!r})"
    if _ADDRESS.fullmatch(name):
        return f"a bucket's name must not look like an IP address (got {name!r})"
    if name.startswith(_RESERVED_STARTS) or name.endswith(_RESERVED_ENDS):
        return f"S3 reserves names that begin with {', '.join(_RESERVED_STARTS)} or end with {', '.join(_RESERVED_ENDS)} (got {name!r})"
    return None


def _empty(s3: Any, bucket: str) -> None:
    """Removes every version, delete marker and unfinished upload, locks in governance mode notwithstanding."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [
            {"Key": item["Key"], "VersionId": item["VersionId"]} for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
        for start in range(0, len(found), _BATCH):
            s3.delete_objects(
                Bucket=bucket, Delete={"Objects": found[start : start + _BATCH], "Quiet": True}, BypassGovernanceRetention=True
            )
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for upload in page.get("Uploads", ()):
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
