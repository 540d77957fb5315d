"""Every stack with a file is recorded, in the order the estate is read."""

from pathlib import Path

import pytest

from config.errors import ConfigError
from scripts.reference.estate.recorded import by_id, environment, parent_name, record_stacks, strings_in
from tests.kit.composed import shipped_graph
from tests.kit.plans import shipped, stack, write
from tests.scripts.reference.shipped import NAMES, graph_of, resource


def test_the_hub_comes_first_and_small_environments_last() -> None:
    assert tuple(record_stacks()) == NAMES


def test_a_file_that_cannot_be_used_is_told_and_not_drawn_without(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "staging")["morefocus:network"]["cidr"] = "10.0.0.0/16"
    with pytest.raises(ConfigError, match="overlaps no other"):
        record_stacks(write(documents, tmp_path))


def test_the_environment_is_the_one_resources_are_tagged_with() -> None:
    assert [environment(shipped_graph(name)) for name in NAMES] == ["production"] * 3 + ["staging"]


def test_resources_of_one_type_are_found_by_what_they_were_answered() -> None:
    graph = shipped_graph("us-east-1")
    subnets = by_id(graph.of_type("aws:ec2/subnet:Subnet"))
    assert subnets[graph.named("network-nat-gateway-b").inputs["subnetId"]].name == "network-public-subnet-b"


def test_a_resource_without_a_component_goes_by_its_own_name() -> None:
    component = resource("morefocus:data:Bucket", "files")
    bucket, lone = resource("aws:s3/bucket:Bucket", "files-bucket", component.urn), resource("aws:s3/bucket:Bucket", "lone")
    graph = graph_of(component, bucket, lone)
    assert (parent_name(graph, bucket), parent_name(graph, lone)) == ("files", "lone")


def test_texts_are_found_however_deep_they_are() -> None:
    assert strings_in({"a": ["one", {"b": ("two", 3)}], "c": None}) == {"one", "two"}
