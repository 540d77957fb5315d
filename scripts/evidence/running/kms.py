"""Keys, their policies and their names."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, one, text
from scripts.evidence.running.reader import Reader

_KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
_SYMMETRIC = "SYMMETRIC_DEFAULT"


def key(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read rotation, kind and policy; what waits for its deletion is as good as gone."""
    named = text(resource, "keyId", "id")
    found = place.ask("kms", "describe_key", KeyId=named)["KeyMetadata"]
    if found["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
        return None
    kind = found.get("KeySpec", _SYMMETRIC)
    # AWS refuses the question for kinds of keys that cannot rotate.
    turns = place.ask("kms", "get_key_rotation_status", KeyId=named)["KeyRotationEnabled"] if kind == _SYMMETRIC else False
    policy = place.unless_said(resource, "policy", _KEY_POLICY, "keyId", lambda: _policy(place, named))
    return {
        "enableKeyRotation": turns,
        "customerMasterKeySpec": kind,
        "keyUsage": found.get("KeyUsage"),
        "isEnabled": found["Enabled"],
        **policy,
    }


def key_policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the policy."""
    return {"policy": _policy(place, text(resource, "keyId", "id"))}


def _policy(place: Place, named: str) -> str:
    return str(place.ask("kms", "get_key_policy", KeyId=named, PolicyName="default")["Policy"])


def alias(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read which key the name stands for."""
    name = text(resource, "name", "id")
    found = one(each for each in place.ask("kms", "list_aliases")["Aliases"] if each["AliasName"] == name)
    return {"targetKeyId": found.get("TargetKeyId")} if found else None


READERS = (
    Reader(
        type="aws:kms/key:Key",
        covers=("enableKeyRotation", "customerMasterKeySpec", "keyUsage", "isEnabled", "policy"),
        read=key,
        gone=("NotFoundException",),
    ),
    Reader(type=_KEY_POLICY, covers=("policy",), read=key_policy, gone=("NotFoundException",)),
    Reader(type="aws:kms/alias:Alias", covers=("targetKeyId",), read=alias),
)
