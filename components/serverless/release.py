"""The bundle that a service's functions run, under a key that says what is in it (DEL-1, SCH-2)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.s3.bucket_objectv2 import BucketObjectv2

from components._base import Component, Context
from components.serverless.bundle import bundled, lambda_hash, object_key, sha256
from config.vocabulary import DataClass

RELEASES = "releases"
"""Name of the bucket that releases are in, from which its physical name follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseArgs:
    """Either files to bundle, or a bundle that was uploaded: its key and its hash.

    Raises ValueError when it is neither or both, and for a hash that is none.
    """

    bucket: pulumi.Input[str]
    """Name of the bucket; it keeps versions."""
    key_arn: pulumi.Input[str]
    """KMS key of the object."""
    key: str | None = None
    """Of a bundle that was uploaded, such as by `make publish-functions`."""
    source_hash: str | None = None
    """SHA-256 of that bundle, 64 hexadecimal digits: functions of it are not taken into service when their code has another."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path in the bundle to content."""

    def __post_init__(self) -> None:
        if (self.key is None) != (self.source_hash is None):
            raise ValueError(f"key and source_hash go together (got key={self.key!r}, source_hash={self.source_hash!r})")
        if bool(self.files) == (self.key is not None):
            given = "both" if self.files else "neither"
            raise ValueError(f"a release is files, or the key and the source_hash of an uploaded bundle (got {given})")
        if self.source_hash is not None:
            lambda_hash(self.source_hash)


class Release(Component, token="serverless:Release"):
    """One bundle in the bucket of releases, encrypted and checked by its hash (DEL-1, SCH-2)."""

    bucket: pulumi.Output[str]
    key: pulumi.Output[str]
    """Known to functions once the object is there."""
    source_hash: pulumi.Output[str]
    """SHA-256 as Lambda tells it, base64: a function changes when it does."""

    def __init__(self, name: str, context: Context, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self.bucket = pulumi.Output.from_input(args.bucket)
        if args.key is not None and args.source_hash is not None:
            self.key = pulumi.Output.from_input(args.key)
            self.source_hash = pulumi.Output.from_input(lambda_hash(args.source_hash))
        else:
            content = bundled(args.files)
            self.key = self._object(content, args).key
            self.source_hash = pulumi.Output.from_input(lambda_hash(sha256(content)))
        self.publish()

    def _object(self, content: bytes, args: ReleaseArgs) -> BucketObjectv2:
        return BucketObjectv2(
            f"{self._component}-bundle",
            bucket=args.bucket,
            key=object_key(sha256(content)),
            content_base64=base64.b64encode(content).decode(),
            content_type="application/zip",
            checksum_algorithm="SHA256",
            server_side_encryption="aws:kms",
            kms_key_id=args.key_arn,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{self._component}-bundle"),
            opts=self.child(),
        )
