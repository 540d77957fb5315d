"""Copies stand where the transfer register lets them, each region with keys of its own."""

import copy

import pytest

from config.errors import ConfigError
from config.load import Settings, load
from config.transfers import TransferRegister
from config.vocabulary import DataClass, Region
from stacks.compose import context_of
from stacks.copies import build_copies, destinations, sites_for
from tests.kit.composed import shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import record

COPIES: dict[str, dict[str, tuple[str, ...]]] = {
    "us-east-1": {"us-west-2": ("personal", "credentials"), "eu-west-1": ("personal", "credentials")},
    "eu-west-1": {"eu-central-1": ("personal", "credentials"), "sa-east-1": ("personal", "credentials"), "us-east-1": ("operational",)},
    "sa-east-1": {"eu-west-1": ("personal", "credentials"), "eu-central-1": ("personal", "credentials"), "us-east-1": ("operational",)},
    "staging": {},
}


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


@pytest.mark.parametrize("name", STACKS)
def test_copies_go_where_the_decisions_say(name: str) -> None:
    found = {region.value: tuple(each.value for each in classes) for region, classes in destinations(load(name)).items()}
    assert found == COPIES[name]


@pytest.mark.parametrize("name", STACKS)
def test_no_stack_needs_a_provider_of_its_own_for_another_region(name: str) -> None:
    assert not shipped_graph(name).of_type("pulumi:providers:aws")


@pytest.mark.parametrize("name", STACKS)
def test_keys_for_copies_are_made_in_their_region(name: str) -> None:
    found: dict[str, set[str]] = {}
    for key in shipped_graph(name).of_type("aws:kms/key:Key"):
        if region := key.inputs.get("region"):
            assert key.inputs["tags"]["region"] == region and key.name.startswith(Region(region).code)
            found.setdefault(region, set()).add(key.inputs["tags"]["data-class"])
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
