"""The ledger's copy in a bucket with object lock: each line an object of its own, which nobody can change or delete for a year (COM-2)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from policies.evidence.ledger import LedgerError
from policies.evidence.ledger_chain import Chain, Entry, Problem, check

_KEY = re.compile(r"^(?P<sequence>\d{8})-(?P<hash>[0-9a-f]{64})\.json$")
_EXISTS = ("PreconditionFailed", "ConditionalRequestConflict")


class Bucket:
    """The lines of one stack under `ledger/<stack>/`.

    What counts is the first version that was ever written of an object: the lock keeps it, whatever is put over it later, and
    whatever mark of deletion hides it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """

    def __init__(self, s3: Any, bucket: str, stack: str) -> None:
        """Take a client of S3 in the bucket's region."""
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"ledger/{stack}/"

    def upload(self, entries: Sequence[Entry]) -> int:
        """Upload the lines that are not there yet, and return how many these are; safe to run again and from several at once.

        Raises LedgerError where the copy has other lines than these, or the bucket locks nothing.
        """
        kept, problems = self.read()
        if found := [*problems, *against_copy(entries, kept.entries)]:
            raise LedgerError(f"s3://{self._bucket}/{self._prefix}, {found[0]}")
        new = entries[len(kept.entries) :]
        if new:
            self._needs_a_lock()
        for entry in new:
            self._put(entry)
        return len(new)

    def read(self) -> tuple[Chain, list[Problem]]:
        """Return the chain as it was uploaded, and what was done to the copy since."""
        problems: list[Problem] = []
        versions = self._first_versions(problems)
        contents: list[bytes] = []
        for number, (name, version) in enumerate(sorted(versions.items()), 1):
            found = _KEY.match(name)
            if found is None or int(found["sequence"]) != number:
                at = int(found["sequence"]) if found else number
                fork = at < number
                problems.append(Problem(at, "the copy has two lines of this number: two ledgers were kept" if fork else _missing(number)))
                break
            body = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name, VersionId=version)["Body"].read()
            if json.loads(body or b"{}").get("hash") != found["hash"]:
                problems.append(
                    Problem(number, "the copy's object holds another line than its name says: it was not written by this program")
                )
            contents.append(body)
        chain = check(b"".join(contents))
        return chain, [*problems, *chain.problems]

    def _first_versions(self, problems: list[Problem]) -> dict[str, str]:
        """Return the first version of each object by its name; tells of what was put over it, or hides it."""
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=self._prefix)
        answer = pages.build_full_result()
        found: dict[str, str] = {}
        for version in answer.get("Versions", ()):
            name = version["Key"].removeprefix(self._prefix)
            if name in found:
                problems.append(
                    Problem(_number(name), "the copy's object was written again: its first version holds, the later one is forged")
                )
            # S3 lists the newest version of an object first.
            found[name] = version["VersionId"]
        for marker in answer.get("DeleteMarkers", ()):
            name = marker["Key"].removeprefix(self._prefix)
            problems.append(Problem(_number(name), "the copy's object was deleted: the lock has kept it, remove the mark of its deletion"))
        return found

    def _put(self, entry: Entry) -> None:
        from botocore.exceptions import ClientError

        key = f"{self._prefix}{entry.sequence:08}-{entry.hash}.json"
        try:
            # Refused where there is one: two that upload at once write it once.
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=entry.line,
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _EXISTS:
                raise
            return
        found = self._s3.head_object(Bucket=self._bucket, Key=key)
        if not found.get("ObjectLockMode"):
            raise LedgerError(f"s3://{self._bucket}/{key} was written and is not locked: give the bucket a default retention")

    def _needs_a_lock(self) -> None:
        from botocore.exceptions import ClientError

        try:
            found = self._s3.get_object_lock_configuration(Bucket=self._bucket)["ObjectLockConfiguration"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ObjectLockConfigurationNotFoundError":
                raise
            found = {}
        if not found.get("Rule", {}).get("DefaultRetention", {}).get("Mode"):
            raise LedgerError(f"bucket {self._bucket} locks nothing by itself: name one with a default retention, such as audit-records")


def against_copy(entries: Sequence[Entry], kept: Sequence[Entry]) -> list[Problem]:
    """Return the first line in which a ledger and its copy differ; lines that are not uploaded yet are no difference."""
    for ours, theirs in zip(entries, kept, strict=False):
        if ours.hash != theirs.hash:
            return [Problem(ours.sequence, "the locked copy has another line: this one was replaced; take the ledger back from the copy")]
    if len(entries) < len(kept):
        return [Problem(len(entries) + 1, "it is missing here, the locked copy has it: take the ledger back from the copy")]
    return []


def _missing(number: int) -> str:
    return f"the copy goes on here without line {number}: upload again where the ledger is whole"


def _number(name: str) -> int:
    found = _KEY.match(name)
    return int(found["sequence"]) if found else 0
