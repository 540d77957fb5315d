"""Who may use a bucket, and the record of who did."""

from __future__ import annotations

from typing import Any

from sandbox.provider import documents
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.s3.setting import Setting
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters
from sandbox.provider.values import UNKNOWN, Properties, known

_SWITCHES = {
    "BlockPublicAcls": "blockPublicAcls",
    "BlockPublicPolicy": "blockPublicPolicy",
    "IgnorePublicAcls": "ignorePublicAcls",
    "RestrictPublicBuckets": "restrictPublicBuckets",
}
_OPEN = dict.fromkeys(_SWITCHES.values(), False)
_HOME = "us-east-1"


class BucketPublicAccessBlock(Setting):
    """Whether a bucket can be made public."""

    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    create_only = frozenset({"bucket"})
    operation = "PutPublicAccessBlock"
    defaults = _OPEN

    def request(self, inputs: Properties) -> Properties:
        return {"PublicAccessBlockConfiguration": {member: inputs[key] for member, key in _SWITCHES.items()}}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        found = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        return {key: found.get(member, False) for member, key in _SWITCHES.items()}

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_public_access_block(Bucket=bucket)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if not state.get("skipDestroy") or call.teardown:
            super().delete(call, resource_id, state)


class AccountPublicAccessBlock(Handler):
    """Whether any bucket of the account can be made public."""

    token = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
    create_only = frozenset({"accountId"})
    defaults = _OPEN

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"accountId": inputs.get("accountId", call.account)}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        account = inputs.get("accountId", call.account)
        self._put(call, account, inputs)
        return account, {"accountId": account}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        answer = call.client("s3control", _HOME).get_public_access_block(AccountId=resource_id)
        found = answer["PublicAccessBlockConfiguration"]
        return {"accountId": resource_id} | {key: found.get(member, False) for member, key in _SWITCHES.items()}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new)
        return {"accountId": resource_id}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("s3control", _HOME).delete_public_access_block(AccountId=resource_id)

    def _put(self, call: Call, account: str, inputs: Properties) -> None:
        call.client("s3control", _HOME).put_public_access_block(
            AccountId=account, PublicAccessBlockConfiguration={member: inputs[key] for member, key in _SWITCHES.items()}
        )


class BucketOwnershipControls(Setting):
    """Who owns what others put into a bucket, and whether ACLs count."""

    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    create_only = frozenset({"bucket"})
    operation = "PutBucketOwnershipControls"

    def request(self, inputs: Properties) -> Properties:
        rule = inputs["rule"]
        rules = rule if rule is UNKNOWN else [{"ObjectOwnership": rule["objectOwnership"]}]
        return {"OwnershipControls": {"Rules": rules}}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        return {"rule": {"objectOwnership": rules[0]["ObjectOwnership"]}}

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_bucket_ownership_controls(Bucket=bucket)


class BucketPolicy(Setting):
    """The policy of a bucket."""

    token = "aws:s3/bucketPolicy:BucketPolicy"
    create_only = frozenset({"bucket"})
    operation = "PutBucketPolicy"
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return super().check(call, inputs)

    def rules(self, inputs: Properties) -> list[Failure]:
        bucket, policy = inputs["bucket"], inputs["policy"]
        found = documents.failures("policy", policy, documents.BUCKET)
        if found or not known(bucket, policy):
            return found
        foreign = [
            resource
            for statement in documents.statements(policy)
            for resource in documents.members(statement.get("Resource", []))
            if resource.startswith("arn:aws:s3:::") and not _covers(resource.removeprefix("arn:aws:s3:::"), bucket)
        ]
        return [Failure("policy", f"S3 takes no other bucket's ARN in the policy of {bucket} (got {resource})") for resource in foreign]

    def request(self, inputs: Properties) -> Properties:
        return {"Policy": documents.text(inputs["policy"])}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        return {"policy": s3.get_bucket_policy(Bucket=bucket)["Policy"]}

    def remove(self, s3: Any, bucket: str) -> None:
        s3.delete_bucket_policy(Bucket=bucket)


class BucketLogging(Setting):
    """Server access logs of a bucket, written to another."""

    token = "aws:s3/bucketLogging:BucketLogging"
    operation = "PutBucketLogging"
    unordered = frozenset({"targetGrants"})

    def request(self, inputs: Properties) -> Properties:
        enabled: Properties = {"TargetBucket": inputs["targetBucket"], "TargetPrefix": inputs["targetPrefix"]}
        if isinstance(grants := inputs.get("targetGrants"), list):
            enabled["TargetGrants"] = [grant if grant is UNKNOWN else _grant(grant) for grant in grants]
        layout = inputs.get("targetObjectKeyFormat")
        if isinstance(layout, dict):
            parts = layout.get("partitionedPrefix")
            by_time = {"PartitionDateSource": parts["partitionDateSource"]} if isinstance(parts, dict) else parts
            enabled["TargetObjectKeyFormat"] = {"SimplePrefix": {}} if parts is None else {"PartitionedPrefix": by_time}
        return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        found = s3.get_bucket_logging(Bucket=bucket).get("LoggingEnabled")
        if not found:
            return None
        grants = [
            {
                "permission": grant["Permission"],
                "grantee": {wire: grant["Grantee"][member] for member, wire in _GRANTEE.items() if grant["Grantee"].get(member)},
            }
            for grant in found.get("TargetGrants", ())
        ]
        return {
            "targetBucket": found["TargetBucket"],
            "targetPrefix": found.get("TargetPrefix", ""),
            "targetGrants": aligned(state.get("targetGrants", []), grants),
            "targetObjectKeyFormat": _layout(found.get("TargetObjectKeyFormat")),
        }

    def remove(self, s3: Any, bucket: str) -> None:
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


_GRANTEE = {"Type": "type", "DisplayName": "displayName", "EmailAddress": "emailAddress", "ID": "id", "URI": "uri"}


def _layout(found: Properties | None) -> Properties | None:
    if found is None:
        return None
    parts = found.get("PartitionedPrefix")
    return {"partitionedPrefix": {"partitionDateSource": parts["PartitionDateSource"]}} if parts else {"simplePrefix": {}}


def _grant(grant: Properties) -> Properties:
    grantee = grant["grantee"]
    return {"Permission": grant["permission"], "Grantee": grantee if grantee is UNKNOWN else parameters(grantee, **_GRANTEE)}


def _covers(path: str, bucket: str) -> bool:
    """Whether a resource (its ARN's last part) speaks of that bucket or of objects in it."""
    name = path.split("/", 1)[0]
    return name == bucket or "*" in name or "?" in name
