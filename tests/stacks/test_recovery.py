"""What a region holds is backed up every six hours, and its backups stand in three regions."""

from typing import Any

import pytest

from config.load import load
from config.vocabulary import DataClass
from stacks.recovery import VAULT
from stacks.stores import STORES
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph, Recorded

PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
PRODUCTION = [name for name in STACKS if load(name).plan.copies]


def vaults(graph: Graph) -> dict[str, Recorded]:
    return {vault.name: vault for vault in graph.of_type("aws:backup/vault:Vault")}


def is_selected(graph: Graph, store: Recorded) -> bool:
    """Whether the stack's selection, read as AWS Backup reads it, takes the store."""
    selection = graph.one(SELECTION).inputs
    assert selection["resources"] == ["*"] and not selection.get("notResources")
    wanted = [each for condition in selection["conditions"] for each in condition["stringEquals"]]
    tags = store.inputs.get("tags", {})
    return all(tags.get(each["key"].removeprefix("aws:ResourceTag/")) == each["value"] for each in wanted)


@pytest.mark.parametrize("name", STACKS)
def test_every_store_is_selected_or_exempt_or_a_copy_or_holds_nothing_that_must_survive(name: str) -> None:
    graph, settings = shipped_graph(name), load(name)
    plan = settings.plan
    left = {
        store.name: store.inputs["tags"]
        for store in graph.resources
        if store.type in STORES and DataClass(store.inputs["tags"]["data-class"]).is_backed_up and not is_selected(graph, store)
    }
    exempt = {"backups-bucket", "releases-bucket", *(f"database-replica-{zone[-1]}" for zone in plan.network.zones)}
    # Of another region's database, which is backed up there.
    exempt |= {"standby-replica" for other in settings.estate.plans.values() if other.database.standby_region == plan.region}
    assert {store for store, tags in left.items() if tags["region"] == plan.region} <= exempt
    selected = {store.name for store in graph.resources if store.type in STORES and is_selected(graph, store)}
    assert selected >= {"database-primary", "shared-files-files", "files-bucket", "scheduling-table-table"}


@pytest.mark.parametrize("name", STACKS)
def test_nothing_but_stores_is_selected(name: str) -> None:
    graph = shipped_graph(name)
    assert {each.type for each in graph.resources if is_selected(graph, each)} <= STORES


def test_staging_and_production_share_a_region_and_select_nothing_of_each_other() -> None:
    production, staging = shipped_graph("us-east-1"), shipped_graph("staging")
    assert not [each.name for each in production.resources if is_selected(staging, each)]
    assert not [each.name for each in staging.resources if is_selected(production, each)]


@pytest.mark.parametrize("name", PRODUCTION)
def test_backups_stand_in_three_regions(name: str) -> None:
    graph, plan = shipped_graph(name), load(name).plan
    found = vaults(graph)
    away = {f"{region.code}-{VAULT}-vault" for region in plan.copies}
    assert len(away) == 2 and set(found) == {f"{VAULT}-vault", *away}
    assert "region" not in found[f"{VAULT}-vault"].inputs
    assert {found[each].inputs["region"] for each in away} == {region.value for region in plan.copies}
    rules: dict[str, Any] = {rule["ruleName"]: rule for rule in graph.one(PLAN).inputs["rules"]}
    for rule in ("six-hourly", "monthly"):
        copied = {copy["destinationVaultArn"].rsplit(":", 1)[1] for copy in rules[rule]["copyActions"]}
        assert copied == away


@pytest.mark.parametrize("name", STACKS)
def test_every_vault_is_locked_guarded_and_encrypted_by_a_key_of_its_region(name: str) -> None:
    graph = shipped_graph(name)
    for vault in vaults(graph).values():
        prefix = vault.name.removesuffix("-vault")
        assert graph.one("aws:backup/vaultLockConfiguration:VaultLockConfiguration", f"{prefix}-lock").inputs["minRetentionDays"] >= 7
        assert graph.one("aws:backup/vaultPolicy:VaultPolicy", f"{prefix}-policy")
        assert (f"{prefix.split('-')[0]}-keys" in vault.inputs["kmsKeyArn"]) is (prefix != VAULT)


@pytest.mark.parametrize("name", STACKS)
def test_any_second_of_the_databases_days_can_be_restored(name: str) -> None:
    (rule,) = [rule for rule in shipped_graph(name).one(PLAN).inputs["rules"] if rule.get("enableContinuousBackup")]
    days = load(name).plan.database.backup_days
    assert rule["lifecycle"]["deleteAfter"] == days
    assert days == 30 or name == "staging"


def test_no_rule_keeps_longer_or_shorter_than_the_lock_allows() -> None:
    for name in STACKS:
        graph = shipped_graph(name)
        lock = graph.one("aws:backup/vaultLockConfiguration:VaultLockConfiguration", f"{VAULT}-lock").inputs
        days = [rule["lifecycle"]["deleteAfter"] for rule in graph.one(PLAN).inputs["rules"]]
        assert lock["minRetentionDays"] <= min(days) and max(days) <= lock["maxRetentionDays"]


def test_services_are_opted_in_to_once_in_a_region_of_the_account() -> None:
    kind = "aws:backup/regionSettings:RegionSettings"
    assert [len(shipped_graph(name).of_type(kind)) for name in ("us-east-1", "staging", "eu-west-1", "sa-east-1")] == [1, 0, 1, 1]


@pytest.mark.parametrize("name", STACKS)
def test_every_kind_of_store_of_a_region_is_restored_on_trial_out_of_the_default_network(name: str) -> None:
    graph = shipped_graph(name)
    tested = {
        each.inputs["protectedResourceType"]: each.inputs
        for each in graph.of_type("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    }
    assert set(tested) == {"DynamoDB", "EFS", "RDS", "S3"}
    subnets = graph.one("aws:rds/subnetGroup:SubnetGroup", "database-subnets").inputs["name"]
    assert tested["RDS"]["restoreMetadataOverrides"] == {"dbSubnetGroupName": subnets}
    assert {each["iamRoleArn"].rsplit(":", 1)[1] for each in tested.values()} == {"restore-service-role"}
