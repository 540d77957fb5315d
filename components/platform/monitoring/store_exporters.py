"""Exporters of the data stores: PostgreSQL, the queue's Redis, and the business's figures in PostgreSQL (OBS-1, OBS-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import yaml

from components.platform.flow import Addresses
from components.platform.monitoring.exporter import CONFIG, SECRETS, ExporterArgs, Reached

POSTGRES_PORT, REDIS_PORT = 5432, 6379
PASSWORD, ADDRESS = "password", "address"
"""Keys of the secrets that exporters are given."""
ROLE = "exporter"
"""PostgreSQL role with `pg_monitor`, which may call `platform.business_metrics()` and reads no table."""
FIGURES: Mapping[str, str] = {
    "leads_hour": "Leads worked on in the last hour.",
    "leads_day": "Leads worked on in the last day.",
    "conversions_day": "Leads that became customers in the last day.",
    "csat_week": "Mean answer of a week, 1 to 5.",
    "revenue_month": "Revenue of 30 days, in the tenant's currency.",
    "customers": "Customers.",
}
"""What `platform.business_metrics()` returns, and its meaning; the metric is `business_<figure>`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """A data store, and how it is signed in to."""

    label: str
    """What tells it from others, such as `primary`."""
    host: pulumi.Input[str]
    subnets: Addresses
    """Where its addresses lie."""
    secret: pulumi.Input[str]
    """Kubernetes secret with `PASSWORD`."""


def postgres_exporter(image: str, store: Store, database: str) -> ExporterArgs:
    """Return the exporter of one PostgreSQL server; its password is a file, and TLS is required.

    Source: https://github.com/prometheus-community/postgres_exporter/blob/v0.20.1/README.md
    """
    return ExporterArgs(
        image=image,
        port=9187,
        arguments=["--collector.long_running_transactions", "--no-collector.stat_bgwriter", "--no-collector.wal"],
        environment={
            "DATA_SOURCE_URI": pulumi.Output.concat(store.host, f":{POSTGRES_PORT}/{database}?sslmode=require"),
            "DATA_SOURCE_USER": ROLE,
            "DATA_SOURCE_PASS_FILE": f"{SECRETS}/{PASSWORD}",
        },
        secret=store.secret,
        reaches={"database": Reached(to=store.subnets, ports=(POSTGRES_PORT,))},
        extra={"database": store.label},
    )


def redis_exporter(image: str, store: Store) -> ExporterArgs:
    """Return the exporter of one Redis that is signed in to with a password, over TLS.

    The cache's users are IAM identities, with tokens of fifteen minutes that this exporter cannot make: CloudWatch tells of the cache.
    Source: https://github.com/oliver006/redis_exporter/blob/v1.89.0/README.md
    """
    return ExporterArgs(
        image=image,
        port=9121,
        environment={
            "REDIS_ADDR": pulumi.Output.concat("rediss://", store.host, f":{REDIS_PORT}"),
            # It takes a password from a file of JSON only, by the address: so by a variable.
            "REDIS_EXPORTER_INCL_SYSTEM_METRICS": "false",
            # ElastiCache refuses CONFIG, and asking would log an error at each scrape.
            "REDIS_EXPORTER_CONFIG_COMMAND": "-",
        },
        secret=store.secret,
        secret_environment={"REDIS_PASSWORD": PASSWORD},
        reaches={"cache": Reached(to=store.subnets, ports=(REDIS_PORT,))},
        extra={"cache": store.label},
    )


def business_exporter(image: str, store: Store) -> ExporterArgs:
    """Return the exporter of the business's figures, asked for every five minutes; its secret holds the whole address under `ADDRESS`.

    Source: https://github.com/burningalchemist/sql_exporter
    """
    return ExporterArgs(
        image=image,
        port=9399,
        arguments=[f"--config.file={CONFIG}/sql_exporter.yml"],
        secret=store.secret,
        secret_environment={"SQLEXPORTER_TARGET_DSN": ADDRESS},
        files={"sql_exporter.yml": yaml.safe_dump(business_config(), sort_keys=True)},
        reaches={"database": Reached(to=store.subnets, ports=(POSTGRES_PORT,))},
        health="/healthz",
        interval="1m",
    )


def business_config() -> dict[str, Any]:
    """Return which figures are asked for; all come from one query, at most every five minutes."""
    return {
        "global": {"min_interval": "5m", "max_connections": 1, "max_idle_connections": 1, "scrape_timeout": "30s"},
        "target": {"data_source_name": "postgres://", "collectors": ["business"]},
        "collectors": [
            {
                "collector_name": "business",
                "metrics": [
                    {
                        "metric_name": f"business_{figure}",
                        "type": "gauge",
                        "help": meaning,
                        "key_labels": ["tenant", "market", "tier"],
                        "values": [figure],
                        "query_ref": "figures",
                    }
                    for figure, meaning in FIGURES.items()
                ],
                "queries": [{"query_name": "figures", "query": figures_query()}],
            }
        ],
    }


def figures_query() -> str:
    """Return the query: a row a tenant, a column a figure; one that a tenant does not have is null, and is not exported."""
    columns = ", ".join(f"max(value) FILTER (WHERE figure = '{figure}')::float AS {figure}" for figure in FIGURES)
    # The figures are names written above, and nothing that anybody gives.
    return f"SELECT tenant, market, tier, {columns} FROM platform.business_metrics() GROUP BY tenant, market, tier"  # noqa: S608
