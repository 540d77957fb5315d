"""What facts say of themselves."""

from dataclasses import replace

from scripts.reference.estate.facts import NodeGroup, Pool
from tests.scripts.reference.shipped import shipped_stack

SPOT = NodeGroup(types=("c5.xlarge", "c5a.xlarge"), minimum=0, desired=1, maximum=4)


def test_a_pool_goes_by_the_type_that_comes_first() -> None:
    assert Pool(name="p", on_demand=None, spot=SPOT).type == "c5.xlarge"
    assert Pool(name="p", on_demand=replace(SPOT, types=("t3.large",)), spot=SPOT).type == "t3.large"


def test_a_group_is_written_as_its_three_sizes() -> None:
    assert str(SPOT) == "0 / 1 / 4"


def test_a_stacks_hosts_are_those_of_all_its_ways_in() -> None:
    assert tuple(sorted(shipped_stack("us-east-1").hosts)) == (
        "app.morefocus.com",
        "front.morefocus.com",
        "front.use1.morefocus.com",
        "hooks.euw1.morefocus.com",
        "hooks.sae1.morefocus.com",
        "hooks.use1.morefocus.com",
        "hooks.use1.staging.morefocus.com",
        "origin.use1.morefocus.com",
    )
