"""Copies of a table in other regions, declared with the table or apart from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure, error_code
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters
from sandbox.provider.values import UNKNOWN, Properties

_DEFAULTS: Properties = {
    "consistencyMode": "EVENTUAL",
    "deletionProtectionEnabled": False,
    "kmsKeyArn": "",
    "pointInTimeRecovery": False,
    "propagateTags": False,
}
_MANAGED = "alias/aws/dynamodb"
_REMADE = ("kmsKeyArn", "consistencyMode")
"""What of a replica cannot be changed: it is removed, and made again."""


def plain(replica: Mapping[str, Any]) -> Properties:
    """What is declared of a replica, defaults filled in: to compare two."""
    return {"regionName": replica["regionName"]} | {key: replica.get(key) or default for key, default in _DEFAULTS.items()}


def live(call: Call, table: Mapping[str, Any], declared: list[Properties]) -> list[Properties]:
    """The replicas that a table has, as a program writes them and in its order; what only the program knows is from `declared`."""
    told = {replica["regionName"]: replica for replica in declared}
    shown = {item["RegionName"]: item for item in table.get("Replicas", [])}
    order = [region for region in told if region in shown] + [region for region in shown if region not in told]
    return [_live(call, str(table["TableName"]), shown[region], told.get(region, {})) for region in order]


def _live(call: Call, name: str, shown: Mapping[str, Any], declared: Mapping[str, Any]) -> Properties:
    region = shown["RegionName"]
    dynamodb = call.client("dynamodb", region)
    there = dynamodb.describe_table(TableName=name)["Table"]
    return {
        "regionName": region,
        "arn": there["TableArn"],
        "streamArn": there.get("LatestStreamArn", ""),
        "streamLabel": there.get("LatestStreamLabel", ""),
        "kmsKeyArn": customer_key(call, region, shown.get("KMSMasterKeyId", "")),
        "pointInTimeRecovery": recoverable(dynamodb, name)["enabled"],
        "deletionProtectionEnabled": there.get("DeletionProtectionEnabled", False),
        "consistencyMode": "EVENTUAL",
        "propagateTags": declared.get("propagateTags", False),
    }


def bring(call: Call, name: str, wanted: list[Properties], tags: Mapping[str, str]) -> None:
    """Makes a table's replicas what is wanted, from whatever they are."""
    dynamodb = call.client("dynamodb")
    have = {item["regionName"]: item for item in live(call, dynamodb.describe_table(TableName=name)["Table"], wanted)}
    want = {item["regionName"]: item for item in wanted}
    for region, replica in have.items():
        if region not in want or any(plain(want[region])[key] != plain(replica)[key] for key in _REMADE):
            _change(dynamodb, name, "Delete", RegionName=region)
    for region, replica in want.items():
        if region not in have or any(plain(have[region])[key] != plain(replica)[key] for key in _REMADE):
            _change(dynamodb, name, "Create", RegionName=region, **parameters(replica, KMSMasterKeyId="kmsKeyArn"))
        _bring_own(call, name, replica, tags)


def _bring_own(call: Call, name: str, replica: Properties, tags: Mapping[str, str]) -> None:
    dynamodb = call.client("dynamodb", replica["regionName"])
    there = dynamodb.describe_table(TableName=name)["Table"]
    if recoverable(dynamodb, name)["enabled"] != bool(replica.get("pointInTimeRecovery")):
        recover(dynamodb, name, {"enabled": bool(replica.get("pointInTimeRecovery"))})
    if there.get("DeletionProtectionEnabled", False) != bool(replica.get("deletionProtectionEnabled")):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=bool(replica.get("deletionProtectionEnabled")))
    if replica.get("propagateTags"):
        tagging.retag(dynamodb, there["TableArn"], {"tagsAll": tags_of(dynamodb, there["TableArn"])}, {"tagsAll": tags})


def end(call: Call, name: str, regions: list[str]) -> None:
    """Removes a table's replicas in these regions; those that are gone already are no error."""
    dynamodb = call.client("dynamodb")
    for region in regions:
        if call.teardown:
            unprotect(call.client("dynamodb", region), name)
        try:
            _change(dynamodb, name, "Delete", RegionName=region)
        except Exception as error:
            if error_code(error) != "ReplicaNotFoundException":
                raise


def unprotect(dynamodb: Any, name: str) -> None:
    """Lifts the deletion protection of a table, if it is there."""
    try:
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    except dynamodb.exceptions.ResourceNotFoundException:
        return


def recoverable(dynamodb: Any, name: str) -> Properties:
    """Point-in-time recovery of a table, as a program writes it."""
    found = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    return {
        "enabled": found.get("PointInTimeRecoveryStatus") == "ENABLED",
        "recoveryPeriodInDays": found.get("RecoveryPeriodInDays", 0),
    }


def recover(dynamodb: Any, name: str, wanted: Properties) -> None:
    """Sets point-in-time recovery."""
    specification: Properties = {"PointInTimeRecoveryEnabled": wanted["enabled"]}
    if wanted["enabled"]:
        specification |= parameters(wanted, RecoveryPeriodInDays="recoveryPeriodInDays")
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=specification)


def tags_of(dynamodb: Any, arn: str) -> dict[str, str]:
    """All tags of a table."""
    pages = dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
    return tagging.mapping(tag for page in pages for tag in page.get("Tags", []))


def customer_key(call: Call, region: str, key: str) -> str:
    """A key's ARN; nothing for the one that AWS manages, which no program names."""
    if not key:
        return ""
    kms = call.client("kms", region)
    try:
        aliases = kms.list_aliases(KeyId=key)["Aliases"]
    except kms.exceptions.NotFoundException:
        return key
    return "" if any(alias["AliasName"] == _MANAGED for alias in aliases) else key


def _change(dynamodb: Any, name: str, action: str, **what: Any) -> None:
    dynamodb.update_table(TableName=name, ReplicaUpdates=[{action: what}])


class TableReplica(Handler):
    """A replica declared apart from its table: it stands in the resource's region, the table in another."""

    token = "aws:dynamodb/tableReplica:TableReplica"
    create_only = frozenset({"globalTableArn", "kmsKeyArn", "tableClassOverride"})
    defaults = {"pointInTimeRecovery": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        arn = inputs["globalTableArn"]
        if arn is UNKNOWN:
            return []
        if str(arn).count(":") < 5 or not str(arn).split(":", 5)[5].startswith("table/"):
            return [Failure("globalTableArn", f"must be the ARN of a table (got {arn!r})")]
        if _home(arn) == call.region:
            return [Failure("globalTableArn", f"the table itself is in {call.region}: give the replica another region")]
        return []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        name = f"{inputs['globalTableArn']}".partition(":table/")[2]
        return {
            "arn": call.arn("dynamodb", f"table/{name}"),
            "deletionProtectionEnabled": inputs.get("deletionProtectionEnabled", False),
            "kmsKeyArn": inputs.get("kmsKeyArn", ""),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        arn = inputs["globalTableArn"]
        name, home = arn.partition(":table/")[2], _home(arn)
        wanted = parameters(inputs, KMSMasterKeyId="kmsKeyArn", TableClassOverride="tableClassOverride")
        _change(call.client("dynamodb", home), name, "Create", RegionName=call.region, **wanted)
        outputs = self.preview(call, inputs)
        self._bring(call, name, inputs, {**outputs, "tagsAll": {}})
        return f"{name}:{home}", outputs

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        name, _, home = resource_id.rpartition(":")
        table = call.client("dynamodb", home).describe_table(TableName=name)["Table"]
        shown = next((item for item in table.get("Replicas", []) if item["RegionName"] == call.region), None)
        if shown is None:
            return None
        dynamodb = call.client("dynamodb")
        there = dynamodb.describe_table(TableName=name)["Table"]
        return {
            "arn": there["TableArn"],
            "globalTableArn": table["TableArn"],
            "deletionProtectionEnabled": there.get("DeletionProtectionEnabled", False),
            "kmsKeyArn": customer_key(call, call.region, shown.get("KMSMasterKeyId", "")),
            "pointInTimeRecovery": recoverable(dynamodb, name)["enabled"],
            "tableClassOverride": shown.get("ReplicaTableClassSummary", {}).get("TableClass", ""),
            "tags": tags_of(dynamodb, there["TableArn"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._bring(call, resource_id.rpartition(":")[0], new, old)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        name, _, home = resource_id.rpartition(":")
        if call.teardown:
            unprotect(call.client("dynamodb"), name)
        _change(call.client("dynamodb", home), name, "Delete", RegionName=call.region)

    def _bring(self, call: Call, name: str, new: Properties, old: Properties) -> None:
        _bring_own(call, name, {**new, "regionName": call.region}, {})
        tagging.retag(call.client("dynamodb"), old["arn"], old, new)


def _home(arn: str) -> str:
    return arn.split(":")[3]
