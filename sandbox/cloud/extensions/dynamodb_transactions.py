"""DynamoDB: a transaction that is cancelled leaves nothing, in no region and in no stream, and costs what it touches.

moto copies each table whole, once for each item of each transaction, and puts the copy in the table's place when it is cancelled.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import wraps
from types import SimpleNamespace
from typing import Any

from sandbox.cloud.extensions.dynamodb_replicas import replicas


def install() -> None:
    """Adds it to moto."""
    from moto.dynamodb import models

    models.copy = SimpleNamespace(copy=copy.copy, deepcopy=_sparing(models.Table))
    models.DynamoDBBackend.transact_write_items = _undone(models.DynamoDBBackend.transact_write_items)


def _sparing(table: type) -> Callable[[Any], Any]:
    def deepcopy(value: Any) -> Any:
        return value if isinstance(value, table) else copy.deepcopy(value)

    return deepcopy


def _undone(original: Any) -> Any:
    @wraps(original)
    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        touched = [(table, keys, copy.deepcopy(table.get_item(*keys))) for table, keys in _places(self, transact_items)]
        shards = {id(shard): (shard, len(shard.items)) for table, *_ in touched for shard in _shards(table)}
        try:
            original(self, transact_items)
        except Exception:
            for table, keys, item in touched:
                _put_back(table, *keys, item)
            for shard, count in shards.values():
                del shard.items[count:]
            raise

    return transact_write_items


def _places(backend: Any, transact_items: list[dict[str, Any]]) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """The table and the key of each item that can be told; what cannot, moto refuses."""
    from moto.dynamodb.exceptions import DynamodbException, ResourceNotFoundException

    for item in transact_items:
        for asked in item.values():
            try:
                table = backend.get_table(asked.get("TableName"))
                yield table, backend.get_keys_value(table, asked.get("Key") or asked.get("Item") or {})
            except (DynamodbException, ResourceNotFoundException):
                continue


def _put_back(table: Any, hash_key: Any, range_key: Any, item: Any) -> None:
    if range_key is None:
        place, key = table.items, hash_key
    else:
        place, key = table.items[hash_key], range_key
    if item is None:
        place.pop(key, None)
    else:
        place[key] = item


def _shards(table: Any) -> Iterator[Any]:
    for replica in replicas(table).values() or [table]:
        if replica.stream_shard is not None:
            yield replica.stream_shard
