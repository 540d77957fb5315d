"""KMS: how often a key rotates."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import wraps
from typing import Any

_DEFAULT_DAYS = 365


def install() -> None:
    """Adds it to moto."""
    from moto.kms.responses import KmsResponse

    KmsResponse.enable_key_rotation = _enable(KmsResponse.enable_key_rotation)
    KmsResponse.get_key_rotation_status = _status(KmsResponse.get_key_rotation_status)


def _enable(original: Any) -> Any:
    @wraps(original)
    def enable_key_rotation(self: Any) -> Any:
        answer = original(self)
        _key(self).rotation_days = self._get_param("RotationPeriodInDays") or _DEFAULT_DAYS
        return answer

    return enable_key_rotation


def _status(original: Any) -> Any:
    @wraps(original)
    def get_key_rotation_status(self: Any) -> Any:
        from moto.core.utils import unix_time, utcnow

        status, key = json.loads(original(self)), _key(self)
        status["KeyId"] = key.id
        if status["KeyRotationEnabled"]:
            days = getattr(key, "rotation_days", _DEFAULT_DAYS)
            status |= {"RotationPeriodInDays": days, "NextRotationDate": unix_time(utcnow() + timedelta(days=days))}
        return json.dumps(status)

    return get_key_rotation_status


def _key(response: Any) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]
