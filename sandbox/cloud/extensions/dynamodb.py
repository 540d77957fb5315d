"""DynamoDB: encryption, class and limits of a table can be changed and are shown, tags are set once, contributor insights, streams.

No function is run here, so a record stays in its stream for whoever reads it.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept, now

_STANDARD = "STANDARD"
_MODE = "ACCESSED_AND_THROTTLED_KEYS"
_ALONE = "One or more parameter values were invalid: Server-Side Encryption modification must be the only operation in the request"


def install() -> None:
    """Adds it to moto."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import GlobalSecondaryIndex, StreamShard, Table
    from moto.dynamodb.responses import DynamoHandler

    DynamoHandler.create_table = _creating(DynamoHandler.create_table)
    DynamoHandler.update_table = _updating(DynamoHandler.update_table)
    DynamoHandler.update_contributor_insights = _update_insights
    DynamoHandler.describe_contributor_insights = _describe_insights
    DynamoHandler.list_contributor_insights = _list_insights
    DynamoDBBackend.delete_table = _with_policies(DynamoDBBackend.delete_table)
    for operation in ("put_resource_policy", "get_resource_policy", "delete_resource_policy"):
        setattr(DynamoDBBackend, operation, _of_streams_too(getattr(DynamoDBBackend, operation)))
    DynamoDBBackend.tag_resource = _tag_resource
    DynamoDBBackend.update_table_streams = _update_streams
    GlobalSecondaryIndex.create = staticmethod(_limited(GlobalSecondaryIndex.create))
    GlobalSecondaryIndex.update = _relimited(GlobalSecondaryIndex.update)
    GlobalSecondaryIndex.describe = _index_described(GlobalSecondaryIndex.describe)
    StreamShard.add = _recorded
    Table.describe = _described(Table.describe)


def _creating(original: Any) -> Any:
    @wraps(original)
    def create_table(self: Any) -> Any:
        original(self)
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        _keep_settings(table, self.body)
        if policy := self.body.get("ResourcePolicy"):
            self.dynamodb_backend.put_resource_policy(resource_arn=table.table_arn, policy_doc=policy, expected_revision_id=None)
        return _shown(table)

    return create_table


def _updating(original: Any) -> Any:
    @wraps(original)
    def update_table(self: Any) -> Any:
        from moto.dynamodb.exceptions import MockValidationException

        table, encryption = self.dynamodb_backend.get_table(self.body["TableName"]), self.body.get("SSESpecification")
        if encryption is not None and self.body.keys() != {"TableName", "SSESpecification"}:
            raise MockValidationException(_ALONE)
        original(self)
        _keep_settings(table, self.body)
        if self.body.get("BillingMode") == "PAY_PER_REQUEST":
            for billed in (table, *table.global_indexes):
                billed.throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
        if encryption is not None:
            encrypt(table, encryption)
        return _shown(table)

    return update_table


def encrypt(table: Any, specification: dict[str, Any]) -> None:
    """Encrypts a table with the key that is named, else with AWS's managed one; with the one that AWS owns unless enabled."""
    table.sse_specification = None
    if specification.get("Enabled"):
        key = specification.get("KMSMasterKeyId") or table._get_default_encryption_key(table.account_id, table.region_name)
        table.sse_specification = {**specification, "KMSMasterKeyId": key}


def _keep_settings(table: Any, body: dict[str, Any]) -> None:
    settings = kept(table, "settings")
    if "OnDemandThroughput" in body:
        settings["OnDemandThroughput"] = body["OnDemandThroughput"]
    if "TableClass" in body:
        settings["TableClassSummary"] = {"TableClass": body["TableClass"], "LastUpdateDateTime": now()}


def _shown(table: Any) -> Any:
    from moto.dynamodb.responses import DynamoResult

    return DynamoResult(table.describe())


def _described(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any, base_key: str = "TableDescription") -> Any:
        return {base_key: original(self, base_key)[base_key] | kept(self, "settings")}

    return describe


def _limited(original: Any) -> Any:
    @wraps(original)
    def create(dct: dict[str, Any], table_key_attrs: list[str]) -> Any:
        index = original(dct, table_key_attrs)
        kept(index, "limits").update({key: dct[key] for key in ("OnDemandThroughput",) if key in dct})
        return index

    return create


def _relimited(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, u: dict[str, Any]) -> None:
        original(self, u)
        kept(self, "limits").update({key: u[key] for key in ("OnDemandThroughput",) if key in u})

    return update


def _index_described(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any) -> Any:
        return original(self) | kept(self, "limits")

    return describe


def _with_policies(original: Any) -> Any:
    @wraps(original)
    def delete_table(self: Any, name: str) -> Any:
        table = original(self, name)
        for arn in [arn for arn in self.resource_policies if arn.partition("/stream/")[0] == table.table_arn]:
            del self.resource_policies[arn]
        return table

    return delete_table


def _of_streams_too(original: Any) -> Any:
    @wraps(original)
    def act(self: Any, resource_arn: str, **more: Any) -> Any:
        from moto.dynamodb.exceptions import ResourceNotFoundException

        name, _, label = resource_arn.partition("/stream/")
        if not label:
            return original(self, resource_arn=resource_arn, **more)
        table = self.get_table(name)
        if table.latest_stream_label != label:
            raise ResourceNotFoundException(f"Requested resource not found: Stream: {resource_arn} not found")
        # moto looks for a table under the last part of the ARN: for this one call, there is one.
        self.tables[label] = table
        try:
            return original(self, resource_arn=resource_arn, **more)
        finally:
            del self.tables[label]

    return act


def _tag_resource(self: Any, arn: str, tags: dict[str, str]) -> None:
    for table in self.tables.values():
        if table.table_arn == arn:
            merged = {tag["Key"]: tag["Value"] for tag in table.tags} | tags
            table.tags = [{"Key": key, "Value": value} for key, value in merged.items()]


def _update_streams(self: Any, table: Any, stream_specification: dict[str, Any]) -> None:
    """moto takes a stream that was once enabled for one that still is."""
    from moto.dynamodb.exceptions import StreamAlreadyEnabledException

    del self
    wanted = stream_specification.get("StreamEnabled") or stream_specification.get("StreamViewType")
    if wanted and (table.stream_specification or {}).get("StreamEnabled"):
        raise StreamAlreadyEnabledException
    table.set_stream_specification(stream_specification)


def _recorded(self: Any, old: Any, new: Any) -> None:
    """What changed, in the stream; moto would hand it to the functions that listen, and drop it then."""
    from moto.dynamodb.models.table import StreamRecord

    event = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    number = len(self.items) + self.starting_sequence_number
    record = StreamRecord(self.table, self.table.stream_specification["StreamViewType"], event, old, new, number)
    record.record["awsRegion"] = self.table.region_name
    self.items.append(record)


def _update_insights(self: Any) -> Any:
    from moto.core.responses import ActionResult

    table, index = _insights_place(self)
    insights = kept(table, "insights")
    if self.body["ContributorInsightsAction"] == "ENABLE":
        mode = self.body.get("ContributorInsightsMode") or insights.get(index, {}).get("ContributorInsightsMode", _MODE)
        insights[index] = {"ContributorInsightsStatus": "ENABLED", "ContributorInsightsMode": mode, "LastUpdateDateTime": now()}
    else:
        insights.pop(index, None)
    return ActionResult(_insights(table, index))


def _describe_insights(self: Any) -> Any:
    from moto.core.responses import ActionResult

    table, index = _insights_place(self)
    return ActionResult(_insights(table, index))


def _list_insights(self: Any) -> Any:
    from moto.core.responses import ActionResult

    backend, name = self.dynamodb_backend, self.body.get("TableName")
    tables = [backend.get_table(name)] if name else list(backend.tables.values())
    found = [_insights(table, index) for table in tables for index in kept(table, "insights")]
    return ActionResult({"ContributorInsightsSummaries": found})


def _insights_place(self: Any) -> tuple[Any, str]:
    from moto.dynamodb.exceptions import ResourceNotFoundException

    table, index = self.dynamodb_backend.get_table(self.body["TableName"]), self.body.get("IndexName") or ""
    if index and index not in {found.name for found in table.global_indexes}:
        raise ResourceNotFoundException(f"Requested resource not found: Index: {index} not found")
    return table, index


def _insights(table: Any, index: str) -> dict[str, Any]:
    told = kept(table, "insights").get(index, {"ContributorInsightsStatus": "DISABLED"})
    return {"TableName": table.name, **({"IndexName": index} if index else {}), **told}
