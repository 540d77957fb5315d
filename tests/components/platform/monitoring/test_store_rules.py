"""Rules about PostgreSQL, Redis and queues, tried with promtool."""

from pathlib import Path

from components.platform.monitoring.rule import Alert
from components.platform.monitoring.store_rules import cache_rules, database_rules
from tests.kit.promtool import Case, findings, uncovered, values

SERVER = 'instance="10.0.9.1:9187", database="primary"'
REPLICA = 'instance="10.0.9.2:9187", database="replica-a"'
RULES = database_rules(connections=80, storage_gb=1000)
GIB = 1024**3


def clients(active: int, idle: int, limit: int = 3000) -> dict[str, str]:
    """Clients, and beside them backends of the server's own that are none."""
    return {
        f'pg_stat_activity_count{{{SERVER}, datname="morefocus", state="active", backend_type="client backend"}}': f"{active}x60",
        f'pg_stat_activity_count{{{SERVER}, datname="morefocus", state="idle", backend_type="client backend"}}': f"{idle}x60",
        f'pg_stat_activity_count{{{SERVER}, datname="", state="", backend_type="autovacuum launcher"}}': "50x60",
        f"pg_settings_max_connections{{{SERVER}}}": f"{limit}x60",
    }


def lag(seconds: int, replica: int = 1) -> dict[str, str]:
    return {f"pg_replication_lag_seconds{{{REPLICA}}}": f"{seconds}x60", f"pg_replication_is_replica{{{REPLICA}}}": f"{replica}x60"}


def free(gib: int) -> dict[str, str]:
    return {'aws_rds_free_storage_space_minimum{dimension_DBInstanceIdentifier="db"}': f"{gib * GIB}x60"}


DATABASE = (
    Case(alert="DatabaseConnectionsHigh", fires=clients(40, 41), quiet=clients(40, 40), at="3m", labels={"database": "primary"}),
    Case(alert="DatabaseConnectionsNearLimit", fires=clients(41, 40, 100), quiet=clients(40, 40, 100), at="3m"),
    Case(
        alert="DatabaseDown",
        fires={f"pg_up{{{SERVER}}}": "1x10 0x10"},
        quiet={f"pg_up{{{SERVER}}}": "1x18 0 1x10"},
        at="20m",
        labels={"database": "primary"},
    ),
    Case(alert="DatabaseReplicaLagging", fires=lag(61), quiet=lag(60), at="10m", labels={"database": "replica-a"}),
    Case(alert="DatabaseReplicaBeyondRpo", fires=lag(901), quiet=lag(901, replica=0), at="10m"),
    Case(alert="DatabaseStorageLow", fires=free(49), quiet=free(50)),
    Case(
        alert="DatabaseTransactionOld",
        fires={f"pg_long_running_transactions_oldest_timestamp_seconds{{{SERVER}}}": "3601x60"},
        quiet={f"pg_long_running_transactions_oldest_timestamp_seconds{{{SERVER}}}": "3600x60"},
    ),
)


def queue_memory(used: int, limit: int = 1000) -> dict[str, str]:
    return {'redis_memory_used_bytes{cache="queue"}': f"{used}x60", 'redis_memory_max_bytes{cache="queue"}': f"{limit}x60"}


def cache(metric: str, value: int) -> dict[str, str]:
    return {f'aws_elasticache_{metric}{{dimension_CacheClusterId="cache-0001-001", dimension_CacheNodeId="0001"}}': f"{value}x60"}


CACHES = (
    Case(
        alert="QueueRedisDown",
        fires={'redis_up{cache="queue"}': "1x10 0x20"},
        quiet={'redis_up{cache="queue"}': "1x10 0x1 1x60"},
        at="20m",
    ),
    # Without a limit of its own a Redis says 0, of which no share can be told.
    Case(alert="QueueMemoryHigh", fires=queue_memory(751), quiet=queue_memory(751, 0), at="10m"),
    Case(
        alert="CacheMemoryHigh",
        fires=cache("database_memory_usage_percentage_maximum", 86),
        quiet=cache("database_memory_usage_percentage_maximum", 85),
    ),
    Case(alert="CacheEvicting", fires=cache("evictions_sum", 61), quiet=cache("evictions_sum", 60)),
    Case(
        alert="CacheProcessorBusy",
        fires=cache("engine_cpuutilization_maximum", 81),
        quiet=cache("engine_cpuutilization_maximum", 80),
        labels={"dimension_CacheClusterId": "cache-0001-001"},
    ),
    Case(
        alert="DeadLettersWaiting",
        fires={'aws_sqs_approximate_number_of_messages_visible_maximum{dimension_QueueName="morefocus-prod-use1-bookings-dead"}': "1x60"},
        quiet={'aws_sqs_approximate_number_of_messages_visible_maximum{dimension_QueueName="morefocus-prod-use1-bookings"}': "9x60"},
    ),
)


def test_each_alert_on_postgresql_fires_on_its_threshold_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(RULES, DATABASE)
    assert not findings(RULES, DATABASE, tmp_path)


def test_each_alert_on_redis_and_queues_fires_on_its_threshold_and_not_below(tmp_path: Path) -> None:
    assert not uncovered(cache_rules(), CACHES)
    assert not findings(cache_rules(), CACHES, tmp_path)


def test_connections_are_critical_after_two_minutes_above_what_the_sources_name() -> None:
    alert = next(each for each in RULES.alerts if each.name == "DatabaseConnectionsHigh")
    assert isinstance(alert, Alert)
    assert (alert.hold, alert.severity, alert.expr.rpartition(" > ")[2]) == ("2m", "critical", "80")


def test_the_servers_own_backends_are_no_connections(tmp_path: Path) -> None:
    wanted = {"database:connections:sum": 30.0, "database:connections:percent": 1.0}
    assert not values(RULES, clients(10, 20), wanted, tmp_path, at="30m")
