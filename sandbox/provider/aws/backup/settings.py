"""What a region lets AWS Backup back up at all."""

from __future__ import annotations

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

_OPT_IN, _MANAGED = "resourceTypeOptInPreference", "resourceTypeManagementPreference"


class RegionSettings(Handler):
    """Services opted in to in one region of the account; there is one, which deletion leaves as it is."""

    token = "aws:backup/regionSettings:RegionSettings"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("backup", "UpdateRegionSettings", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {_MANAGED: inputs[_MANAGED]} if _MANAGED in inputs else {}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return call.region, self._put(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("backup").describe_region_settings()
        declared = state.get(_OPT_IN) or live["ResourceTypeOptInPreference"]
        opted = {name: live["ResourceTypeOptInPreference"][name] for name in declared if name in live["ResourceTypeOptInPreference"]}
        return {_OPT_IN: opted, _MANAGED: live["ResourceTypeManagementPreference"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return self._put(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """Settings have no end: AWS keeps the last ones."""

    def _put(self, call: Call, inputs: Properties) -> Properties:
        backup = call.client("backup")
        backup.update_region_settings(**self._request(inputs))
        return {_MANAGED: backup.describe_region_settings()["ResourceTypeManagementPreference"]}

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, ResourceTypeOptInPreference=_OPT_IN, ResourceTypeManagementPreference=_MANAGED)
