"""Copies stand where the transfer register lets them, each region with a provider and keys of its own."""

import copy
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import Settings, load
from config.transfers import TransferRegister
from config.vocabulary import DataClass, Region
from stacks.compose import context_of
from stacks.copies import build_copies, destinations, sites_for
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph, record

COPIES: dict[str, dict[str, tuple[str, ...]]] = {
    "us-east-1": {"us-west-2": ("personal", "credentials"), "eu-west-1": ("personal", "credentials")},
    "eu-west-1": {"eu-central-1": ("personal", "credentials"), "sa-east-1": ("personal", "credentials"), "us-east-1": ("operational",)},
    "sa-east-1": {"eu-west-1": ("personal", "credentials"), "eu-central-1": ("personal", "credentials"), "us-east-1": ("operational",)},
    "staging": {},
}
COPIED_BY_PROVIDER = "copies"


def with_register(settings: Settings, register: TransferRegister) -> Settings:
    changed = copy.copy(settings)
    estate = copy.copy(settings.estate)
    object.__setattr__(estate, "register", register)
    object.__setattr__(changed, "estate", estate)
    return changed


def without(settings: Settings, data: str, destination: str) -> Settings:
    rows = [
        row
        for row in settings.estate.register.transfers
        if (row.data, row.source, row.destination) != (data, settings.plan.region, destination)
    ]
    return with_register(settings, TransferRegister.model_construct(transfers=tuple(rows)))


def providers(graph: Graph) -> dict[str, dict[str, Any]]:
    return {each.name: each.inputs for each in graph.of_type("pulumi:providers:aws")}


@pytest.mark.parametrize("name", STACKS)
def test_copies_go_where_the_decisions_say(name: str) -> None:
    found = {region.value: tuple(each.value for each in classes) for region, classes in destinations(load(name)).items()}
    assert found == COPIES[name]


@pytest.mark.parametrize("name", STACKS)
def test_each_region_of_copies_has_a_provider_that_may_touch_the_stacks_account_alone(name: str) -> None:
    there = [inputs for logical, inputs in providers(shipped_graph(name)).items() if logical.endswith(COPIED_BY_PROVIDER)]
    assert {inputs["region"] for inputs in there} == set(COPIES[name])
    assert all(inputs["allowedAccountIds"] == '["123456789012"]' for inputs in there)


@pytest.mark.parametrize("name", STACKS)
def test_keys_for_copies_are_made_by_the_provider_of_their_region(name: str) -> None:
    regions = {f"{Region(region).code}-copies": region for region in COPIES[name]}
    found: dict[str, set[str]] = {}
    for key in shipped_graph(name).of_type("aws:kms/key:Key"):
        provider = key.provider.split("::")[-2] if key.provider else ""
        if provider in regions:
            assert key.inputs["tags"]["region"] == regions[provider]
            found.setdefault(regions[provider], set()).add(key.inputs["tags"]["data-class"])
    assert found == {region: set(classes) for region, classes in COPIES[name].items()}


def test_the_order_of_the_list_names_nothing() -> None:
    settings = load("eu-west-1")
    turned = copy.copy(settings)
    object.__setattr__(turned, "plan", settings.plan.model_copy(update={"copies": settings.plan.copies[::-1]}))
    trees = [record(lambda each=each: build_copies(each, context_of(each))).tree() for each in (settings, turned)]  # type: ignore[misc]
    assert trees[0] == trees[1]


def test_a_site_knows_whether_a_stack_of_its_environment_is_there() -> None:
    settings = load("eu-west-1")
    sites = record(lambda: build_copies(settings, context_of(settings))).result
    assert {site.region.value: site.stack for site in sites} == {
        "eu-central-1": None,
        "sa-east-1": "sa-east-1",
        "us-east-1": "us-east-1",
    }
    assert [site.region.value for site in sites_for(sites, DataClass.OPERATIONAL)] == ["us-east-1"]


def test_a_copy_without_a_row_names_the_row_to_write_before_anything_is_made() -> None:
    settings = without(load("eu-west-1"), "personal", "eu-central-1")
    with pytest.raises(ConfigError) as error:
        destinations(settings)
    assert "config/transfers.yaml" in str(error.value)
    assert "- {data: personal, from: eu-west-1, to: eu-central-1, mechanism: " in str(error.value)


def test_credentials_stay_where_no_row_lets_them_go() -> None:
    settings = without(load("eu-west-1"), "credentials", "eu-central-1")
    assert destinations(settings)[Region.EU_CENTRAL_1] == (DataClass.PERSONAL,)
