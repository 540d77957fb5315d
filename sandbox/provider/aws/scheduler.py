"""EventBridge Scheduler: calls that are made by the clock."""

from __future__ import annotations

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_SCHEDULE = Translation("scheduler", "CreateSchedule", apart=frozenset({"namePrefix"}))
_FILLED_IN = {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185}
"""How long and how often a call that failed is made again, unless told."""


class Schedule(Handler):
    """One call, and when it is made."""

    token = "aws:scheduler/schedule:Schedule"
    create_only = frozenset({"groupName", "name", "namePrefix"})
    defaults = {"groupName": "default", "scheduleExpressionTimezone": "UTC", "state": "ENABLED"}
    autoname = "name"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = _SCHEDULE.failures(inputs)
        window = inputs["flexibleTimeWindow"]
        if known(window) and (window.get("mode") == "FLEXIBLE") != ("maximumWindowInMinutes" in window):
            found.append(Failure("flexibleTimeWindow", "give maximumWindowInMinutes with mode FLEXIBLE, and not with OFF"))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        if not known(inputs["name"], inputs["groupName"]):
            return {}
        return {"arn": self._arn(call, inputs["groupName"], inputs["name"]), "namePrefix": "", "actionAfterCompletion": "NONE"}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("scheduler").create_schedule(**_SCHEDULE.request(inputs))
        return f"{inputs['groupName']}/{inputs['name']}", self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group, _, name = resource_id.partition("/")
        live = call.client("scheduler").get_schedule(GroupName=group, Name=name)
        found = _SCHEDULE.properties(self.token, live)
        told = {key: aligned(state[key], value, defaults=_FILLED_IN) if key in state else value for key, value in found.items()}
        return {**told, "arn": self._arn(call, group, name)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("scheduler").update_schedule(**_SCHEDULE.request(new))
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        group, _, name = resource_id.partition("/")
        call.client("scheduler").delete_schedule(GroupName=group, Name=name)

    def _arn(self, call: Call, group: str, name: str) -> str:
        return call.arn("scheduler", f"schedule/{group}/{name}")
