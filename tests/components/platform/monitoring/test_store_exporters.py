"""Exporters of the data stores."""

from collections.abc import Callable

import yaml

from components.platform.flow import Addresses
from components.platform.monitoring.exporter import Exporter, ExporterArgs
from components.platform.monitoring.store_exporters import (
    FIGURES,
    Store,
    business_config,
    business_exporter,
    figures_query,
    postgres_exporter,
    redis_exporter,
)
from config.load import ROOT
from tests.kit.contexts import a_context
from tests.kit.recorder import record

DATA = Addresses(cidrs=("10.0.128.0/20",))
STORE = Store(label="primary", host="db.example.org", subnets=DATA, secret="credentials")


def environment(make: Callable[[], ExporterArgs]) -> dict[str, str]:
    """What its container is told; made within the run, to which what is not known yet belongs."""
    graph = record(lambda: Exporter("tried", a_context(), make()))
    (container,) = graph.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container["env"] if "value" in each}


def test_postgresql_is_asked_over_tls_with_a_password_from_a_file() -> None:
    told = environment(lambda: postgres_exporter("image", STORE, "morefocus"))
    assert told["DATA_SOURCE_URI"] == "db.example.org:5432/morefocus?sslmode=require"
    assert told["DATA_SOURCE_PASS_FILE"] == "/var/run/exporter/password" and told["DATA_SOURCE_USER"] == "exporter"
    args = postgres_exporter("image", STORE, "morefocus")
    assert args.extra == {"database": "primary"}
    assert {(reached.to, reached.ports) for reached in args.reaches.values()} == {(DATA, (5432,))}


def test_the_collector_that_a_rule_needs_and_that_is_off_by_itself_is_on() -> None:
    assert "--collector.long_running_transactions" in postgres_exporter("image", STORE, "x").arguments


def test_redis_is_asked_over_tls_and_not_for_what_elasticache_refuses() -> None:
    queue = Store(label="queue", host="q.example.org", subnets=DATA, secret="credentials")
    told = environment(lambda: redis_exporter("image", queue))
    assert told["REDIS_ADDR"] == "rediss://q.example.org:6379"
    assert told["REDIS_EXPORTER_CONFIG_COMMAND"] == "-"
    args = redis_exporter("image", queue)
    assert args.secret_environment == {"REDIS_PASSWORD": "password"} and args.extra == {"cache": "queue"}


def test_the_business_is_asked_for_by_one_query_however_many_figures_there_are() -> None:
    config = business_config()
    (collector,) = config["collectors"]
    assert len(collector["queries"]) == 1
    assert {metric["metric_name"] for metric in collector["metrics"]} == {f"business_{figure}" for figure in FIGURES}
    assert {metric["query_ref"] for metric in collector["metrics"]} == {collector["queries"][0]["query_name"]}
    assert config["global"]["min_interval"] == "5m"


def test_the_figures_are_those_that_the_database_works_out() -> None:
    migration = (ROOT / "services/database/migrations/platform/0004_business_metrics.sql").read_text(encoding="utf-8")
    assert not [figure for figure in FIGURES if f"'{figure}'" not in migration]
    assert "platform.business_metrics()" in figures_query()


def test_the_address_with_its_password_is_no_part_of_the_configuration() -> None:
    args = business_exporter("image", STORE)
    assert args.secret_environment == {"SQLEXPORTER_TARGET_DSN": "address"}
    text = args.files["sql_exporter.yml"]
    assert isinstance(text, str) and yaml.safe_load(text)["target"]["data_source_name"] == "postgres://"
