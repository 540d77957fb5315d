"""Key Management Service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.errors import Failure, passing
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, known

_DEFAULT_ROTATION_DAYS = 365
_DEFAULT_WINDOW_DAYS = 30
_GONE = ("PendingDeletion", "PendingReplicaDeletion")


class Key(Handler):
    """A key. It is never deleted at once: AWS waits for the deletion window."""

    token = "aws:kms/key:Key"
    create_only = frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"})
    documents = frozenset({"policy"})
    defaults = {
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": True,
        "enableKeyRotation": False,
        "multiRegion": False,
        "bypassPolicyLockoutSafetyCheck": False,
    }

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found = documents.failures("policy", inputs.get("policy"), documents.KEY)
        if not found and inputs["bypassPolicyLockoutSafetyCheck"] is False:
            found += _lockout(inputs.get("policy"), call.account)
        if inputs["enableKeyRotation"] is True and inputs["customerMasterKeySpec"] not in ("SYMMETRIC_DEFAULT", UNKNOWN):
            reason = f"only symmetric keys rotate by themselves (customerMasterKeySpec is {inputs['customerMasterKeySpec']!r})"
            found.append(Failure("enableKeyRotation", reason))
        if inputs["enableKeyRotation"] is False and inputs.get("rotationPeriodInDays"):
            found.append(Failure("rotationPeriodInDays", "means nothing without enableKeyRotation: set that to true as well"))
        return found + refusals("kms", "CreateKey", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        rotation = _DEFAULT_ROTATION_DAYS if inputs["enableKeyRotation"] is True else 0
        return {
            "description": inputs.get("description", ""),
            "multiRegion": inputs["multiRegion"],
            "rotationPeriodInDays": inputs.get("rotationPeriodInDays", rotation),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        kms = call.client("kms")
        key = kms.create_key(**self._request(inputs), Tags=tagging.pairs(inputs["tagsAll"], "TagKey", "TagValue"))["KeyMetadata"]
        key_id = key["KeyId"]
        if inputs["enableKeyRotation"]:
            kms.enable_key_rotation(KeyId=key_id, **parameters(inputs, RotationPeriodInDays="rotationPeriodInDays"))
        if not inputs["isEnabled"]:
            kms.disable_key(KeyId=key_id)
        policy = inputs.get("policy") or _policy(kms, key_id)
        return key_id, {**self.preview(call, inputs), "arn": key["Arn"], "keyId": key_id, "policy": policy}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        kms = call.client("kms")
        key = kms.describe_key(KeyId=resource_id)["KeyMetadata"]
        if key["KeyState"] in _GONE:
            return None
        rotation = kms.get_key_rotation_status(KeyId=resource_id)
        tags = kms.list_resource_tags(KeyId=resource_id)["Tags"]
        return {
            "arn": key["Arn"],
            "keyId": key["KeyId"],
            "description": key.get("Description", ""),
            "customerMasterKeySpec": key["KeySpec"],
            "keyUsage": key["KeyUsage"],
            "multiRegion": key.get("MultiRegion", False),
            "isEnabled": key["Enabled"],
            "customKeyStoreId": key.get("CustomKeyStoreId", ""),
            "xksKeyId": key.get("XksKeyConfiguration", {}).get("Id", ""),
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays", 0),
            "policy": _policy(kms, resource_id),
            "tags": tagging.mapping(tags, "TagKey", "TagValue"),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        kms = call.client("kms")
        if new["isEnabled"] and not old["isEnabled"]:
            kms.enable_key(KeyId=resource_id)
        if new["enableKeyRotation"]:
            kms.enable_key_rotation(KeyId=resource_id, **parameters(new, RotationPeriodInDays="rotationPeriodInDays"))
        elif old["enableKeyRotation"]:
            kms.disable_key_rotation(KeyId=resource_id)
        if old.get("description", "") != new.get("description", ""):
            kms.update_key_description(KeyId=resource_id, Description=new.get("description", ""))
        if "policy" in new and old["policy"] != new["policy"]:
            kms.put_key_policy(
                KeyId=resource_id,
                PolicyName="default",
                Policy=new["policy"],
                BypassPolicyLockoutSafetyCheck=new["bypassPolicyLockoutSafetyCheck"],
            )
        if old["isEnabled"] and not new["isEnabled"]:
            kms.disable_key(KeyId=resource_id)
        tagging.retag(kms, resource_id, old, new)
        return {**self.preview(call, new), "policy": new.get("policy", old["policy"])}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        window = state.get("deletionWindowInDays") or _DEFAULT_WINDOW_DAYS
        # A key whose deletion is pending cannot be scheduled again.
        with passing("KMSInvalidStateException"):
            call.client("kms").schedule_key_deletion(KeyId=resource_id, PendingWindowInDays=window)

    def _request(self, inputs: Properties) -> Properties:
        given = {**inputs, "policy": documents.text(inputs.get("policy"))}
        return parameters(
            given,
            Description="description",
            KeySpec="customerMasterKeySpec",
            KeyUsage="keyUsage",
            MultiRegion="multiRegion",
            Policy="policy",
            BypassPolicyLockoutSafetyCheck="bypassPolicyLockoutSafetyCheck",
            CustomKeyStoreId="customKeyStoreId",
            XksKeyId="xksKeyId",
        )


class Alias(Handler):
    """A name for a key, `alias/...`."""

    token = "aws:kms/alias:Alias"
    create_only = frozenset({"name", "namePrefix"})
    autoname = "name"
    autoname_prefix = "alias/"
    autoname_limit = 250

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        name = inputs.get("name")
        given = name if isinstance(name, str) else inputs.get("namePrefix")
        if isinstance(given, str) and (not given.startswith("alias/") or given.startswith("alias/aws/")):
            allowed = "begins with alias/, but not with alias/aws/, which is AWS's own"
            return [Failure("name", f"an alias {allowed} (got {given!r})")]
        return refusals("kms", "CreateAlias", self._request(inputs, naming.predicted(inputs)))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("kms", naming.predicted(inputs)),
            "namePrefix": inputs.get("namePrefix", ""),
            "targetKeyArn": _key_arn(call, inputs["targetKeyId"]),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = naming.chosen(call, inputs)
        call.client("kms").create_alias(**self._request(inputs, name))
        return name, {**self.preview(call, {**inputs, "name": name}), "name": name}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        for page in call.client("kms").get_paginator("list_aliases").paginate():
            for alias in page["Aliases"]:
                if alias["AliasName"] == resource_id and alias.get("TargetKeyId"):
                    return {
                        "name": resource_id,
                        "namePrefix": state.get("namePrefix", ""),
                        "arn": alias["AliasArn"],
                        "targetKeyId": alias["TargetKeyId"],
                        "targetKeyArn": _key_arn(call, alias["TargetKeyId"]),
                    }
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("kms").update_alias(**self._request(new, resource_id))
        return self.preview(call, {**new, "name": resource_id})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("kms").delete_alias(AliasName=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "targetKeyId" and known(old, new):
            return str(old).rpartition("/")[2] == str(new).rpartition("/")[2]
        return super().equal(path, old, new)

    def _request(self, inputs: Properties, name: str) -> Properties:
        return {"AliasName": name, "TargetKeyId": inputs["targetKeyId"]}


def _key_arn(call: Call, key: Any) -> Any:
    return key if key is UNKNOWN or key.startswith("arn:") else call.arn("kms", f"key/{key}")


def _policy(kms: Any, key_id: str) -> str:
    return str(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])


def _lockout(policy: Any, account: str) -> list[Failure]:
    """KMS refuses a policy under which nobody of the account could change it again.

    Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
    """
    if policy is None or not known(policy):
        return []
    if any(account in str(principal) or principal == "*" for principal in _keepers(policy)):
        return []
    reason = (
        f"no statement allows anyone of account {account} kms:PutKeyPolicy, so the key could never be managed again: "
        f"allow kms:* to arn:aws:iam::{account}:root, or set bypassPolicyLockoutSafetyCheck"
    )
    return [Failure("policy", reason)]


def _keepers(policy: str) -> Iterator[Any]:
    for statement in documents.statements(policy):
        actions = documents.members(statement.get("Action", []))
        if statement["Effect"] != "Allow" or not any(action in ("*", "kms:*", "kms:Put*", "kms:PutKeyPolicy") for action in actions):
            continue
        principal = statement.get("Principal", {})
        yield from documents.members(principal["AWS"] if isinstance(principal, dict) and "AWS" in principal else principal)
