"""What DynamoDB, or the sandbox, refuses about a table before it is made.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.provider.aws.dynamodb import indexes
from sandbox.provider.errors import Failure
from sandbox.provider.values import UNKNOWN, Properties, known

IMAGES = "NEW_AND_OLD_IMAGES"
_LACKING = {
    "globalTableWitness": "witness regions",
    "importTable": "imports from S3 into a new table",
    "restoreBackupArn": "restores",
    "restoreDateTime": "restores",
    "restoreSourceName": "restores",
    "restoreSourceTableArn": "restores",
    "restoreToLatestTime": "restores",
}
_UNTRIED = "so this cannot be tried in the sandbox; AWS would accept it"


def failures(inputs: Properties, region: str) -> list[Failure]:
    """Everything found; values may be UNKNOWN."""
    return [
        *(Failure(name, f"the sandbox has no {what}, {_UNTRIED}") for name, what in _LACKING.items() if name in inputs),
        *_keys(inputs),
        *_capacity(inputs),
        *_stream(inputs),
        *_ttl(inputs.get("ttl")),
        *_indexes(inputs),
        *_replicas(inputs, region),
    ]


def _keys(inputs: Properties) -> Iterator[Failure]:
    if inputs.get("hashKey") in (None, ""):
        yield Failure("hashKey", "required: a table has a partition key")
    attributes = inputs.get("attributes") or []
    if not known(attributes, *(inputs.get(key) for key in ("hashKey", "rangeKey", "globalSecondaryIndexes", "localSecondaryIndexes"))):
        return
    defined, used = [item["name"] for item in attributes], set(indexes.attributes_used(inputs))
    if unused := sorted(set(defined) - used):
        yield Failure(
            "attributes", f"all must be indexed, by a key of the table or of an index; {', '.join(unused)} are not: leave them out"
        )
    if missing := sorted(used - set(defined)):
        yield Failure("attributes", f"keys need a definition: add {', '.join(missing)} with its type (S, N or B)")
    if twice := sorted(name for name, times in Counter(defined).items() if times > 1):
        yield Failure("attributes", f"defined more than once: {', '.join(twice)}")


def _capacity(inputs: Properties) -> Iterator[Failure]:
    if inputs["billingMode"] != "PROVISIONED":
        return
    for key in ("readCapacity", "writeCapacity"):
        if inputs.get(key) is not UNKNOWN and (inputs.get(key) or 0) < 1:
            yield Failure(key, "at least 1 with billingMode PROVISIONED: set it, or choose PAY_PER_REQUEST")


def _stream(inputs: Properties) -> Iterator[Failure]:
    enabled, kind = inputs.get("streamEnabled", False), inputs.get("streamViewType")
    if enabled is True and kind in (None, ""):
        yield Failure("streamViewType", "required when streamEnabled is true")
    if enabled is False and kind not in (None, "", UNKNOWN):
        yield Failure("streamViewType", "means nothing without streamEnabled: set that to true as well")


def _ttl(ttl: Any) -> Iterator[Failure]:
    if not known(ttl) or not isinstance(ttl, dict):
        return
    if ttl.get("enabled") and not ttl.get("attributeName"):
        yield Failure("ttl.attributeName", "required when ttl.enabled is true")
    if not ttl.get("enabled") and ttl.get("attributeName"):
        yield Failure("ttl.attributeName", "must not be set unless ttl.enabled is true")


def _indexes(inputs: Properties) -> Iterator[Failure]:
    for kind in ("globalSecondaryIndexes", "localSecondaryIndexes"):
        given = inputs.get(kind) or []
        for position, index in enumerate([] if given is UNKNOWN else given):
            if index is UNKNOWN:
                continue
            path = f"{kind}[{position}]"
            include, extra = index["projectionType"] == "INCLUDE", index.get("nonKeyAttributes")
            if known(index["projectionType"]) and include != bool(extra):
                yield Failure(f"{path}.nonKeyAttributes", "given with projectionType INCLUDE, and only then")
            if kind == "globalSecondaryIndexes" and ("hashKey" in index) == ("keySchemas" in index):
                yield Failure(path, "has hashKey (and rangeKey) or keySchemas: one of both")
    if inputs.get("localSecondaryIndexes") and inputs.get("rangeKey") in (None, ""):
        yield Failure("localSecondaryIndexes", "need a table with a rangeKey")


def _replicas(inputs: Properties, region: str) -> Iterator[Failure]:
    replicas = inputs.get("replicas")
    if not replicas or replicas is UNKNOWN:
        return
    if inputs.get("streamEnabled") is not UNKNOWN and inputs.get("streamViewType") not in (IMAGES, UNKNOWN):
        yield Failure("streamViewType", f"a table with replicas streams its changes to them: set streamEnabled, and this to {IMAGES}")
    named = [replica["regionName"] for replica in replicas if known(replica)]
    if region in named:
        yield Failure("replicas", f"the table itself is in {region}: name other regions only")
    if twice := sorted(name for name, times in Counter(named).items() if times > 1):
        yield Failure("replicas", f"more than one in {', '.join(twice)}")
    for position, replica in enumerate(replicas):
        if known(replica) and replica.get("consistencyMode") == "STRONG":
            yield Failure(f"replicas[{position}].consistencyMode", f"the sandbox has no strong consistency between regions, {_UNTRIED}")
