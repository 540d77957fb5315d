"""The text of a new region's files."""

import yaml

from config.vocabulary import Region
from scripts.new_region.files import Filling, register_text, rows, stack_text

FILLING = Filling(
    region=Region.AP_SOUTHEAST_2,
    account="123456789012",
    law=None,
    copies=[Region.EU_WEST_1],
    cidr="10.4.0.0/16",
    zones=["ap-southeast-2a", "ap-southeast-2b"],
    asn=64516,
    standard_max=2,
)


def test_the_stack_file_is_yaml_with_a_law_that_someone_has_to_decide() -> None:
    config = yaml.safe_load(stack_text(FILLING))["config"]
    assert config["morefocus:law"] is None
    assert config["morefocus:network"] == {"cidr": "10.4.0.0/16", "zones": ["ap-southeast-2a", "ap-southeast-2b"], "asn": 64516}
    assert config["morefocus:copies"] == ["eu-west-1"]


def test_rows_join_every_region_both_ways_and_ask_for_the_ground_of_copies() -> None:
    found = rows(Region.AP_SOUTHEAST_2, [Region.US_EAST_1, Region.EU_WEST_1], [Region.EU_WEST_1])
    assert len(found) == 6
    assert "- {data: operational, from: us-east-1, to: ap-southeast-2, mechanism: no-personal-data}" in found
    assert [row for row in found if "personal, from" in row] == [
        "- {data: personal, from: ap-southeast-2, to: eu-west-1, mechanism: <mechanism>, document: <what it rests on>}"
    ]


def test_rows_are_appended_as_comments_that_change_nothing_until_someone_decides() -> None:
    register = "transfers:\n  - {data: operational, from: eu-west-1, to: us-east-1, mechanism: no-personal-data}\n"
    appended = register + register_text(Region.AP_SOUTHEAST_2, ["- {a: b}"])
    assert yaml.safe_load(appended) == yaml.safe_load(register)
    assert yaml.safe_load(appended.replace("  # - {", "  - {"))["transfers"][-1] == {"a": "b"}
