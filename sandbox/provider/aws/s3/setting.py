"""What all settings of a bucket share: S3 takes, shows and removes each as a whole, under the bucket's name."""

from __future__ import annotations

from typing import Any, ClassVar

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import Properties


class Setting(Handler):
    """One setting of one bucket."""

    operation: ClassVar[str]
    """The API's operation that sets it, such as `PutBucketVersioning`."""
    create_only = frozenset({"bucket", "expectedBucketOwner"})

    def request(self, inputs: Properties) -> Properties:
        """The operation's parameters beside the bucket; values may be UNKNOWN."""
        raise NotImplementedError

    def live(self, s3: Any, bucket: str, state: Properties) -> Properties | None:
        """The inputs as S3 has them."""
        raise NotImplementedError

    def remove(self, s3: Any, bucket: str) -> None:
        """Back to what a bucket has without the setting."""
        raise NotImplementedError

    def rules(self, inputs: Properties) -> list[Failure]:
        """What S3 refuses beyond what its model says."""
        del inputs
        return []

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return self.rules(inputs) or refusals("s3", self.operation, {"Bucket": inputs["bucket"], **self.request(inputs)})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["bucket"], inputs)
        return inputs["bucket"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = self.live(call.client("s3"), resource_id, state)
        return None if found is None else {"bucket": resource_id, **found}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self.remove(call.client("s3"), resource_id)

    def _put(self, call: Call, bucket: str, inputs: Properties) -> None:
        from botocore import xform_name

        getattr(call.client("s3"), xform_name(self.operation))(Bucket=bucket, **self.request(inputs))
