"""Connections of a region, as its stack shares them out."""

import re

import pytest

from config.connections import most_connections
from config.errors import ConfigError
from config.load import load
from config.vocabulary import Region
from stacks.pooling import files, root_of
from tests.kit.composed import shipped_graph

STACKS = ("us-east-1", "eu-west-1", "sa-east-1", "staging")


@pytest.mark.parametrize("stack", STACKS)
def test_all_poolers_together_stay_below_what_the_database_lets_in(stack: str) -> None:
    plan, graph = load(stack).plan, shipped_graph(stack)
    text = graph.named("pgbouncer-files").inputs["data"]["pgbouncer.ini"]
    one = sum(map(int, re.findall(r"max_db_connections=(\d+)", text)))
    most = most_connections(plan.database.instance_class)
    assert most is not None and one * plan.platform.pooling.replicas <= most


@pytest.mark.parametrize("stack", STACKS)
def test_the_poolers_and_the_migrations_reach_the_database_and_n8n_reaches_the_poolers(stack: str) -> None:
    flows = {each.name for each in shipped_graph(stack).of_type("morefocus:platform:Flow")}
    assert {"pgbouncer-to-database", "migrations-to-database"} <= flows
    assert ("automation-to-pgbouncer" in flows) == load(stack).plan.platform.automation.enabled


def test_secrets_of_the_roles_are_rows_of_the_catalogue() -> None:
    graph = shipped_graph("us-east-1")
    known = {each.inputs["name"] for each in graph.of_type("aws:secretsmanager/secret:Secret")}
    wanted = {each["remoteRef"]["key"] for each in graph.named("migrations-main-passwords").inputs["spec"]["data"]}
    assert {key for key in wanted if not key.startswith("arn:")} <= known


def test_the_job_gets_every_migration_under_a_name_that_its_script_finds() -> None:
    found = files()
    assert {"migrate.sh", "bootstrap.sql", "scram.pl"} <= set(found)
    migrations = [name for name in found if re.fullmatch(r"(platform|tenant)\.\d{4}_[a-z_]+\.sql", name)]
    assert len(migrations) == len(found) - 3 >= 6
    assert sum(len(text) for text in found.values()) < 900_000, "a ConfigMap holds a mebibyte"


def test_a_regions_certificate_is_its_own_and_what_is_not_known_is_said() -> None:
    one, other = root_of(Region.US_EAST_1), root_of(Region.EU_WEST_1)
    assert one != other and one.count("BEGIN CERTIFICATE") == other.count("BEGIN CERTIFICATE") == 1
    with pytest.raises(ConfigError, match=re.escape("truststore.pki.rds.amazonaws.com")):
        root_of(Region.MX_CENTRAL_1)


def test_the_master_user_is_the_one_that_the_database_is_made_with() -> None:
    graph = shipped_graph("us-east-1")
    (container,) = graph.named("migrations-main-job").inputs["spec"]["template"]["spec"]["containers"]
    told = {each["name"]: each["value"] for each in container["env"]}
    database = graph.named("database-primary").inputs
    assert told["MASTER_USER"] == database["username"] and told["PGDATABASE"] == database["dbName"]
