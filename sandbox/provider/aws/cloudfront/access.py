"""How CloudFront signs in to origins, and code that runs at the edge."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.cloudfront.common import arn, live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_CONTROL = Translation("cloudfront", "CreateOriginAccessControl", below="OriginAccessControlConfig")
_FUNCTION = Translation(
    "cloudfront", "CreateFunction", below="FunctionConfig", apart=frozenset({"name", "code", "publish", "keyValueStoreAssociations"})
)


class OriginAccessControl(Handler):
    """Signs requests to an origin, so that nobody else reaches it."""

    token = "aws:cloudfront/originAccessControl:OriginAccessControl"
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 64
    volatile = frozenset({"etag"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        name = inputs["name"]
        if isinstance(name, str) and not 1 <= len(name) <= self.autoname_limit:
            return [Failure("name", f"must have 1 to {self.autoname_limit} characters (got {len(name)})")]
        return _CONTROL.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        answer = call.client("cloudfront").create_origin_access_control(OriginAccessControlConfig=_CONTROL.request(inputs))
        identity = answer["OriginAccessControl"]["Id"]
        return identity, {"arn": arn(call, f"origin-access-control/{identity}"), "etag": answer["ETag"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        answer = call.client("cloudfront").get_origin_access_control(Id=resource_id)
        found = _CONTROL.properties(self.token, answer["OriginAccessControl"]["OriginAccessControlConfig"])
        return found | {"arn": arn(call, f"origin-access-control/{resource_id}"), "etag": answer["ETag"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudfront, wanted = call.client("cloudfront"), _CONTROL.request(new)
        answer = cloudfront.get_origin_access_control(Id=resource_id)
        # The mark changes with every update: an update that was already made is not made again.
        if answer["OriginAccessControl"]["OriginAccessControlConfig"] != wanted:
            answer = cloudfront.update_origin_access_control(Id=resource_id, IfMatch=answer["ETag"], OriginAccessControlConfig=wanted)
        return {"arn": old["arn"], "etag": answer["ETag"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cloudfront = call.client("cloudfront")
        mark = cloudfront.get_origin_access_control(Id=resource_id)["ETag"]
        cloudfront.delete_origin_access_control(Id=resource_id, IfMatch=mark)


class Function(Handler):
    """JavaScript on requests and responses."""

    token = "aws:cloudfront/function:Function"
    create_only = frozenset({"name"})
    unordered = frozenset({"keyValueStoreAssociations"})
    defaults = {"publish": True}
    autoname = "name"
    autoname_limit = 64
    volatile = frozenset({"etag", "liveStageEtag", "status"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _FUNCTION.failures({"comment": "", **inputs}, Name=inputs["name"], FunctionCode=b"code")

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": arn(call, f"function/{inputs['name']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        tags = {"Tags": {"Items": tagging.pairs(inputs["tagsAll"])}} if inputs["tagsAll"] else {}
        answer = call.client("cloudfront").create_function(Name=inputs["name"], **_code(inputs), **tags)
        self._publish(call, inputs, answer["ETag"])
        return inputs["name"], self._outputs(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cloudfront = call.client("cloudfront")
        config = cloudfront.describe_function(Name=resource_id)["FunctionSummary"]["FunctionConfig"]
        stores = [item["KeyValueStoreARN"] for item in config.get("KeyValueStoreAssociations", {}).get("Items", [])]
        found = {
            "name": resource_id,
            "runtime": config["Runtime"],
            "comment": config.get("Comment", ""),
            "code": cloudfront.get_function(Name=resource_id)["FunctionCode"].read().decode(),
        }
        found |= {"keyValueStoreAssociations": stores} if stores or "keyValueStoreAssociations" in state else {}
        tags = live_tags(call, arn(call, f"function/{resource_id}"))
        return found | self._outputs(call, found) | {"tags": tags}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudfront = call.client("cloudfront")
        mark, wanted = cloudfront.describe_function(Name=resource_id)["ETag"], _code(new)
        live = cloudfront.get_function(Name=resource_id)["FunctionCode"].read()
        config = cloudfront.describe_function(Name=resource_id)["FunctionSummary"]["FunctionConfig"]
        if (live, config) != (wanted["FunctionCode"], wanted["FunctionConfig"]):
            mark = cloudfront.update_function(Name=resource_id, IfMatch=mark, **wanted)["ETag"]
        self._publish(call, new, mark)
        retag(call, old["arn"], old, new)
        return self._outputs(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cloudfront = call.client("cloudfront")
        cloudfront.delete_function(Name=resource_id, IfMatch=cloudfront.describe_function(Name=resource_id)["ETag"])

    def _publish(self, call: Call, inputs: Properties, mark: str) -> None:
        if inputs["publish"]:
            call.client("cloudfront").publish_function(Name=inputs["name"], IfMatch=mark)

    def _outputs(self, call: Call, inputs: Properties) -> Properties:
        answer = call.client("cloudfront").describe_function(Name=inputs["name"])
        status = answer["FunctionSummary"]["Status"]
        live = answer["ETag"] if status != "UNPUBLISHED" else ""
        computed = {"arn": arn(call, f"function/{inputs['name']}"), "etag": answer["ETag"], "liveStageEtag": live, "status": status}
        return with_blanks(self.token, inputs, computed)


def _code(inputs: Properties) -> dict[str, Any]:
    config = _FUNCTION.request({"comment": "", **{name: inputs.get(name) for name in ("runtime", "comment") if inputs.get(name)}})
    stores = [{"KeyValueStoreARN": store} for store in inputs.get("keyValueStoreAssociations") or []]
    if stores:
        config["KeyValueStoreAssociations"] = {"Quantity": len(stores), "Items": stores}
    return {"FunctionConfig": config, "FunctionCode": inputs["code"].encode()}
