"""PostgreSQL, Redis and queues: connections, lag, memory and storage (OBS-2, BDR-4)."""

from components.platform.monitoring.rule import Alert, Group, Record

RPO_SECONDS = 15 * 60
"""Most that may be lost of critical data (BDR-4)."""
_VISIBLE = "aws_sqs_approximate_number_of_messages_visible_maximum"


def database_rules(*, connections: int, storage_gb: int) -> Group:
    """Return the rules about PostgreSQL.

    `connections` is the number of clients from which OBS-2 speaks of many, `storage_gb` the storage RDS began with. RDS enlarges it when
    less than a tenth is free, so that a twentieth is a sign that it could not.
    Source: https://github.com/prometheus-community/postgres_exporter,
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
    """
    return Group(
        name="database",
        rules=[
            Record(
                name="database:connections:sum",
                expr='sum by (instance, database) (pg_stat_activity_count{backend_type="client backend"})',
            ),
            Record(
                name="database:connections:percent",
                expr="100 * database:connections:sum / on (instance, database) pg_settings_max_connections",
            ),
            *_clients(connections),
            *_storage(storage_gb),
        ],
    )


def _clients(connections: int) -> list[Alert]:
    return [
        Alert(
            name="DatabaseConnectionsHigh",
            expr=f"database:connections:sum > {connections}",
            hold="2m",
            severity="critical",
            summary="PostgreSQL has many clients",
            description="{{ $labels.database }} has {{ $value | humanize }} connections: a pool is missing or leaks.",
        ),
        Alert(
            name="DatabaseConnectionsNearLimit",
            expr="database:connections:percent > 80",
            hold="2m",
            severity="page",
            summary="PostgreSQL is about to refuse clients",
            description="{{ $labels.database }} is at {{ $value | humanize }} % of max_connections.",
        ),
        Alert(
            name="DatabaseDown",
            expr="pg_up == 0",
            hold="1m",
            severity="page",
            summary="PostgreSQL does not answer",
            description="The exporter cannot reach {{ $labels.database }}; a Multi-AZ failover takes one to two minutes.",
        ),
    ]


def _storage(storage_gb: int) -> list[Alert]:
    few = storage_gb * 1024**3 // 20
    return [
        Alert(
            name="DatabaseReplicaLagging",
            expr="pg_replication_lag_seconds > 60 and pg_replication_is_replica == 1",
            hold="5m",
            severity="warning",
            summary="A read replica is behind",
            description="{{ $labels.database }} shows what was true {{ $value | humanizeDuration }} ago.",
        ),
        Alert(
            name="DatabaseReplicaBeyondRpo",
            expr=f"pg_replication_lag_seconds > {RPO_SECONDS} and pg_replication_is_replica == 1",
            hold="2m",
            severity="critical",
            summary="A replica lost so much that it may not take over",
            description="{{ $labels.database }} is {{ $value | humanizeDuration }} behind; promoted now, more than the RPO is lost.",
        ),
        Alert(
            name="DatabaseStorageLow",
            expr=f"min by (dimension_DBInstanceIdentifier) (aws_rds_free_storage_space_minimum) < {few}",
            hold="15m",
            severity="critical",
            summary="PostgreSQL's storage did not grow",
            description="{{ $labels.dimension_DBInstanceIdentifier }} has {{ $value | humanize1024 }}B left, and did not grow.",
        ),
        Alert(
            name="DatabaseTransactionOld",
            expr="pg_long_running_transactions_oldest_timestamp_seconds > 3600",
            hold="5m",
            severity="warning",
            summary="A transaction has been open for an hour",
            description="{{ $labels.database }}: open for {{ $value | humanizeDuration }}; nothing is vacuumed meanwhile.",
        ),
    ]


def cache_rules() -> Group:
    """Return the rules about Redis: the cluster that may forget, of which CloudWatch tells, and the queue that must not.

    Source: https://github.com/oliver006/redis_exporter,
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
    """
    return Group(
        name="caches",
        rules=[
            Alert(
                name="QueueRedisDown",
                expr='redis_up{cache="queue"} == 0',
                hold="2m",
                severity="page",
                summary="The queue's Redis does not answer",
                description="No execution is handed to a worker; a failover takes less than a minute or two.",
            ),
            Alert(
                name="QueueMemoryHigh",
                expr='100 * redis_memory_used_bytes{cache="queue"} / (redis_memory_max_bytes{cache="queue"} > 0) > 75',
                hold="5m",
                severity="critical",
                summary="The queue's Redis is about to refuse jobs",
                description="It is at {{ $value | humanize }} % of its memory, and forgets nothing to make room.",
            ),
            Alert(
                name="CacheMemoryHigh",
                expr="max by (dimension_CacheClusterId) (aws_elasticache_database_memory_usage_percentage_maximum) > 85",
                hold="5m",
                severity="warning",
                summary="A cache node's memory is nearly used up",
                description="{{ $labels.dimension_CacheClusterId }} is at {{ $value | humanize }} %; keys with an expiry make room next.",
            ),
            Alert(
                name="CacheEvicting",
                expr="sum by (dimension_CacheClusterId) (aws_elasticache_evictions_sum) > 60",
                hold="15m",
                severity="warning",
                summary="The cache forgets what is still wanted",
                description="{{ $labels.dimension_CacheClusterId }} evicts {{ $value | humanize }} keys a minute: sessions end early.",
            ),
            Alert(
                name="CacheProcessorBusy",
                expr="max by (dimension_CacheClusterId) (aws_elasticache_engine_cpuutilization_maximum) > 80",
                hold="10m",
                severity="warning",
                summary="A cache node's engine is busy",
                description="{{ $labels.dimension_CacheClusterId }} is at {{ $value | humanize }} % of the one thread that Redis has.",
            ),
            Alert(
                name="DeadLettersWaiting",
                expr=f'max by (dimension_QueueName) ({_VISIBLE}{{dimension_QueueName=~".*-dead"}}) > 0',
                hold="5m",
                severity="warning",
                summary="Messages were given up",
                description="{{ $labels.dimension_QueueName }} holds {{ $value | humanize }} messages that nobody could work on.",
            ),
        ],
    )
