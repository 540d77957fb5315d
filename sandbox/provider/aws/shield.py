"""Shield Advanced: the account's subscription, and what it protects."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.errors import Failure, already_gone
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

_HOME = "us-east-1"
"""Where the one endpoint of Shield is."""


class Subscription(Handler):
    """A commitment of a year that cannot be taken back: when the resource goes, its renewal is stopped."""

    token = "aws:shield/subscription:Subscription"
    defaults = {"autoRenew": "ENABLED", "skipDestroy": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("shield", "UpdateSubscription", {"AutoRenew": inputs["autoRenew"]})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        shield = call.client("shield", _HOME)
        if self._live(call) is None:
            shield.create_subscription()
        shield.update_subscription(AutoRenew=inputs["autoRenew"])
        return call.account, {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = self._live(call)
        return None if live is None else {"autoRenew": live["AutoRenew"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("shield", _HOME).update_subscription(AutoRenew=new["autoRenew"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if not state.get("skipDestroy"):
            call.client("shield", _HOME).update_subscription(AutoRenew="DISABLED")

    def _live(self, call: Call) -> Properties | None:
        with already_gone():
            return dict(call.client("shield", _HOME).describe_subscription()["Subscription"])
        return None


class Protection(Handler):
    """A resource that Shield Advanced protects."""

    token = "aws:shield/protection:Protection"
    create_only = frozenset({"name", "resourceArn"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("shield", "CreateProtection", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        tags = tagging.parameter(inputs.get("tagsAll") or {})
        made = call.client("shield", _HOME).create_protection(**self._request(inputs), **tags)["ProtectionId"]
        return made, {"arn": self._arn(call, made)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        shield = call.client("shield", _HOME)
        live = shield.describe_protection(ProtectionId=resource_id)["Protection"]
        tags = shield.list_tags_for_resource(ResourceARN=live["ProtectionArn"])["Tags"]
        return {"name": live["Name"], "resourceArn": live["ResourceArn"], "arn": live["ProtectionArn"], "tags": tagging.mapping(tags)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        tagging.retag(call.client("shield", _HOME), old["arn"], old, new)
        return {"arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("shield", _HOME).delete_protection(ProtectionId=resource_id)

    def _arn(self, call: Call, identity: str) -> str:
        return call.arn("shield", f"protection/{identity}", region="")

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, Name="name", ResourceArn="resourceArn")
