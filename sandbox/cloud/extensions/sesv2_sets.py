"""SES: the options of configuration sets can be changed and are shown, and who is told of what happens to mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from sandbox.cloud.extensions.common import answer, asked, kept, refused
from sandbox.cloud.extensions.sesv2 import missing

_OPTIONS: dict[str, dict[str, Any]] = {
    "ArchivingOptions": {},
    "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
    "ReputationOptions": {"ReputationMetricsEnabled": False},
    "SendingOptions": {"SendingEnabled": True},
    "SuppressionOptions": {},
    "TrackingOptions": {},
    "VdmOptions": {},
}
"""Every kind of option, with what a set has where nothing was said."""


def install() -> None:
    """Adds it to moto."""
    from moto.sesv2.responses import SESV2Response

    SESV2Response.create_configuration_set = _create(SESV2Response.create_configuration_set)
    SESV2Response.get_configuration_set = _get
    SESV2Response.delete_configuration_set = _delete
    for kind in _OPTIONS:
        operation = f"put_configuration_set_{kind.removesuffix('Options').lower()}_options"
        setattr(SESV2Response, operation, _put(kind))
    SESV2Response.create_configuration_set_event_destination = _create_destination
    SESV2Response.update_configuration_set_event_destination = _update_destination
    SESV2Response.delete_configuration_set_event_destination = _delete_destination
    SESV2Response.get_configuration_set_event_destinations = _get_destinations


def _create(original: Any) -> Any:
    @wraps(original)
    def create_configuration_set(self: Any) -> str:
        request, sets = asked(self), self.sesv2_backend.core_backend.config_sets
        name = request["ConfigurationSetName"]
        if name in sets:
            raise refused("AlreadyExistsException", f"Configuration set <{name}> already exists.")
        original(self)
        kept(sets[name], "options").update({kind: request[kind] for kind in _OPTIONS if request.get(kind)})
        return answer()

    return create_configuration_set


def _set(self: Any) -> Any:
    name, sets = unquote(self._get_param("ConfigurationSetName")), self.sesv2_backend.core_backend.config_sets
    if name not in sets:
        raise missing("Configuration set", name)
    return sets[name]


def _get(self: Any) -> str:
    found = _set(self)
    shown = {kind: default | kept(found, "options").get(kind, {}) for kind, default in _OPTIONS.items()}
    arn = _arn(self, found.configuration_set_name)
    tags = self.sesv2_backend.list_tags_for_resource(arn)
    return answer(
        ConfigurationSetName=found.configuration_set_name, Tags=tags, **{kind: options for kind, options in shown.items() if options}
    )


def _delete(self: Any) -> str:
    name, backend = _set(self).configuration_set_name, self.sesv2_backend.core_backend
    del backend.config_sets[name]
    backend.tagger.delete_all_tags_for_resource(_arn(self, name))
    return answer()


def _arn(self: Any, name: str) -> str:
    return f"arn:aws:ses:{self.region}:{self.current_account}:configuration-set/{name}"


def _put(kind: str) -> Callable[[Any], str]:
    def put(self: Any) -> str:
        told = {key: value for key, value in asked(self).items() if key != "ConfigurationSetName"}
        kept(_set(self), "options")[kind] = told.get(kind, told)
        return answer()

    return put


def _destinations(self: Any) -> dict[str, Any]:
    return kept(_set(self), "destinations")


def _create_destination(self: Any) -> str:
    request, destinations = asked(self), _destinations(self)
    name = request["EventDestinationName"]
    if name in destinations:
        raise refused("AlreadyExistsException", f"An event destination with name <{name}> already exists.")
    destinations[name] = {"Enabled": False, **request["EventDestination"], "Name": name}
    return answer()


def _destination(self: Any) -> tuple[dict[str, Any], str]:
    name, destinations = unquote(self._get_param("EventDestinationName")), _destinations(self)
    if name not in destinations:
        raise missing("Event destination", name)
    return destinations, name


def _update_destination(self: Any) -> str:
    destinations, name = _destination(self)
    destinations[name] = {"Enabled": False, **asked(self)["EventDestination"], "Name": name}
    return answer()


def _delete_destination(self: Any) -> str:
    destinations, name = _destination(self)
    del destinations[name]
    return answer()


def _get_destinations(self: Any) -> str:
    return answer(EventDestinations=list(_destinations(self).values()))
