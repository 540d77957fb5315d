"""KMS: how often a key rotates, and the key store that it is in."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import wraps
from typing import Any

_DEFAULT_DAYS = 365


def install() -> None:
    """Adds it to moto."""
    from moto.kms.models import Key
    from moto.kms.responses import KmsResponse

    Key.to_dict = _stored(Key.to_dict)
    KmsResponse.create_key = _create(KmsResponse.create_key)
    KmsResponse.enable_key_rotation = _enable(KmsResponse.enable_key_rotation)
    KmsResponse.get_key_rotation_status = _status(KmsResponse.get_key_rotation_status)


def _create(original: Any) -> Any:
    @wraps(original)
    def create_key(self: Any) -> Any:
        made = json.loads(original(self))
        key = self.kms_backend.keys[made["KeyMetadata"]["KeyId"]]
        store, external = self._get_param("CustomKeyStoreId"), self._get_param("XksKeyId")
        key.store = {"CustomKeyStoreId": store} if store else {}
        key.store |= {"XksKeyConfiguration": {"Id": external}} if external else {}
        return json.dumps(key.to_dict())

    return create_key


def _stored(original: Any) -> Any:
    @wraps(original)
    def to_dict(self: Any) -> Any:
        described = original(self)
        described["KeyMetadata"] |= getattr(self, "store", {})
        return described

    return to_dict


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
