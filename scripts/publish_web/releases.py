"""Releases of the web client in their bucket, and the entry that says which one is served."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from components.edge.edge_code import RELEASE_KEY, RELEASES
from scripts.publish_web.build import ENTRY, Build, File, PublishError

MANIFESTS, HISTORY = "releases/", "history/"
_AT_A_TIME = 8
_BATCH = 1000
"""Most objects that S3 deletes at a time."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release that is kept whole: its manifest is written last of all."""

    version: str
    published: str
    """When it came to the bucket first, in UTC."""
    by: str
    files: dict[str, str]
    """Path to SHA-256."""


@dataclass(frozen=True, kw_only=True)
class Releases:
    """Where the client is: its bucket, the store that the edges read, and who acts."""

    s3: Any
    store: Any
    """Client of the store's entries, which are a service of their own."""
    bucket: str
    store_arn: str
    by: str

    def served(self) -> str | None:
        """Return the release that viewers get; None before the first."""
        try:
            found: str = self.store.get_key(KvsARN=self.store_arn, Key=RELEASE_KEY)["Value"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return None
        return found

    def kept(self) -> list[Release]:
        """Return the releases that can be served, oldest first."""
        manifests = [json.loads(self._read(key)) for key in self._keys(MANIFESTS)]
        return sorted((Release(**each) for each in manifests), key=lambda release: (release.published, release.version))

    def upload(self, build: Build) -> bool:
        """Bring a build to the bucket, its page last; return whether there was anything to bring.

        Raises PublishError when a name that says its content has other content than in a release that is kept.
        """
        kept = self.kept()
        before = next((release for release in kept if release.version == build.version), None)
        if before is not None and not self._missing(before):
            return False
        _require_same_content(build, kept)
        pages = [build.files[ENTRY]]
        with ThreadPoolExecutor(_AT_A_TIME) as uploading:
            list(uploading.map(lambda file: self._put(build.version, file), [file for file in build.files.values() if file not in pages]))
        for file in pages:
            self._put(build.version, file)
        files = {path: file.sha256 for path, file in build.files.items()}
        published = _now() if before is None else before.published
        release = Release(version=build.version, published=published, by=self.by, files=files)
        self._write(f"{MANIFESTS}{build.version}.json", asdict(release))
        return True

    def switch(self, version: str) -> bool:
        """Serve a release from now on; return whether another one was served before.

        One write, under the newest mark: viewers get all of the one release or all of the other.

        Raises PublishError when it is not kept whole, or when somebody else switched meanwhile.
        """
        mark = self.store.describe_key_value_store(KvsARN=self.store_arn)["ETag"]
        before = self.served()
        if before == version:
            return False
        self._require_whole(version)
        try:
            self.store.put_key(KvsARN=self.store_arn, Key=RELEASE_KEY, Value=version, IfMatch=mark)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise
            raise PublishError("somebody else switched meanwhile: look at `make publish-web-list`, then run it again") from None
        at = _now()
        self._write(f"{HISTORY}{at}-{version}.json", {"version": version, "before": before, "by": self.by, "at": at})
        return True

    def earlier(self) -> str:
        """Return the release that was published before the one that is served.

        Raises PublishError when there is none.
        """
        versions, served = [release.version for release in self.kept()], self.served()
        if served not in versions or versions.index(served) == 0:
            raise PublishError(f"nothing kept is older than what is served ({served or 'nothing'}); kept: {', '.join(versions) or 'none'}")
        return versions[versions.index(served) - 1]

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest releases and the one that is served; return the versions that went."""
        kept, served = self.kept(), self.served()
        gone = [release.version for release in kept[: max(0, len(kept) - keep)] if release.version != served]
        for version in gone:
            # First its manifest: what is half gone is offered to nobody.
            self._remove([f"{MANIFESTS}{version}.json"])
            self._remove(list(self._keys(f"{RELEASES}/{version}/")))
        return gone

    def history(self) -> list[dict[str, Any]]:
        """Return every switch, oldest first."""
        return [json.loads(self._read(key)) for key in sorted(self._keys(HISTORY))]

    def _require_whole(self, version: str) -> None:
        release = next((each for each in self.kept() if each.version == version), None)
        if release is None:
            raise PublishError(f"no release {version!r} is kept; kept: {', '.join(each.version for each in self.kept()) or 'none'}")
        if missing := self._missing(release):
            raise PublishError(f"release {version} lacks {', '.join(missing[:5])}: publish its build again")

    def _missing(self, release: Release) -> list[str]:
        prefix = f"{RELEASES}/{release.version}/"
        return sorted(release.files.keys() - {key.removeprefix(prefix) for key in self._keys(prefix)})

    def _put(self, version: str, file: File) -> None:
        self.s3.put_object(
            Bucket=self.bucket,
            Key=f"{RELEASES}/{version}/{file.path}",
            Body=file.source.read_bytes(),
            ContentType=file.content_type,
            CacheControl=file.cache_control,
            # S3 refuses what is not what was checked.
            ChecksumSHA256=base64.b64encode(bytes.fromhex(file.sha256)).decode(),
        )

    def _write(self, key: str, content: object) -> None:
        body = json.dumps(content, indent=2).encode() + b"\n"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")

    def _read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def _keys(self, prefix: str) -> Iterator[str]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                yield each["Key"]

    def _remove(self, keys: list[str]) -> None:
        for start in range(0, len(keys), _BATCH):
            batch = [{"Key": key} for key in keys[start : start + _BATCH]]
            refused = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True}).get("Errors", [])
            if refused:
                raise PublishError(f"S3 keeps {refused[0]['Key']}: {refused[0]['Code']}; run it again")


def _require_same_content(build: Build, kept: list[Release]) -> None:
    wrong = [
        f"{path} (release {release.version})"
        for release in kept
        for path, file in build.files.items()
        if file.is_hashed and release.files.get(path, file.sha256) != file.sha256
    ]
    if wrong:
        raise PublishError(
            "these names say what is in them, browsers keep them for a year, and now hold something else than before: "
            f"{', '.join(wrong[:5])}; build with names that change with the content"
        )


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
