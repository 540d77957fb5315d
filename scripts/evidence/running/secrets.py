"""Secrets: their keys, policies, copies and rotation; never what they hold."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, text
from scripts.evidence.running.reader import Reader

_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
_GONE = ("ResourceNotFoundException",)


def _describe(place: Place, resource: Resource, *paths: str) -> dict[str, Any]:
    return dict(place.ask("secretsmanager", "describe_secret", SecretId=text(resource, *paths)))


def secret(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read key, copies and policy; what waits for its deletion is as good as gone."""
    found = _describe(place, resource, "arn", "id")
    if found.get("DeletedDate"):
        return None
    policy = place.unless_said(resource, "policy", _POLICY, "secretArn", lambda: _policy_of(place, found["ARN"]))
    copies = [{"region": each["Region"], "kmsKeyId": each.get("KmsKeyId")} for each in found.get("ReplicationStatus", ())]
    return {"kmsKeyId": place.key(found.get("KmsKeyId")), "replicas": copies or None, **policy}


def rotation(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read how often a secret is renewed, and by whom."""
    found = _describe(place, resource, "secretId", "id")
    if not found.get("RotationEnabled"):
        return None
    rules = found.get("RotationRules", {})
    names = {"automaticallyAfterDays": "AutomaticallyAfterDays", "duration": "Duration", "scheduleExpression": "ScheduleExpression"}
    told = {key: value for key, value in given(rules, **names).items() if value is not None}
    schedule = told.get("scheduleExpression")
    declared = resource.look("rotationRules.scheduleExpression")
    if schedule and not isinstance(declared, str):
        # AWS answers days as a schedule as well.
        told.pop("scheduleExpression" if "automaticallyAfterDays" in told else "", None)
    return {"rotationLambdaArn": found.get("RotationLambdaARN"), "rotationRules": told}


def policy(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the policy."""
    found = _policy_of(place, text(resource, "secretArn", "id"))
    return {"policy": found} if found else None


def _policy_of(place: Place, arn: str) -> str | None:
    found = place.ask("secretsmanager", "get_resource_policy", SecretId=arn).get("ResourcePolicy")
    return str(found) if found else None


READERS = (
    Reader(type="aws:secretsmanager/secret:Secret", covers=("kmsKeyId", "replicas", "policy"), read=secret, gone=_GONE),
    Reader(
        type="aws:secretsmanager/secretRotation:SecretRotation",
        covers=("rotationLambdaArn", "rotationRules"),
        read=rotation,
        gone=_GONE,
    ),
    Reader(type=_POLICY, covers=("policy",), read=policy, gone=_GONE),
)
