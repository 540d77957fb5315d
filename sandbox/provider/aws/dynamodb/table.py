"""Tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.aws.dynamodb import checks, indexes, replicas
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

_GLOBAL, _LOCAL = "globalSecondaryIndexes", "localSecondaryIndexes"
_PERIOD_DAYS = 35
_STANDARD = "STANDARD"


class Table(Handler):
    """A table with its indexes, stream, backups and, as a global table, replicas in other regions."""

    token = "aws:dynamodb/table:Table"
    support = Support.PARTLY
    gap = "restores, imports, witnesses and strong consistency are refused; items do not expire, and replicas are up to date at once"
    create_only = frozenset(
        {
            *("name", "hashKey", "rangeKey", _LOCAL, "importTable"),
            *("restoreBackupArn", "restoreDateTime", "restoreSourceName", "restoreSourceTableArn", "restoreToLatestTime"),
        }
    )
    unordered = frozenset({"attributes", _GLOBAL, _LOCAL, "replicas"})
    defaults = {"billingMode": "PROVISIONED"}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return checks.failures(inputs, call.region) or refusals("dynamodb", "CreateTable", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        arn = call.arn("dynamodb", f"table/{naming.predicted(inputs)}")
        return {"arn": arn} | ({} if inputs.get("streamEnabled") else {"streamViewType": ""})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        dynamodb, name = call.client("dynamodb"), inputs["name"]
        dynamodb.create_table(**self._request(inputs), **tagging.parameter(inputs["tagsAll"]))
        if (inputs.get("ttl") or {}).get("enabled"):
            _set_ttl(dynamodb, name, inputs["ttl"]["attributeName"], enabled=True)
        if (inputs.get("pointInTimeRecovery") or {}).get("enabled"):
            replicas.recover(dynamodb, name, inputs["pointInTimeRecovery"])
        if inputs.get("replicas"):
            replicas.bring(call, name, inputs["replicas"], inputs["tagsAll"])
        return name, self._computed(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        dynamodb = call.client("dynamodb")
        table = dynamodb.describe_table(TableName=resource_id)["Table"]
        found = self._shown(call, table, state) | {"tags": replicas.tags_of(dynamodb, table["TableArn"])}
        if state and "replicas" not in state:
            # Replicas may be declared apart.
            found.pop("replicas")
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        dynamodb = call.client("dynamodb")
        table = dynamodb.describe_table(TableName=resource_id)["Table"]
        self._reindex(dynamodb, table, new, removing=True)
        if changes := self._changes(table, new):
            dynamodb.update_table(TableName=resource_id, **changes)
        self._restream(dynamodb, table, new)
        self._reindex(dynamodb, dynamodb.describe_table(TableName=resource_id)["Table"], new, removing=False)
        self._recrypt(call, table, new)
        self._retime(dynamodb, resource_id, new)
        recovery = new.get("pointInTimeRecovery")
        if recovery and not self.equal("pointInTimeRecovery", replicas.recoverable(dynamodb, resource_id), recovery):
            replicas.recover(dynamodb, resource_id, recovery)
        tagging.retag(dynamodb, table["TableArn"], old, new)
        if "replicas" in new or old.get("replicas"):
            replicas.bring(call, resource_id, new.get("replicas", []), new["tagsAll"])
        return self._computed(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        dynamodb = call.client("dynamodb")
        replicas.end(call, resource_id, [replica["regionName"] for replica in state.get("replicas") or []])
        if call.teardown:
            replicas.unprotect(dynamodb, resource_id)
        dynamodb.delete_table(TableName=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if known(old, new) and path in _PLAIN:
            return canonical(_PLAIN[path](old)) == canonical(_PLAIN[path](new))
        return super().equal(path, old, new)

    def _request(self, inputs: Properties) -> Properties:
        provisioned = inputs["billingMode"] == "PROVISIONED"
        request: Properties = {
            "TableName": naming.predicted(inputs),
            "BillingMode": inputs["billingMode"],
            "KeySchema": indexes.schema(inputs),
            "AttributeDefinitions": _each(inputs.get("attributes", []), _definition),
            **indexes.limits_request(inputs),
        }
        if provisioned:
            request["ProvisionedThroughput"] = indexes.throughput(inputs)
        if found := inputs.get(_GLOBAL):
            request["GlobalSecondaryIndexes"] = _each(found, lambda index: indexes.global_request(index, provisioned=provisioned))
        if found := inputs.get(_LOCAL):
            request["LocalSecondaryIndexes"] = _each(found, lambda index: indexes.local_request(index, inputs.get("hashKey")))
        if inputs.get("streamEnabled"):
            request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": inputs.get("streamViewType", UNKNOWN)}
        if isinstance(encryption := inputs.get("serverSideEncryption"), dict) and encryption.get("enabled"):
            request["SSESpecification"] = _encryption(encryption)
        if inputs.get("tableClass"):
            request["TableClass"] = inputs["tableClass"]
        if "deletionProtectionEnabled" in inputs:
            request["DeletionProtectionEnabled"] = inputs["deletionProtectionEnabled"]
        return request

    def _computed(self, call: Call, inputs: Properties) -> Properties:
        """What the cloud says of the table, but for what the program says itself."""
        table = call.client("dynamodb").describe_table(TableName=inputs["name"])["Table"]
        found = self._shown(call, table, inputs)
        return {key: value for key, value in found.items() if key not in inputs and key != "replicas"} | (
            {"replicas": found["replicas"]} if "replicas" in inputs else {}
        )

    def _shown(self, call: Call, table: dict[str, Any], state: Properties) -> Properties:
        dynamodb, name = call.client("dynamodb"), table["TableName"]
        declared = {index["name"]: index for index in state.get(_GLOBAL) or []}
        keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
        units, stream = table.get("ProvisionedThroughput", {}), table.get("StreamSpecification", {})
        key = table.get("SSEDescription", {}).get("KMSMasterKeyArn", "")
        return {
            "arn": table["TableArn"],
            "name": name,
            "attributes": [{"name": item["AttributeName"], "type": item["AttributeType"]} for item in table["AttributeDefinitions"]],
            "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
            "globalTableWitness": {},
            _GLOBAL: [
                indexes.global_index(index, declared.get(index["IndexName"], {})) for index in table.get("GlobalSecondaryIndexes", [])
            ],
            "hashKey": keys["HASH"],
            _LOCAL: [indexes.local_index(index) for index in table.get("LocalSecondaryIndexes", [])],
            "pointInTimeRecovery": replicas.recoverable(dynamodb, name),
            "rangeKey": keys.get("RANGE", ""),
            "readCapacity": units.get("ReadCapacityUnits", 0),
            "replicas": replicas.live(call, table, state.get("replicas") or []),
            "serverSideEncryption": {
                "enabled": table.get("SSEDescription", {}).get("Status") == "ENABLED",
                "kmsKeyArn": replicas.customer_key(call, call.region, key),
            },
            "streamArn": table.get("LatestStreamArn", ""),
            "streamEnabled": stream.get("StreamEnabled", False),
            "streamLabel": table.get("LatestStreamLabel", ""),
            "streamViewType": stream.get("StreamViewType", ""),
            "tableClass": table.get("TableClassSummary", {}).get("TableClass", _STANDARD),
            "ttl": _ttl(dynamodb, name),
            "writeCapacity": units.get("WriteCapacityUnits", 0),
            **indexes.limits(table),
        }

    def _changes(self, table: dict[str, Any], new: Properties) -> Properties:
        """What of a table is changed in one request."""
        live, changes = indexes.limits(table), Properties()
        provisioned = new["billingMode"] == "PROVISIONED"
        units = {key: table["ProvisionedThroughput"].get(key, 0) for key in ("ReadCapacityUnits", "WriteCapacityUnits")}
        if new["billingMode"] != table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED") or (
            provisioned and indexes.throughput(new) != units
        ):
            changes["BillingMode"] = new["billingMode"]
            changes |= {"ProvisionedThroughput": indexes.throughput(new)} if provisioned else {}
        if provisioned and (updates := list(_resized(table, new))):
            changes["GlobalSecondaryIndexUpdates"] = updates
        if new.get("tableClass", _STANDARD) != table.get("TableClassSummary", {}).get("TableClass", _STANDARD):
            changes["TableClass"] = new.get("tableClass", _STANDARD)
        protected = bool(new.get("deletionProtectionEnabled"))
        if protected != bool(table.get("DeletionProtectionEnabled")):
            changes["DeletionProtectionEnabled"] = protected
        if indexes.plain_limits(live) != indexes.plain_limits(new):
            none = {"maxReadRequestUnits": -1, "maxWriteRequestUnits": -1}
            changes |= indexes.limits_request({"onDemandThroughput": none | indexes.plain_limits(new)})
        if "warmThroughput" in new and not self.equal("warmThroughput", live.get("warmThroughput"), new["warmThroughput"]):
            changes |= indexes.limits_request({"warmThroughput": new["warmThroughput"]})
        return changes

    def _restream(self, dynamodb: Any, table: dict[str, Any], new: Properties) -> None:
        live, wanted = table.get("StreamSpecification", {}), bool(new.get("streamEnabled"))
        if live.get("StreamEnabled", False) and (not wanted or live["StreamViewType"] != new["streamViewType"]):
            # A stream cannot be changed: what it shows is that of a new one.
            dynamodb.update_table(TableName=table["TableName"], StreamSpecification={"StreamEnabled": False})
            live = {}
        if wanted and not live.get("StreamEnabled"):
            specification = {"StreamEnabled": True, "StreamViewType": new["streamViewType"]}
            dynamodb.update_table(TableName=table["TableName"], StreamSpecification=specification)

    def _reindex(self, dynamodb: Any, table: dict[str, Any], new: Properties, *, removing: bool) -> None:
        """Removes the indexes that are no longer wanted as they are, or adds those that are missing; one at a time, as DynamoDB has it."""
        live = {index["IndexName"]: indexes.global_index(index, {}) for index in table.get("GlobalSecondaryIndexes", [])}
        wanted = {index["name"]: index for index in new.get(_GLOBAL) or []}
        provisioned, changes = new["billingMode"] == "PROVISIONED", []
        for name, index in (live if removing else wanted).items():
            if removing and (name not in wanted or indexes.shape(index) != indexes.shape(wanted[name])):
                changes.append({"Delete": {"IndexName": name}})
            if not removing and name not in live:
                changes.append({"Create": indexes.global_request(index, provisioned=provisioned)})
        for change in changes:
            definitions = {} if removing else {"AttributeDefinitions": _each(new.get("attributes", []), _definition)}
            dynamodb.update_table(TableName=table["TableName"], GlobalSecondaryIndexUpdates=[change], **definitions)

    def _recrypt(self, call: Call, table: dict[str, Any], new: Properties) -> None:
        wanted, live = new.get("serverSideEncryption"), table.get("SSEDescription", {})
        if not wanted:
            return
        key = replicas.customer_key(call, call.region, live.get("KMSMasterKeyArn", ""))
        have = {"enabled": live.get("Status") == "ENABLED", "kmsKeyArn": key}
        if not self.equal("serverSideEncryption", have, wanted):
            call.client("dynamodb").update_table(TableName=table["TableName"], SSESpecification=_encryption(wanted))

    def _retime(self, dynamodb: Any, name: str, new: Properties) -> None:
        live, wanted = _ttl(dynamodb, name), new.get("ttl")
        if not wanted or self.equal("ttl", live, wanted):
            return
        if live["enabled"]:
            _set_ttl(dynamodb, name, live["attributeName"], enabled=False)
        if wanted.get("enabled"):
            _set_ttl(dynamodb, name, wanted["attributeName"], enabled=True)


def _resized(table: dict[str, Any], new: Properties) -> Iterator[Properties]:
    wanted = {index["name"]: index for index in new.get(_GLOBAL) or []}
    for index in table.get("GlobalSecondaryIndexes", []):
        live, asked = indexes.global_index(index, {}), wanted.get(index["IndexName"])
        if asked is None or indexes.shape(live) != indexes.shape(asked):
            continue
        if indexes.throughput(live) != indexes.throughput(asked):
            yield {"Update": {"IndexName": asked["name"], "ProvisionedThroughput": indexes.throughput(asked)}}


def _each(items: Any, made: Any) -> Any:
    return UNKNOWN if items is UNKNOWN else [UNKNOWN if item is UNKNOWN else made(item) for item in items]


def _definition(attribute: Properties) -> Properties:
    return {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}


def _encryption(encryption: Properties) -> Properties:
    if not encryption["enabled"]:
        return {"Enabled": False}
    key = {"KMSMasterKeyId": encryption["kmsKeyArn"]} if encryption.get("kmsKeyArn") else {}
    return {"Enabled": True, "SSEType": "KMS", **key}


def _ttl(dynamodb: Any, name: str) -> Properties:
    found = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    enabled = found.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
    return {"enabled": enabled, "attributeName": found.get("AttributeName", "") if enabled else ""}


def _set_ttl(dynamodb: Any, name: str, attribute: str, *, enabled: bool) -> None:
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute})


def _recovery(item: Properties) -> Properties:
    return {"enabled": True, "days": item.get("recoveryPeriodInDays") or _PERIOD_DAYS} if item.get("enabled") else {}


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "attributes": lambda items: sorted(map(canonical, items)),
    _GLOBAL: lambda items: sorted(canonical(indexes.plain(item)) for item in items),
    _LOCAL: lambda items: sorted(canonical(indexes.shape(item)) for item in items),
    "onDemandThroughput": lambda item: indexes.plain_limits({"onDemandThroughput": item}),
    "pointInTimeRecovery": _recovery,
    "replicas": lambda items: sorted(canonical(replicas.plain(item)) for item in items),
    "serverSideEncryption": lambda item: {"key": item.get("kmsKeyArn") or ""} if item.get("enabled") else {},
    "ttl": lambda item: {"attribute": item.get("attributeName")} if item.get("enabled") else {},
}
"""How two values of an input are compared that may be written in several ways."""
