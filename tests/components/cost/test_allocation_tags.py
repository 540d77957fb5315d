from components.cost.allocation_tags import AllocationTags
from config.vocabulary import TagKey
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def test_bills_are_broken_down_by_exactly_the_closed_set_of_tags() -> None:
    graph = record(lambda: AllocationTags("allocation-tags", a_context()))
    tags = {each.inputs["tagKey"]: each.inputs["status"] for each in graph.of_type("aws:costexplorer/costAllocationTag:CostAllocationTag")}
    assert tags == {key.value: "Active" for key in TagKey}
