"""GuardDuty: the detector of a region, what it looks at, and where its findings go."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties


class Detector(Handler):
    """The one detector that an account has in a region."""

    token = "aws:guardduty/detector:Detector"
    defaults = {"enable": True}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = refusals("guardduty", "CreateDetector", self._request(inputs))
        if "datasources" in inputs:
            found.append(Failure("datasources", "AWS replaced data sources by features: declare a DetectorFeature for each"))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        frequency = inputs.get("findingPublishingFrequency", "SIX_HOURS")
        return {"accountId": call.account, "findingPublishingFrequency": frequency, "datasources": {}}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("guardduty").create_detector(**self._request(inputs), **tagging.whole(inputs, "Tags"))["DetectorId"]
        return made, {**self.preview(call, inputs), "arn": call.arn("guardduty", f"detector/{made}")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = _live(call, resource_id)
        if live is None:
            return None
        return {
            "accountId": call.account,
            "arn": call.arn("guardduty", f"detector/{resource_id}"),
            "enable": live["Status"] == "ENABLED",
            "findingPublishingFrequency": live["FindingPublishingFrequency"],
            "tags": live.get("Tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        guardduty = call.client("guardduty")
        if any(old.get(key) != new.get(key) for key in ("enable", "findingPublishingFrequency")):
            guardduty.update_detector(DetectorId=resource_id, **self._request(new))
        tagging.retag(guardduty, old["arn"], old, new)
        kept = new.get("findingPublishingFrequency", old["findingPublishingFrequency"])
        return {**self.preview(call, new), "arn": old["arn"], "findingPublishingFrequency": kept}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if _live(call, resource_id) is not None:
            call.client("guardduty").delete_detector(DetectorId=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, Enable="enable", FindingPublishingFrequency="findingPublishingFrequency")


class DetectorFeature(Handler):
    """Something more that a detector looks at. It stays as it is when the resource goes: only a status switches it."""

    token = "aws:guardduty/detectorFeature:DetectorFeature"
    create_only = frozenset({"detectorId", "name"})
    unordered = frozenset({"additionalConfigurations"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("guardduty", "UpdateDetector", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("guardduty").update_detector(**self._request(inputs))
        return f"{inputs['detectorId']}/{inputs['name']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        detector, _, name = resource_id.partition("/")
        live = _live(call, detector)
        found = next((feature for feature in (live or {}).get("Features", ()) if feature["Name"] == name), None)
        if found is None:
            return None
        parts = [{"name": part["Name"], "status": part["Status"]} for part in found.get("AdditionalConfiguration", ())]
        return {"detectorId": detector, "name": name, "status": found["Status"], "additionalConfigurations": parts}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("guardduty").update_detector(**self._request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """It leaves the feature as it is, as the real provider does."""

    def _request(self, inputs: Properties) -> Properties:
        parts = inputs.get("additionalConfigurations", [])
        feature = {
            "Name": inputs.get("name"),
            "Status": inputs["status"],
            "AdditionalConfiguration": [{"Name": part["name"], "Status": part["status"]} for part in parts],
        }
        return {"DetectorId": inputs["detectorId"], "Features": [feature]}


class PublishingDestination(Handler):
    """Where a detector's findings are kept longer than GuardDuty keeps them."""

    token = "aws:guardduty/publishingDestination:PublishingDestination"
    create_only = frozenset({"detectorId", "destinationType"})
    defaults = {"destinationType": "S3"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("guardduty", "CreatePublishingDestination", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request = self._request(inputs)
        made = call.client("guardduty").create_publishing_destination(**request, **tagging.whole(inputs, "Tags"), ClientToken=call.token())
        return f"{inputs['detectorId']}:{made['DestinationId']}", self._outputs(call, inputs["detectorId"], made["DestinationId"])

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        detector, _, identity = resource_id.partition(":")
        if not self._exists(call, resource_id):
            return None
        live = call.client("guardduty").describe_publishing_destination(DetectorId=detector, DestinationId=identity)
        return {
            **self._outputs(call, detector, identity),
            "detectorId": detector,
            "destinationType": live["DestinationType"],
            "destinationArn": live["DestinationProperties"]["DestinationArn"],
            "kmsKeyArn": live["DestinationProperties"]["KmsKeyArn"],
            "tags": live.get("Tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        guardduty, request = call.client("guardduty"), self._request(new)
        del request["DestinationType"]
        guardduty.update_publishing_destination(**request, DestinationId=old["destinationId"])
        tagging.retag(guardduty, old["arn"], old, new)
        return {"arn": old["arn"], "destinationId": old["destinationId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        detector, _, identity = resource_id.partition(":")
        if self._exists(call, resource_id):
            call.client("guardduty").delete_publishing_destination(DetectorId=detector, DestinationId=identity)

    def _exists(self, call: Call, resource_id: str) -> bool:
        detector, _, identity = resource_id.partition(":")
        if _live(call, detector) is None:
            return False
        held = call.client("guardduty").list_publishing_destinations(DetectorId=detector)["Destinations"]
        return any(each["DestinationId"] == identity for each in held)

    def _outputs(self, call: Call, detector: str, identity: str) -> Properties:
        return {"destinationId": identity, "arn": call.arn("guardduty", f"detector/{detector}/publishingDestination/{identity}")}

    def _request(self, inputs: Properties) -> Properties:
        return {
            "DetectorId": inputs["detectorId"],
            "DestinationType": inputs["destinationType"],
            "DestinationProperties": {"DestinationArn": inputs["destinationArn"], "KmsKeyArn": inputs["kmsKeyArn"]},
        }


def _live(call: Call, detector: str) -> Properties | None:
    """The detector; GuardDuty says of one that is not there only that the request is bad."""
    guardduty = call.client("guardduty")
    if detector not in guardduty.list_detectors()["DetectorIds"]:
        return None
    found: Properties = guardduty.get_detector(DetectorId=detector)
    return found
