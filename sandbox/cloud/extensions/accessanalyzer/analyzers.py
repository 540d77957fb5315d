"""Analyzers of one account in one region; they find nothing, because nothing here is evaluated.

Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from sandbox.cloud.extensions.common import now, own_arn, refused


class AccessAnalyzerBackend(BaseBackend):  # type: ignore[misc]
    """What one account has in one region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.analyzers: dict[str, dict[str, Any]] = {}


backends = BackendDict(AccessAnalyzerBackend, "accessanalyzer")


class AccessAnalyzerResponse(BaseResponse):  # type: ignore[misc]
    """The operations."""

    def __init__(self) -> None:
        super().__init__(service_name="accessanalyzer")
        self.automated_parameter_parsing = True

    def create_analyzer(self) -> Any:
        """An analyzer is active at once; an account has one of each type in a region."""
        name, kind = self._get_param("analyzerName"), self._get_param("type")
        if name in self._held:
            raise refused("ConflictException", f"An analyzer named {name} already exists", 409)
        if any(each["type"] == kind for each in self._held.values()):
            raise refused("ServiceQuotaExceededException", f"There is already an analyzer of type {kind} in {self.region}", 402)
        arn = own_arn(self, "access-analyzer", f"analyzer/{name}")
        configuration = self._get_param("configuration")
        self._held[name] = {
            "arn": arn,
            "name": name,
            "type": kind,
            "createdAt": now(),
            "status": "ACTIVE",
            "tags": self._get_param("tags") or {},
            **({"configuration": configuration} if configuration else {}),
        }
        return ActionResult({"arn": arn})

    def get_analyzer(self) -> Any:
        """One of them."""
        return ActionResult({"analyzer": self._named()})

    def list_analyzers(self) -> Any:
        """All of them, or those of a type."""
        kind = self._get_param("type")
        return ActionResult({"analyzers": [each for each in self._held.values() if kind in (None, each["type"])]})

    def update_analyzer(self) -> Any:
        """Its configuration can change, and nothing else."""
        analyzer = self._named()
        analyzer["configuration"] = self._get_param("configuration")
        return ActionResult({"configuration": analyzer["configuration"]})

    def delete_analyzer(self) -> Any:
        """Its end."""
        del self._held[self._named()["name"]]
        return EmptyResult()

    def tag_resource(self) -> Any:
        """More tags, or others."""
        self._by_arn()["tags"].update(self._get_param("tags"))
        return EmptyResult()

    def untag_resource(self) -> Any:
        """Fewer tags."""
        tags = self._by_arn()["tags"]
        for key in self._get_param("tagKeys"):
            tags.pop(key, None)
        return EmptyResult()

    def list_tags_for_resource(self) -> Any:
        """Its tags."""
        return ActionResult({"tags": self._by_arn()["tags"]})

    @property
    def _held(self) -> dict[str, dict[str, Any]]:
        held: dict[str, dict[str, Any]] = backends[self.current_account][self.region].analyzers
        return held

    def _named(self) -> dict[str, Any]:
        name = self._get_param("analyzerName")
        if name not in self._held:
            raise refused("ResourceNotFoundException", f"No analyzer named {name}", 404)
        return self._held[name]

    def _by_arn(self) -> dict[str, Any]:
        arn = self._get_param("resourceArn")
        for analyzer in self._held.values():
            if analyzer["arn"] == arn:
                return analyzer
        raise refused("ResourceNotFoundException", f"No resource {arn}", 404)


URL_PATHS = {
    "{0}/analyzer$": AccessAnalyzerResponse.dispatch,
    "{0}/analyzer/(?P<analyzerName>[^/]+)$": AccessAnalyzerResponse.dispatch,
    "{0}/tags/(?P<resourceArn>.+)$": AccessAnalyzerResponse.dispatch,
}
