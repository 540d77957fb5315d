"""What a program puts into a bucket: one object, of text, of bytes or of a file."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from sandbox.provider import archives, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties, known

_CONTENTS = ("content", "contentBase64", "source")
_OWN = frozenset({*_CONTENTS, "etag", "forceDestroy", "overrideProvider", "sourceHash"})
_NAMES = {"kmsKeyId": "SSEKMSKeyId", "websiteRedirect": "WebsiteRedirectLocation"}
_PUT = Translation("s3", "PutObject", names=_NAMES, apart=_OWN)
_SUMS = {"CRC32": "Crc32", "CRC32C": "Crc32c", "CRC64NVME": "Crc64nvme", "SHA1": "Sha1", "SHA256": "Sha256"}
_CHOSEN = frozenset(
    {
        *("acl", "bucketKeyEnabled", "contentType", "etag", "kmsKeyId", "serverSideEncryption", "storageClass"),
        *(f"checksum{each}" for each in _SUMS.values()),
    }
)
"""What S3 chooses, or computes, where the program says nothing."""
_MOST_TAGS = 10
"""Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html"""


class BucketObjectv2(Handler):
    """An object; a new content is a new version where the bucket keeps versions."""

    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    create_only = frozenset({"bucket", "key"})
    defaults = {"forceDestroy": False}
    volatile = frozenset({"etag", "versionId", *(f"checksum{each}" for each in _SUMS.values())})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        given = [key for key in _CONTENTS if key in inputs]
        if len(given) > 1:
            found.append(Failure(given[1], f"an object is given its content in one way (got {', '.join(given)})"))
        tags = inputs.get("tags") or {}
        if known(tags) and len(tags) > _MOST_TAGS:
            found.append(Failure("tags", f"S3 takes {_MOST_TAGS} of an object (got {len(tags)})"))
        if inputs.get("kmsKeyId") and inputs.get("serverSideEncryption", "aws:kms") not in ("aws:kms", "aws:kms:dsse"):
            found.append(Failure("kmsKeyId", f"a KMS key goes with aws:kms or aws:kms:dsse (got {inputs['serverSideEncryption']})"))
        return found or _PUT.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        if not known(inputs["bucket"], inputs["key"]):
            return {}
        return {"arn": call.arn("s3", f"{inputs['bucket']}/{_key(inputs['key'])}", region="", account="")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return f"{inputs['bucket']}/{_key(inputs['key'])}", self._outputs(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        bucket, _, key = resource_id.partition("/")
        live = self._head(call, bucket, key)
        tags = call.client("s3").get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        found = _PUT.properties(self.token, live) | self._computed(live)
        told = {name: value for name, value in found.items() if name in state or name not in ("metadata", "cacheControl")}
        return told | self.preview(call, {"bucket": bucket, "key": key}) | {"bucket": bucket, "key": key, "tags": tagging.mapping(tags)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        named = {name for name in new.keys() | (old.keys() - _CHOSEN) if _PUT.accepts(name) or name in (*_CONTENTS, "etag", "sourceHash")}
        if any(not self.equal(name, old.get(name), new.get(name)) for name in named):
            self._put(call, new)
        else:
            tags = tagging.pairs(new["tagsAll"])
            call.client("s3").put_object_tagging(Bucket=new["bucket"], Key=_key(new["key"]), Tagging={"TagSet": tags})
        return self._outputs(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        s3, key = call.client("s3"), _key(state["key"])
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=state["bucket"], Prefix=key):
            for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                if each["Key"] == key:
                    s3.delete_object(Bucket=state["bucket"], Key=key, VersionId=each["VersionId"])

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "source" and known(old, new) and old and new:
            return archives.same_content(old, new)
        return super().equal(path, old, new)

    def _put(self, call: Call, inputs: Properties) -> None:
        tagged = {"Tagging": urlencode(sorted(inputs["tagsAll"].items()))} if inputs.get("tagsAll") else {}
        request = _PUT.request({**inputs, "key": _key(inputs["key"])})
        if inputs.get("kmsKeyId"):
            request.setdefault("ServerSideEncryption", "aws:kms")
        call.client("s3").put_object(**request, Body=_body(inputs), **tagged)

    def _head(self, call: Call, bucket: str, key: str) -> Properties:
        live: Properties = call.client("s3").head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        return live

    def _outputs(self, call: Call, inputs: Properties) -> Properties:
        live = self._head(call, inputs["bucket"], _key(inputs["key"]))
        shown = {name: value for name, value in _PUT.properties(self.token, live).items() if name not in inputs and name != "metadata"}
        return with_blanks(self.token, inputs, shown | self._computed(live) | self.preview(call, inputs))

    def _computed(self, live: Properties) -> Properties:
        sums = {f"checksum{each}": live.get(f"Checksum{name}", "") for name, each in _SUMS.items()}
        kept = {
            "etag": live["ETag"].strip('"'),
            "versionId": live.get("VersionId", ""),
            "storageClass": live.get("StorageClass", "STANDARD"),
        }
        return sums | kept | {"acl": "private", "bucketKeyEnabled": live.get("BucketKeyEnabled", False)}


def _key(key: str) -> str:
    """The key as the real provider makes it: without slashes at its beginning, and with one for several."""
    return "/".join(part for part in key.split("/") if part) + ("/" if key.endswith("/") else "")


def _body(inputs: Properties) -> bytes:
    if "source" in inputs:
        return archives.content(inputs["source"])
    if "contentBase64" in inputs:
        return base64.b64decode(inputs["contentBase64"])
    return str(inputs.get("content", "")).encode()
