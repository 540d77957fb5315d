"""One table for a whole service, which grows by itself and comes back to any second of the last weeks (SCH-3, SCH-8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.cloudwatch._inputs import MetricAlarmMetricQueryArgsDict
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.dynamodb._inputs import TableGlobalSecondaryIndexArgsDict
from pulumi_aws.dynamodb.table import Table as DynamoTable
from pulumi_aws.dynamodb.table_replica import TableReplica

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import Backup, DataClass, Region

OPERATIONS = (
    *("BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"),
    *("BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"),
)
"""What DynamoDB counts errors by: the metric has no sum over them, and an alarm takes ten metrics.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INDEX = re.compile(r"[a-zA-Z0-9_.-]{3,64}")
_MOST_INDEXES = 4
"""As many as an alarm on throttles can add up; AWS itself allows 20."""
_NAME_LIMIT = 255
_NAMESPACE = "AWS/DynamoDB"
_LAG_MINUTES = 5
"""A third of what a failure may lose (BDR-4); copies are usually a second behind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableArgs:
    """Keys, indexes and copies; every key attribute is a string.

    Raises ValueError naming the option when DynamoDB would refuse it, or when copies are asked for without the stream that makes them.
    """

    data_class: DataClass = DataClass.PERSONAL
    hash_key: str = "pk"
    range_key: str = "sk"
    indexes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name of a global index to its hash and range attribute; each holds whole items."""
    ttl_attribute: str | None = None
    """Attribute with the second (since 1970) after which DynamoDB deletes an item; None keeps items until somebody deletes them."""
    key_arn: pulumi.Input[str]
    """KMS key for table, indexes, stream and backups."""
    stream: bool = True
    """Every change, as the item was and as it is, for 24 hours: what an audit log is made of, and copies in other regions."""
    replicas: Mapping[Region, pulumi.Input[str]] = field(default_factory=dict)
    """Region of a copy that can be written as well, to the ARN of a KMS key there; the caller has asked the transfer register (D1)."""
    recovery_days: int = 35
    """How far back point-in-time recovery reaches; what is erased can be restored for as long."""
    alert_topic_arn: pulumi.Input[str]
    """Where alarms go."""
    protect: bool = True
    """DynamoDB's own refusal to delete, of the table and of each copy."""

    def __post_init__(self) -> None:
        for option, attribute in self._attributes():
            if not _ATTRIBUTE.fullmatch(attribute):
                raise ValueError(f"{option} must be a lower-case attribute name such as 'gsi1pk' (got {attribute!r})")
        for name in self.indexes:
            if not _INDEX.fullmatch(name):
                raise ValueError(f"indexes: a name must be 3 to 64 letters, digits, '_', '-' or '.' (got {name!r})")
        if len(self.indexes) > _MOST_INDEXES:
            raise ValueError(f"indexes must be at most {_MOST_INDEXES}, which one alarm can watch (got {len(self.indexes)})")
        if not 1 <= self.recovery_days <= 35:
            raise ValueError(f"recovery_days must be 1 to 35 (got {self.recovery_days})")
        if self.replicas and not self.stream:
            raise ValueError(
                f"stream must be on where there are replicas, which are made of it (got replicas in {', '.join(self.replicas)})"
            )

    def _attributes(self) -> list[tuple[str, str]]:
        found = [("hash_key", self.hash_key), ("range_key", self.range_key)]
        found += [(f"indexes: {name}", attribute) for name, pair in self.indexes.items() for attribute in pair]
        return found if self.ttl_attribute is None else [*found, ("ttl_attribute", self.ttl_attribute)]

    @property
    def key_attributes(self) -> list[str]:
        """Attributes that are part of a key, each once: the only ones that DynamoDB wants to know of."""
        return list(dict.fromkeys([self.hash_key, self.range_key, *(each for pair in self.indexes.values() for each in pair)]))


class Table(Component, token="data:Table"):
    """An on-demand DynamoDB table under a key of the customer, with point-in-time recovery and copies where the caller says (SCH-3, SCH-8).

    Which questions its keys answer is written where it is composed: keys follow from access patterns, and not the other way.
    Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-general-nosql-design.html (one table),
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.html (copies).
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    stream_arn: pulumi.Output[str | None]
    """None where there is no stream."""

    def __init__(self, name: str, context: Context, args: TableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if context.region in args.replicas:
            raise ValueError(f"replicas must be in other regions than the table's own (got {context.region})")
        super().__init__(name, context, opts)
        self._args = args
        self._physical = context.physical(name, limit=_NAME_LIMIT)
        table = self._table()
        for region, key_arn in args.replicas.items():
            self._replica(table, context.copy_in(region), key_arn)
        if args.replicas:
            self._lag()
        self._throttles()
        self._errors()
        self.name = table.name
        self.arn = table.arn
        self.stream_arn = table.stream_arn.apply(lambda arn: arn or None) if args.stream else pulumi.Output.from_input(None)
        self.publish()

    def _table(self) -> DynamoTable:
        args, name = self._args, self._component
        backup = Backup.SIX_HOURLY if args.data_class.is_backed_up and self.context.origin is None else Backup.NONE
        return DynamoTable(
            f"{name}-table",
            name=self._physical,
            billing_mode="PAY_PER_REQUEST",
            hash_key=args.hash_key,
            range_key=args.range_key,
            attributes=[{"name": attribute, "type": "S"} for attribute in args.key_attributes],
            global_secondary_indexes=[_index(index, *pair) for index, pair in args.indexes.items()],
            ttl=None if args.ttl_attribute is None else {"attribute_name": args.ttl_attribute, "enabled": True},
            server_side_encryption={"enabled": True, "kms_key_arn": args.key_arn},
            point_in_time_recovery={"enabled": True, "recovery_period_in_days": args.recovery_days},
            stream_enabled=args.stream,
            stream_view_type="NEW_AND_OLD_IMAGES" if args.stream else None,
            deletion_protection_enabled=args.protect,
            tags=self.tags(args.data_class, name=name, backup=backup),
            # Copies are resources of their own, with tags of the region they stand in.
            opts=self.child(protect=args.protect, ignore_changes=["replicas"]),
        )

    def _replica(self, table: DynamoTable, there: Context, key_arn: pulumi.Input[str]) -> None:
        args, logical = self._args, there.logical(f"{self._component}-copy")
        TableReplica(
            logical,
            global_table_arn=table.arn,
            kms_key_arn=key_arn,
            point_in_time_recovery=True,
            deletion_protection_enabled=args.protect,
            # DynamoDB gives the copy the table's own name.
            tags=there.tags(self._component, args.data_class, name=self._physical, backup=Backup.NONE),
            opts=self.child(there=there, protect=args.protect),
        )

    def _lag(self) -> None:
        """The delay of the copy that is furthest behind, told in the region that is written to; in both, once both are."""
        logical = f"{self._component}-lag"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=f"A copy of {self._physical} is {_LAG_MINUTES} minutes behind (BDR-4)",
            metric_queries=[
                {"id": "worst", "expression": "MAX(METRICS())", "label": "lag", "return_data": True},
                *(_delay(region, self._physical) for region in self._args.replicas),
            ],
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=_LAG_MINUTES * 60_000,
            # Nothing was written, so nothing is behind.
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )

    def _throttles(self) -> None:
        """An on-demand table throttles what is more than twice its peak so far, or too much for one key."""
        table = {"TableName": self._physical}
        places = [table, *(table | {"GlobalSecondaryIndexName": index} for index in self._args.indexes)]
        counted = [
            _counted(f"{kind.lower()}{order}", f"{kind}ThrottleEvents", place)
            for order, place in enumerate(places)
            for kind in ("Read", "Write")
        ]
        self._alarm("throttled", "refuses requests as too many: what is asked comes late or fails (SCH-3)", counted)

    def _errors(self) -> None:
        table = {"TableName": self._physical}
        counted = [_counted(each[0].lower() + each[1:], "SystemErrors", table | {"Operation": each}) for each in OPERATIONS]
        self._alarm("errors", "answers with errors of its own (SCH-3)", counted)

    def _alarm(self, role: str, says: str, counted: list[MetricAlarmMetricQueryArgsDict]) -> None:
        logical = f"{self._component}-{role}"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=f"Table {self._physical} {says}",
            metric_queries=[{"id": "all", "expression": "SUM(METRICS())", "label": role, "return_data": True}, *counted],
            evaluation_periods=5,
            datapoints_to_alarm=2,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            # DynamoDB tells only what is not zero.
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )


def _delay(region: Region, table: str) -> MetricAlarmMetricQueryArgsDict:
    return {
        "id": region.code,
        "metric": {
            "namespace": _NAMESPACE,
            "metric_name": "ReplicationLatency",
            "dimensions": {"TableName": table, "ReceivingRegion": region.value},
            "period": 60,
            "stat": "Average",
        },
        "return_data": False,
    }


def _index(name: str, hash_key: str, range_key: str) -> TableGlobalSecondaryIndexArgsDict:
    return {
        "name": name,
        "key_schemas": [{"attribute_name": hash_key, "key_type": "HASH"}, {"attribute_name": range_key, "key_type": "RANGE"}],
        "projection_type": "ALL",
    }


def _counted(identity: str, metric: str, dimensions: dict[str, str]) -> MetricAlarmMetricQueryArgsDict:
    return {
        "id": identity,
        "metric": {"namespace": _NAMESPACE, "metric_name": metric, "dimensions": dimensions, "period": 60, "stat": "Sum"},
        "return_data": False,
    }
