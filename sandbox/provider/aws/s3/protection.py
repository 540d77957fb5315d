"""What keeps a bucket's objects: encryption, versions, locks."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.s3.bucket import locked
from sandbox.provider.aws.s3.setting import Setting
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call
from sandbox.provider.requests import parameters
from sandbox.provider.values import UNKNOWN, Properties


class BucketServerSideEncryptionConfiguration(Setting):
    """How new objects are encrypted."""

    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    operation = "PutBucketEncryption"

    def rules(self, inputs: Properties) -> list[Failure]:
        rules = inputs["rules"]
        if not isinstance(rules, list):
            return []
        if len(rules) != 1:
            return [Failure("rules", f"S3 takes exactly one rule (got {len(rules)})")]
        default = rules[0].get("applyServerSideEncryptionByDefault") if isinstance(rules[0], dict) else None
        if isinstance(default, dict) and default.get("kmsMasterKeyId") and default["sseAlgorithm"] == "AES256":
            path = "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"
            return [Failure(path, "a KMS key goes with sseAlgorithm aws:kms or aws:kms:dsse (got AES256)")]
        return []

    def request(self, inputs: Properties) -> Properties:
        rules = inputs["rules"]
        if isinstance(rules, list):
            rules = [rule if rule is UNKNOWN else self._rule(rule) for rule in rules]
        return {"ServerSideEncryptionConfiguration": {"Rules": rules}}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        rules = []
        for rule in s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]:
            default = rule.get("ApplyServerSideEncryptionByDefault", {})
            rules.append(
                {
                    "applyServerSideEncryptionByDefault": {
                        wire: default[member]
                        for member, wire in (("SSEAlgorithm", "sseAlgorithm"), ("KMSMasterKeyID", "kmsMasterKeyId"))
                        if default.get(member)
                    },
                    "bucketKeyEnabled": rule.get("BucketKeyEnabled", False),
                    "blockedEncryptionTypes": rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", []),
                }
            )
        return {"rules": aligned(state.get("rules", []), rules)}

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_bucket_encryption(Bucket=bucket)

    def _rule(self, rule: Properties) -> Properties:
        request = parameters(rule, BucketKeyEnabled="bucketKeyEnabled")
        default = rule.get("applyServerSideEncryptionByDefault")
        if default is not None:
            request["ApplyServerSideEncryptionByDefault"] = (
                default if default is UNKNOWN else parameters(default, SSEAlgorithm="sseAlgorithm", KMSMasterKeyID="kmsMasterKeyId")
            )
        if rule.get("blockedEncryptionTypes"):
            request["BlockedEncryptionTypes"] = {"EncryptionType": rule["blockedEncryptionTypes"]}
        return request


class BucketVersioning(Setting):
    """Whether a bucket keeps what is replaced or deleted."""

    token = "aws:s3/bucketVersioning:BucketVersioning"
    operation = "PutBucketVersioning"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        # "Disabled" is the provider's word for a bucket that never had versions; S3 itself does not know it.
        return [] if _never(inputs) else super().check(call, inputs)

    def request(self, inputs: Properties) -> Properties:
        wanted = inputs["versioningConfiguration"]
        if wanted is not UNKNOWN:
            wanted = parameters(wanted, Status="status", MFADelete="mfaDelete")
        return {"VersioningConfiguration": wanted, **parameters(inputs, MFA="mfa")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        if _never(inputs):
            return inputs["bucket"], {}
        return super().create(call, inputs)

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        live = s3.get_bucket_versioning(Bucket=bucket)
        found = {"status": live.get("Status", "Disabled"), "mfaDelete": live.get("MFADelete", "Disabled")}
        if found["status"] == "Disabled" and not _never(state):
            return None
        return {"versioningConfiguration": aligned(state.get("versioningConfiguration", {}), found, defaults={"mfaDelete": "Disabled"})}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if _never(new):
            raise HandlerError(
                f"versioning of bucket {resource_id} was {old['versioningConfiguration']['status']} and cannot go back to Disabled: "
                "use Suspended"
            )
        return super().update(call, resource_id, old, new)

    def remove(self, s3: Any, bucket: str) -> None:
        # A bucket whose objects may be locked keeps its versions for good.
        if s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled" and not locked(s3, bucket):
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class BucketObjectLockConfiguration(Setting):
    """How long new objects are locked, unless they say otherwise."""

    token = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    operation = "PutObjectLockConfiguration"
    create_only = Setting.create_only | {"objectLockEnabled"}
    defaults = {"objectLockEnabled": "Enabled"}

    def rules(self, inputs: Properties) -> list[Failure]:
        rule = inputs.get("rule")
        retention = rule.get("defaultRetention") if isinstance(rule, dict) else None
        if isinstance(retention, dict) and ("days" in retention) == ("years" in retention):
            return [Failure("rule.defaultRetention", "give either days or years")]
        return []

    def request(self, inputs: Properties) -> Properties:
        wanted: Properties = {"ObjectLockEnabled": inputs["objectLockEnabled"]}
        rule = inputs.get("rule")
        if isinstance(rule, dict):
            retention = rule["defaultRetention"]
            if retention is not UNKNOWN:
                retention = parameters(retention, Mode="mode", Days="days", Years="years")
            wanted["Rule"] = {"DefaultRetention": retention}
        return {"ObjectLockConfiguration": wanted, **({"Token": inputs["token"]} if inputs.get("token") else {})}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        found = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
        retention = found.get("Rule", {}).get("DefaultRetention", {})
        days = {
            wire: retention[member] for member, wire in (("Mode", "mode"), ("Days", "days"), ("Years", "years")) if retention.get(member)
        }
        return {"objectLockEnabled": found["ObjectLockEnabled"], "rule": {"defaultRetention": days} if days else {}}

    def remove(self, s3: Any, bucket: str) -> None:
        # Locking cannot be taken from a bucket; what new objects get by default can.
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})


def _never(inputs: Properties) -> bool:
    wanted = inputs.get("versioningConfiguration")
    return isinstance(wanted, dict) and wanted.get("status") == "Disabled"
