"""What a component makes for another region stands there, down to the last child, and what stands in no region is left alone."""

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.sqs.queue import Queue

from components._base import Component, Context
from config.vocabulary import DataClass, Environment, Law, Region
from tests.kit.recorder import Graph, record

HOME = Context(
    environment=Environment.PRODUCTION,
    region=Region.SA_EAST_1,
    owner="platform",
    jurisdiction=Law.LGPD,
    cost_centre="platform",
    account_id="123456789012",
)
THERE = HOME.copy_in(Region.EU_WEST_1)
QUEUE, ROLE = "aws:sqs/queue:Queue", "aws:iam/role:Role"


class Inner(Component, token="test:Inner"):
    """A queue in a component of its own."""

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        Queue(f"{name}-queue", tags=self.tags(DataClass.OPERATIONAL), opts=self.child())
        self.publish()


class Outer(Component, token="test:Outer"):
    """A queue, a role, and an inner component; one more queue elsewhere if asked for."""

    def __init__(self, name: str, context: Context, elsewhere: Context | None = None) -> None:
        super().__init__(name, context)
        Queue(f"{name}-queue", opts=self.child())
        Role(f"{name}-role", assume_role_policy="{}", opts=self.child())
        Inner(f"{name}-inner", context, self.child())
        if elsewhere is not None:
            Queue(f"{name}-single", opts=self.child(there=elsewhere))
        self.publish()


def regions(graph: Graph, type_: str) -> dict[str, str | None]:
    return {each.name: each.inputs.get("region") for each in graph.of_type(type_)}


def test_every_resource_below_a_component_for_another_region_is_given_that_region() -> None:
    graph = record(lambda: Outer("euw1-copy", THERE))
    assert regions(graph, QUEUE) == {"euw1-copy-queue": "eu-west-1", "euw1-copy-inner-queue": "eu-west-1"}


def test_what_stands_in_no_region_is_given_none() -> None:
    assert regions(record(lambda: Outer("euw1-copy", THERE)), ROLE) == {"euw1-copy-role": None}


def test_at_home_no_resource_is_given_a_region() -> None:
    graph = record(lambda: Outer("copy", HOME))
    assert set(regions(graph, QUEUE).values()) == {None}


def test_a_single_child_may_stand_elsewhere_and_its_siblings_stay() -> None:
    graph = record(lambda: Outer("copy", HOME, elsewhere=THERE))
    assert regions(graph, QUEUE) == {"copy-queue": None, "copy-inner-queue": None, "copy-single": "eu-west-1"}


def test_a_child_for_the_components_own_region_is_given_none() -> None:
    assert regions(record(lambda: Outer("copy", HOME, elsewhere=HOME)), QUEUE)["copy-single"] is None
