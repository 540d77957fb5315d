"""What is set on a table apart from it: its resource policy, and the keys that are used most."""

from __future__ import annotations

from typing import Any

from sandbox.provider import documents
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

POLICY = documents.Grammar("a table's policy", frozenset({"Action", "Resource", "Principal"}), 20_480, plain_sids=False)


class ResourcePolicy(Handler):
    """Who may use a table or its stream, said by that."""

    token = "aws:dynamodb/resourcePolicy:ResourcePolicy"
    create_only = frozenset({"resourceArn"})
    documents = frozenset({"policy"})
    defaults = {"confirmRemoveSelfResourceAccess": False}
    volatile = frozenset({"revisionId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs["policy"], POLICY)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs["resourceArn"], self._put(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("dynamodb").get_resource_policy(ResourceArn=resource_id)
        return {"resourceArn": resource_id, "policy": live["Policy"], "revisionId": live["RevisionId"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return self._put(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("dynamodb").delete_resource_policy(ResourceArn=resource_id)

    def _put(self, call: Call, inputs: Properties) -> Properties:
        put = call.client("dynamodb").put_resource_policy(
            ResourceArn=inputs["resourceArn"],
            Policy=inputs["policy"],
            ConfirmRemoveSelfResourceAccess=inputs["confirmRemoveSelfResourceAccess"],
        )
        return {"revisionId": put["RevisionId"]}


class ContributorInsights(Handler):
    """Whether CloudWatch shows which keys of a table, or of an index, are used or throttled most."""

    token = "aws:dynamodb/contributorInsights:ContributorInsights"
    create_only = frozenset({"tableName", "indexName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("dynamodb", "UpdateContributorInsights", self._request(inputs, "ENABLE"))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("dynamodb").update_contributor_insights(**self._request(inputs, "ENABLE"))
        identity = f"name:{inputs['tableName']}/index:{inputs.get('indexName', '')}/{call.account}"
        return identity, {"mode": made["ContributorInsightsMode"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        place = self._place(resource_id)
        live = call.client("dynamodb").describe_contributor_insights(**parameters(place, TableName="tableName", IndexName="indexName"))
        if live["ContributorInsightsStatus"] in ("DISABLED", "DISABLING"):
            return None
        return {**place, "mode": live.get("ContributorInsightsMode", "")}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        made = call.client("dynamodb").update_contributor_insights(**self._request(new, "ENABLE"))
        return {"mode": made["ContributorInsightsMode"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("dynamodb").update_contributor_insights(**self._request(self._place(resource_id), "DISABLE"))

    def _request(self, inputs: Properties, action: str) -> dict[str, Any]:
        named = parameters(inputs, TableName="tableName", IndexName="indexName", ContributorInsightsMode="mode")
        return {"ContributorInsightsAction": action, **named}

    def _place(self, resource_id: str) -> Properties:
        table, index, _ = resource_id.split("/")
        return {"tableName": table.removeprefix("name:"), "indexName": index.removeprefix("index:")}
