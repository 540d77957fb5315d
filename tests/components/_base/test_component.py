"""A component parents its children, tags them, and publishes what it declares, no more and no less."""

from typing import Any

import pulumi
import pytest
from pulumi_aws.ec2.vpc import Vpc

from components._base import Component, Context
from config.vocabulary import DataClass, Environment, Law, Region
from tests.kit.recorder import UNKNOWN, record

CONTEXT = Context(
    environment=Environment.PRODUCTION,
    region=Region.US_EAST_1,
    owner="platform",
    jurisdiction=Law.NONE,
    cost_centre="platform",
    account_id="123456789012",
)


class Garden(Component, token="test:Garden"):
    """A VPC with a fence."""

    vpc_id: pulumi.Output[str]
    plain: list[str]

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        vpc = Vpc(
            f"{name}-vpc",
            cidr_block="10.0.0.0/16",
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-vpc"),
            opts=self.child(protect=True),
        )
        self.vpc_id = vpc.id
        self.plain = ["a"]
        self.not_declared = "x"
        self.publish()


class Forgetful(Component, token="test:Forgetful"):
    """Declares what it never sets."""

    vpc_id: pulumi.Output[str]
    other: pulumi.Output[str]

    def __init__(self, name: str, context: Context) -> None:
        super().__init__(name, context)
        self.vpc_id = pulumi.Output.from_input("vpc-1")
        self.publish()


class Park(Garden, token="test:Park"):
    """A garden that publishes one thing more."""

    gate: str

    def publish(self) -> None:
        """Add the gate."""
        self.gate = "open"
        super().publish()


def test_the_type_is_the_projects_name_and_the_token() -> None:
    assert record(lambda: Garden("garden", CONTEXT)).named("garden").type == "morefocus:test:Garden"


def test_a_child_hangs_under_its_component_with_its_options_and_tags() -> None:
    graph = record(lambda: Garden("garden", CONTEXT))
    vpc = graph.one("aws:ec2/vpc:Vpc")
    assert vpc.parent == graph.named("garden").urn and vpc.protect
    assert vpc.inputs["tags"] == CONTEXT.tags("garden", DataClass.OPERATIONAL, name="morefocus-prod-use1-garden-vpc")


def test_the_callers_options_stay_with_the_component() -> None:
    graph = record(lambda: Garden("garden", CONTEXT, pulumi.ResourceOptions(protect=False, ignore_changes=["tags"])))
    assert graph.one("aws:ec2/vpc:Vpc").protect


def test_exactly_the_annotated_outputs_are_published() -> None:
    graph = record(lambda: Garden("garden", CONTEXT))
    assert graph.outputs_of(graph.named("garden")) == {"vpc_id": "garden-vpc-id", "plain": ["a"]}


def test_an_inherited_output_is_published_too() -> None:
    graph = record(lambda: Park("park", CONTEXT))
    assert graph.outputs_of(graph.named("park")) == {"vpc_id": "park-vpc-id", "plain": ["a"], "gate": "open"}


def test_an_output_that_is_declared_and_never_set_is_an_error() -> None:
    with pytest.raises(TypeError, match="Forgetful declares other and never sets it"):
        record(lambda: Forgetful("forgetful", CONTEXT))


def test_before_the_first_up_ids_are_unknown() -> None:
    graph = record(lambda: Garden("garden", CONTEXT), preview=True)
    assert graph.outputs_of(graph.named("garden"))["vpc_id"] == UNKNOWN


@pytest.mark.parametrize("token", ["Garden", "test:garden", "Test:Garden", "test/Garden", ""])
def test_a_malformed_token_is_refused_when_the_class_is_written(token: str) -> None:
    def write() -> Any:
        class Bad(Component, token=token):
            """Never made."""

        return Bad

    with pytest.raises(TypeError, match="must look like"):
        write()
