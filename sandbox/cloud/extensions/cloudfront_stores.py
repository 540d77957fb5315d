"""CloudFront's key-value stores hold entries, change only under the newest mark, and stay while a function reads them.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions-kvp.html
"""

from __future__ import annotations

import json
import re
from functools import wraps
from typing import Any
from urllib.parse import unquote

from sandbox.cloud.extensions.common import kept, now

_PATH = re.compile(r"/key-value-stores/(?P<arn>arn:[^/]+/[^/]+)(?:/keys(?:/(?P<key>.+))?)?")
_LONGEST_VALUE, _LARGEST_STORE = 1024, 5 * 1024 * 1024
_Answer = tuple[int, dict[str, str], str]


def install() -> None:
    """Adds it to moto: the entries are a service of their own name, which answers beside CloudFront itself."""
    from moto.cloudfront.models import CloudFrontBackend
    from moto.cloudfront.urls import url_paths
    from moto.moto_server import werkzeug_app

    CloudFrontBackend.delete_key_value_store = _unused(CloudFrontBackend.delete_key_value_store)
    werkzeug_app.SIGNING_ALIASES["cloudfront-keyvaluestore"] = "cloudfront"
    url_paths["{0}/key-value-stores/(?P<rest>.+)$"] = _entries


def _unused(original: Any) -> Any:
    @wraps(original)
    def delete_key_value_store(self: Any, name: str) -> None:
        from moto.cloudfront.exceptions import CloudFrontException

        arn = self.describe_key_value_store(name).arn
        for function in self.functions.values():
            items = (function.config.get("KeyValueStoreAssociations") or {}).get("Items") or []
            if arn in [item["KeyValueStoreARN"] for item in items]:
                raise CloudFrontException("CannotDeleteEntityWhileInUse", f"The key value store is read by function {function.name}.")
        original(self, name)

    return delete_key_value_store


def _entries(request: Any, full_url: str, headers: Any) -> _Answer:
    """Every operation on a store's entries."""
    del full_url, headers
    found = _PATH.fullmatch(unquote(request.path))
    store = _store(found["arn"]) if found else None
    if found is None or store is None:
        return _refusal("ResourceNotFoundException", "The key value store does not exist.", 404)
    held, key = kept(store, "entries"), found["key"]
    if request.method == "GET":
        return _shown(store, held, key, listed=request.path.endswith("/keys"))
    if request.headers.get("If-Match") != _mark(store):
        return _refusal("ConflictException", "The If-Match version is not the newest of the key value store.", 409)
    return _changed(store, held, key, request)


def _store(arn: str) -> Any:
    from moto.cloudfront.models import cloudfront_backends

    stores = cloudfront_backends[arn.split(":")[4]]["aws"].key_value_stores.values()
    return next((store for store in stores if store.arn == arn), None)


def _mark(store: Any) -> str:
    return str(kept(store, "marks").setdefault("entries", store.etag))


def _shown(store: Any, held: dict[str, str], key: str | None, *, listed: bool) -> _Answer:
    if listed:
        return _told({"Items": [{"Key": name, "Value": value} for name, value in sorted(held.items())]})
    if key is None:
        facts = {"KvsARN": store.arn, "Created": store.last_modified_time.timestamp(), "Status": store.status}
        return _told(facts | _size(held), _mark(store))
    if key not in held:
        return _refusal("ResourceNotFoundException", f"The key {key} does not exist.", 404)
    return _told({"Key": key, "Value": held[key]} | _size(held))


def _changed(store: Any, held: dict[str, str], key: str | None, request: Any) -> _Answer:
    from moto.cloudfront.models import random_id

    asked = json.loads(request.get_data() or b"{}")
    putting = {key: asked["Value"]} if key and request.method == "PUT" else {item["Key"]: item["Value"] for item in asked.get("Puts", [])}
    removing = [key] if key and request.method == "DELETE" else [item["Key"] for item in asked.get("Deletes", [])]
    if any(len(value.encode()) > _LONGEST_VALUE for value in putting.values()):
        return _refusal("ValidationException", f"A value has at most {_LONGEST_VALUE} bytes.", 400)
    wanted = {name: value for name, value in held.items() if name not in removing} | putting
    if _size(wanted)["TotalSizeInBytes"] > _LARGEST_STORE:
        return _refusal("ServiceQuotaExceededException", "The key value store would be too large.", 402)
    held.clear()
    held.update(wanted)
    store.last_modified_time = now()
    kept(store, "marks")["entries"] = random_id()
    return _told(_size(held), _mark(store))


def _size(held: dict[str, str]) -> dict[str, int]:
    return {"ItemCount": len(held), "TotalSizeInBytes": sum(len(name.encode()) + len(value.encode()) for name, value in held.items())}


def _told(members: dict[str, Any], mark: str | None = None) -> _Answer:
    headers = {"Content-Type": "application/json", **({"ETag": mark} if mark else {})}
    return 200, headers, json.dumps(members)


def _refusal(code: str, message: str, status: int) -> _Answer:
    return status, {"Content-Type": "application/json", "x-amzn-ErrorType": code}, json.dumps({"Message": message})
