"""GuardDuty: one detector in a region, features that are set one by one, exported findings, tags."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import Tags, answer, asked, last, refused, tagging

_FOUNDATIONAL = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
"""What every detector looks at, and nobody can switch off."""
_DESTINATIONS = "/publishingDestination/"


def install() -> None:
    """Adds it to moto."""
    from moto.guardduty.models import Detector, GuardDutyBackend
    from moto.guardduty.responses import GuardDutyResponse
    from moto.guardduty.urls import url_paths

    GuardDutyBackend.create_detector = _only(GuardDutyBackend.create_detector)
    Detector.__init__ = _featured(Detector.__init__)
    Detector.update = _merged(Detector.update)
    GuardDutyResponse.create_publishing_destination = _create_destination
    GuardDutyResponse.describe_publishing_destination = _describe_destination
    GuardDutyResponse.update_publishing_destination = _update_destination
    GuardDutyResponse.delete_publishing_destination = _delete_destination
    GuardDutyResponse.list_publishing_destinations = _list_destinations
    for name, operation in tagging(_tags).items():
        setattr(GuardDutyResponse, name, operation)
    destinations = "detector/(?P<detector_id>[^/]+)/publishingDestination"
    for path in (destinations, f"{destinations}/(?P<destination_id>[^/]+)", "tags/(?P<arn>.+)"):
        url_paths[f"{{0}}/{path}$"] = GuardDutyResponse.dispatch


def _only(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.detectors:
            raise refused(
                "BadRequestException", "The request is rejected because a detector already exists for the current account.", status=400
            )
        return original(self, *args, **kwargs)

    return create


def _featured(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        told, self.features = self.features, [{"name": name, "status": "ENABLED"} for name in _FOUNDATIONAL]
        _set_features(self, told)
        self.destinations = {}

    return create


def _merged(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, enable: Any, frequency: Any, data_sources: Any, features: Any) -> None:
        original(self, enable, frequency, data_sources, None)
        _set_features(self, features or [])

    return update


def _set_features(detector: Any, told: list[dict[str, Any]]) -> None:
    """A feature that the request does not name stays as it is; so does what it does not say of one."""
    held = {feature["name"]: feature for feature in detector.features}
    for feature in told:
        before = held.get(feature["name"], {})
        parts = {part["name"]: part for part in before.get("additionalConfiguration", [])}
        parts |= {part["name"]: part for part in feature.get("additionalConfiguration") or []}
        held[feature["name"]] = {**before, **feature, "additionalConfiguration": list(parts.values())}
    detector.features = list(held.values())


def _detector(response: Any) -> Any:
    return response.guardduty_backend.get_detector(response.path.split("/detector/")[1].split("/")[0])


def _create_destination(self: Any) -> str:
    detector, wanted = _detector(self), asked(self)
    if any(held["destinationType"] == wanted["destinationType"] for held in detector.destinations.values()):
        raise refused("BadRequestException", "The request failed because a publishingDestination already exists.")
    identity = uuid.uuid4().hex
    detector.destinations[identity] = {
        "destinationId": identity,
        "destinationType": wanted["destinationType"],
        "destinationProperties": wanted["destinationProperties"],
        "status": "PUBLISHING",
        "publishingFailureStartTimestamp": 0,
        "tags": wanted.get("tags") or {},
    }
    return answer(destinationId=identity)


def _describe_destination(self: Any) -> str:
    return answer(**_destination(self))


def _update_destination(self: Any) -> str:
    _destination(self)["destinationProperties"] |= asked(self)["destinationProperties"]
    return answer()


def _delete_destination(self: Any) -> str:
    del _detector(self).destinations[_destination(self)["destinationId"]]
    return answer()


def _list_destinations(self: Any) -> str:
    shown = ("destinationId", "destinationType", "status")
    return answer(destinations=[{key: held[key] for key in shown} for held in _detector(self).destinations.values()])


def _destination(response: Any) -> dict[str, Any]:
    held = _detector(response).destinations.get(last(response, _DESTINATIONS))
    if held is None:
        raise refused("BadRequestException", "The request is rejected because the one or more input parameters have invalid values.")
    found: dict[str, Any] = held
    return found


def _tags(response: Any, arn: str) -> Tags:
    detector = response.guardduty_backend.get_detector(arn.partition(":detector/")[2].split("/")[0])
    if "/publishingDestination/" in arn:
        tags: Tags = detector.destinations[arn.rpartition("/")[2]]["tags"]
    else:
        tags = detector.tags
    return tags
