"""IAM Access Analyzer."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties


class Analyzer(Handler):
    """What looks for access that outsiders have, or that nobody uses. Only the configuration of unused access can change in place."""

    token = "aws:accessanalyzer/analyzer:Analyzer"
    create_only = frozenset({"analyzerName", "type"})
    replace_first = True
    defaults = {"type": "ACCOUNT"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("accessanalyzer", "CreateAnalyzer", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = inputs["analyzerName"]
        return {} if name is UNKNOWN else {"arn": call.arn("access-analyzer", f"analyzer/{name}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("accessanalyzer").create_analyzer(**self._request(inputs), tags=inputs["tagsAll"])
        return inputs["analyzerName"], {"arn": made["arn"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("accessanalyzer").get_analyzer(analyzerName=resource_id)["analyzer"]
        unused = found.get("configuration", {}).get("unusedAccess", {})
        return {
            "analyzerName": found["name"],
            "arn": found["arn"],
            "type": found["type"],
            "configuration": {"unusedAccess": unused} if unused else {},
            "tags": found.get("tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        client = call.client("accessanalyzer")
        if old.get("configuration") != new.get("configuration"):
            client.update_analyzer(analyzerName=resource_id, configuration=new.get("configuration") or {"unusedAccess": {}})
        tagging.retag(client, old["arn"], old, new)
        return {"arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("accessanalyzer").delete_analyzer(analyzerName=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        request = {"analyzerName": inputs["analyzerName"], "type": inputs["type"]}
        return request | ({"configuration": inputs["configuration"]} if inputs.get("configuration") else {})
