"""S3: settings are shown as they were put, archive tiers are kept, and bucket policies bind as far as moto can judge them.

moto parses a setting, keeps part of it and builds its answer from that. S3's answer is what it was told, in the same XML.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept

_AS_PUT = ("lifecycle", "encryption", "logging", "versioning", "replication")
"""Query strings of the settings whose answer has the very form of the request."""
_TIERING = "intelligent-tiering"
_LEAST_SIZE = "x-amz-transition-default-minimum-object-size"
_LOGGING_SERVICE = "logging.s3.amazonaws.com"
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>\s*")


def install() -> None:
    """Adds it to moto."""
    from moto.s3.models import FakeBucket
    from moto.s3.responses import S3Response

    S3Response._bucket_response_put = _put(S3Response._bucket_response_put)
    S3Response._bucket_response_get = _get(S3Response._bucket_response_get)
    S3Response._bucket_response_delete = _delete(S3Response._bucket_response_delete)
    FakeBucket.get_permission = _permission(FakeBucket.get_permission)
    FakeBucket._log_permissions_enabled_policy = staticmethod(_lets_write_logs)


def _put(original: Any) -> Any:
    @wraps(original)
    def put(self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if _TIERING in querystring:
            _tierings(self.backend.get_bucket(bucket_name))[querystring["id"][0]] = self.body
            return ""
        bucket = self.backend.buckets.get(bucket_name)
        rules = bucket and bucket.rules
        try:
            answer = original(self, request, bucket_name, querystring)
        except Exception:
            if bucket:
                bucket.rules = rules  # moto forgets the rules it has before it reads the new ones
            raise
        for setting in _AS_PUT:
            if setting in querystring:
                _told(self.backend.get_bucket(bucket_name))[setting] = (self.body, request.headers.get(_LEAST_SIZE))
        return answer

    return put


def _get(original: Any) -> Any:
    @wraps(original)
    def get(self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if _TIERING in querystring:
            return _show_tiering(self.backend.get_bucket(bucket_name), querystring.get("id", [None])[0])
        answer = original(self, bucket_name, querystring)  # refuses what is not set
        told = _told(self.backend.get_bucket(bucket_name))
        for setting in _AS_PUT:
            if setting in querystring and setting in told:
                body, least_size = told[setting]
                return 200, {"Content-Type": "application/xml"} | ({_LEAST_SIZE: least_size} if least_size else {}), body
        return answer

    return get


def _delete(original: Any) -> Any:
    @wraps(original)
    def delete(self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if _TIERING in querystring:
            _show_tiering(self.backend.get_bucket(bucket_name), querystring["id"][0])
            del _tierings(self.backend.get_bucket(bucket_name))[querystring["id"][0]]
            return 204, {}, ""
        for setting in _AS_PUT:
            if setting in querystring:
                _told(self.backend.get_bucket(bucket_name)).pop(setting, None)
        return original(self, bucket_name, querystring)

    return delete


def _told(bucket: Any) -> dict[str, tuple[bytes, str | None]]:
    return kept(bucket, "told")


def _tierings(bucket: Any) -> dict[str, bytes]:
    return kept(bucket, "tierings")


def _show_tiering(bucket: Any, name: str | None) -> Any:
    from moto.s3.exceptions import S3ClientError

    tierings = _tierings(bucket)
    if name is None:
        found = b"".join(_DECLARATION.sub(b"", body) for body in tierings.values())
        root = b"ListBucketIntelligentTieringConfigurationsOutput"
        return 200, {"Content-Type": "application/xml"}, b"<%s><IsTruncated>false</IsTruncated>%s</%s>" % (root, found, root)
    if name not in tierings:
        error = S3ClientError("NoSuchConfiguration", "The specified configuration does not exist.")
        error.code = "NoSuchConfiguration"
        raise error
    return 200, {"Content-Type": "application/xml"}, tierings[name]


def _permission(original: Any) -> Any:
    """moto evaluates statements without their conditions, so that a Deny of plain HTTP denies everything; such statements,
    and those for certain principals, it cannot judge: they neither allow nor deny here."""

    @wraps(original)
    def get_permission(self: Any, action: str, resource: str) -> Any:
        from moto.iam.access_control import IAMPolicy, PermissionResult

        if self.policy is None:
            return original(self, action, resource)
        policy = json.loads(self.policy)
        judged = [item for item in _list(policy["Statement"]) if not item.get("Condition") and _means_everyone(item.get("Principal"))]
        if not judged:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps({**policy, "Statement": judged})).is_action_permitted(action, resource)

    return get_permission


def _means_everyone(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in _list(principal.get("AWS", [])))


def _lets_write_logs(target_bucket: Any, target_prefix: str | None) -> bool:
    """Whether the bucket's policy lets S3 write server access logs under the prefix; moto itself knows three spellings of it."""
    if not target_bucket.policy:
        return False
    written = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}log"
    return any(
        statement.get("Effect") == "Allow"
        and isinstance(principal := statement.get("Principal"), dict)
        and _LOGGING_SERVICE in _list(principal.get("Service", []))
        and any(fnmatchcase("s3:PutObject", action) for action in _list(statement.get("Action", [])))
        and any(fnmatchcase(written, resource) for resource in _list(statement.get("Resource", [])))
        for statement in _list(json.loads(target_bucket.policy)["Statement"])
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
