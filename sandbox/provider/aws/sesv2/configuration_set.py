"""How mail is sent, who is told what became of it, and whom the account no longer writes to."""

from __future__ import annotations

from typing import Any

from botocore import xform_name

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_SET = Translation("sesv2", "CreateConfigurationSet")
_DESTINATION = Translation("sesv2", "CreateConfigurationSetEventDestination")
_OPTIONS = ("deliveryOptions", "reputationOptions", "sendingOptions", "suppressionOptions", "trackingOptions", "vdmOptions")
_DECIDED = ("reputationOptions", "sendingOptions")
"""What the service decides where nothing is said."""
_DEFAULTS = {"tlsPolicy": "OPTIONAL", "sendingEnabled": True}
_TARGETS = ("cloudWatchDestination", "eventBridgeDestination", "kinesisFirehoseDestination", "pinpointDestination", "snsDestination")


class ConfigurationSet(Handler):
    """Rules for the mail that is sent with its name."""

    token = "aws:sesv2/configurationSet:ConfigurationSet"
    create_only = frozenset({"configurationSetName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _SET.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("ses", f"configuration-set/{inputs['configurationSetName']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("sesv2").create_configuration_set(**_SET.request(inputs), **tagging.parameter(inputs["tagsAll"]))
        return inputs["configurationSetName"], self._computed(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        shown = self._shown(call, resource_id, state)
        tags = call.client("sesv2").list_tags_for_resource(ResourceArn=shown["arn"])["Tags"]
        return shown | {"configurationSetName": resource_id, "tags": tagging.mapping(tags)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ses, live = call.client("sesv2"), self._shown(call, resource_id, new)
        for key in _OPTIONS:
            if (key in new and live.get(key) != new[key]) or (key not in new and key in old and key not in _DECIDED):
                _put(ses, resource_id, key, new.get(key) or {})
        tagging.retag(ses, old["arn"], old, new)
        return self._computed(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sesv2").delete_configuration_set(ConfigurationSetName=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path in _OPTIONS and known(old, new):
            return super().equal(path, aligned(new, old, defaults=_DEFAULTS), new)
        return super().equal(path, old, new)

    def _computed(self, call: Call, inputs: Properties) -> Properties:
        shown = self._shown(call, inputs["configurationSetName"], inputs)
        return {key: value for key, value in shown.items() if key not in inputs}

    def _shown(self, call: Call, name: str, state: Properties) -> Properties:
        live = call.client("sesv2").get_configuration_set(ConfigurationSetName=name)
        found = _SET.properties(self.token, live)
        return {
            "arn": call.arn("ses", f"configuration-set/{name}"),
            "reputationOptions": {},
            "sendingOptions": {},
            **{
                key: aligned(state.get(key, {}) if key in state else value, value, defaults=_DEFAULTS)
                for key, value in found.items()
                if key in _OPTIONS
            },
        }


class ConfigurationSetEventDestination(Handler):
    """Who is told what becomes of mail that is sent with a configuration set."""

    token = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
    create_only = frozenset({"configurationSetName", "eventDestinationName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        destination = inputs["eventDestination"]
        if isinstance(destination, dict) and len([key for key in _TARGETS if destination.get(key)]) != 1:
            return [Failure("eventDestination", f"exactly one of {', '.join(_TARGETS)} must be given")]
        return _DESTINATION.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("sesv2").create_configuration_set_event_destination(**_DESTINATION.request(inputs))
        return f"{inputs['configurationSetName']}|{inputs['eventDestinationName']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        chosen, _, name = resource_id.rpartition("|")
        found = call.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=chosen)["EventDestinations"]
        live = next((item for item in found if item["Name"] == name), None)
        if live is None:
            return None
        shown = _DESTINATION.properties(self.token, {"EventDestination": live})["eventDestination"]
        return {
            "configurationSetName": chosen,
            "eventDestinationName": name,
            "eventDestination": aligned(state["eventDestination"], shown) if "eventDestination" in state else shown,
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("sesv2").update_configuration_set_event_destination(**_DESTINATION.request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        chosen, _, name = resource_id.rpartition("|")
        call.client("sesv2").delete_configuration_set_event_destination(ConfigurationSetName=chosen, EventDestinationName=name)


class AccountSuppressionAttributes(Handler):
    """For which reasons an address gets on the account's suppression list; as on AWS, its end changes nothing."""

    token = "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes"
    unordered = frozenset({"suppressedReasons"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("sesv2", "PutAccountSuppressionAttributes", {"SuppressedReasons": inputs["suppressedReasons"]})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return call.account, {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return {"suppressedReasons": call.client("sesv2").get_account()["SuppressionAttributes"]["SuppressedReasons"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """The list goes on as it was told."""

    def _put(self, call: Call, inputs: Properties) -> None:
        call.client("sesv2").put_account_suppression_attributes(SuppressedReasons=inputs["suppressedReasons"])


def _put(ses: Any, name: str, key: str, wanted: Properties) -> None:
    wire = f"{key[0].upper()}{key[1:]}"
    options = _SET.request({key: wanted}).get(wire, {})
    request = {wire: options} if key == "vdmOptions" else options
    getattr(ses, xform_name(f"PutConfigurationSet{wire}"))(ConfigurationSetName=name, **request)
