"""A stack is composed from its settings."""

from pathlib import Path

import pytest

from config.load import load
from config.vocabulary import TagKey
from stacks.compose import context_of
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import STACKS, with_a_fourth_region, write
from tests.kit.sdk import takes

_SOME = {TagKey.TENANT, TagKey.BACKUP}
"""What only some resources carry: those of one tenant, and stores."""
_KUBERNETES = "kubernetes.io/"
"""Controllers in a cluster know what is theirs by tags of this prefix."""


@pytest.mark.parametrize("name", STACKS)
def test_every_resource_that_can_be_tagged_carries_the_closed_set_of_tags(name: str) -> None:
    plan = load(name).plan
    for resource in shipped_graph(name).resources:
        if not resource.type.startswith("aws:") or not takes(resource.type, "tags"):
            continue
        tags = resource.inputs.get("tags", {})
        ours = {key for key in tags if not key.startswith(_KUBERNETES)}
        assert ours - _SOME == set(TagKey) - _SOME, resource.urn
        assert (tags["region"], tags["environment"], tags["jurisdiction"]) == (plan.region, plan.environment, plan.law), resource.urn


@pytest.mark.parametrize("name", STACKS)
def test_every_provider_resource_is_a_components_child(name: str) -> None:
    graph = shipped_graph(name)
    components = {resource.urn for resource in graph.resources if resource.type.startswith("morefocus:")}
    orphans = [resource.urn for resource in graph.resources if resource.type.startswith("aws:") and resource.parent not in components]
    assert not orphans


@pytest.mark.parametrize(("name", "foreign"), [("eu-west-1", ("us-east-1", "sa-east-1")), ("sa-east-1", ("us-east-1", "eu-west-1"))])
def test_a_region_outside_the_hub_names_no_other_region(name: str, foreign: tuple[str, ...]) -> None:
    found = [
        resource.urn
        for resource in shipped_graph(name).resources
        if resource.type.startswith("aws:") and any(region in repr(resource.inputs) for region in foreign)
    ]
    assert not found


@pytest.mark.parametrize("name", STACKS)
def test_a_preview_before_the_first_up_registers_the_same_resources(name: str) -> None:
    assert composed(load(name), preview=True).tree() == shipped_graph(name).tree()


@pytest.mark.parametrize("name", STACKS)
def test_everything_exported_is_known_after_an_up(name: str) -> None:
    exported = shipped_graph(name).stack_outputs
    assert not [key for key, value in exported.items() if value in (None, "") or (isinstance(value, list) and None in value)]
    assert len(exported["database_replica_endpoints"]) == load(name).plan.database.replicas


def test_the_hubs_stack_has_the_hub_and_a_region_and_the_others_a_region_only() -> None:
    def kinds(name: str) -> set[str]:
        return {resource.type for resource in shipped_graph(name).resources if resource.type.startswith("morefocus:")}

    hub = kinds("us-east-1")
    assert (
        kinds("eu-west-1")
        == kinds("sa-east-1")
        == hub - {"morefocus:edge:Zone", "morefocus:edge:ContentDelivery", "morefocus:data:AccountStorage"}
    )
    assert kinds("staging") == kinds("eu-west-1") - {"morefocus:security:VolumeEncryption"}


def test_a_fourth_region_is_composed_from_its_file_alone(tmp_path: Path) -> None:
    graph = composed(load("ap-southeast-2", root=write(with_a_fourth_region(), tmp_path)))
    kinds = [resource.type for resource in shipped_graph("eu-west-1").resources]
    assert {resource.type for resource in graph.resources} == set(kinds)
    assert graph.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == "10.4.0.0/16"
    assert graph.one("aws:eks/cluster:Cluster").inputs["name"] == "morefocus-prod-apse2-cluster"


def test_the_context_carries_the_plans_facts() -> None:
    context = context_of(load("eu-west-1"))
    assert context.prefix == "morefocus-prod-euw1"
    assert (context.jurisdiction, context.owner, context.account_id) == ("gdpr", "platform", "123456789012")
