"""Stores that functions at the edge read."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.cloudfront.common import live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import Properties


class KeyValueStore(Handler):
    """A store; its entries are nobody's resource, so that a program that is applied again leaves them as they are."""

    token = "aws:cloudfront/keyValueStore:KeyValueStore"
    create_only = frozenset({"name"})
    autoname = "name"
    autoname_limit = 64
    volatile = frozenset({"etag", "lastModifiedTime"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("cloudfront", "CreateKeyValueStore", {"Name": inputs["name"], "Comment": inputs.get("comment", "")})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        tags = {"Tags": {"Items": tagging.pairs(inputs["tagsAll"])}} if inputs["tagsAll"] else {}
        answer = call.client("cloudfront").create_key_value_store(Name=inputs["name"], Comment=inputs.get("comment", ""), **tags)
        return inputs["name"], self._facts(answer)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        answer = call.client("cloudfront").describe_key_value_store(Name=resource_id)
        live = answer["KeyValueStore"]
        comment = {"comment": live["Comment"]} if live.get("Comment") or "comment" in state else {}
        return {"name": live["Name"], **comment, **self._facts(answer), "tags": live_tags(call, live["ARN"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudfront = call.client("cloudfront")
        answer = cloudfront.describe_key_value_store(Name=resource_id)
        comment = new.get("comment", "")
        # The mark changes with every update: an update that was already made is not made again.
        if answer["KeyValueStore"].get("Comment", "") != comment:
            answer = cloudfront.update_key_value_store(Name=resource_id, Comment=comment, IfMatch=answer["ETag"])
        retag(call, old["arn"], old, new)
        return self._facts(answer)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cloudfront = call.client("cloudfront")
        mark = cloudfront.describe_key_value_store(Name=resource_id)["ETag"]
        cloudfront.delete_key_value_store(Name=resource_id, IfMatch=mark)

    def _facts(self, answer: dict[str, Any]) -> Properties:
        live = answer["KeyValueStore"]
        return {"arn": live["ARN"], "etag": answer["ETag"], "lastModifiedTime": f"{live['LastModifiedTime']:%Y-%m-%dT%H:%M:%SZ}"}
