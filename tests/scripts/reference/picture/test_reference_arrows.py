"""References lead to the hub, around the regions, or from one region to another."""

from dataclasses import replace

import pytest

from scripts.reference.estate.facts import Reference, Stack
from scripts.reference.picture.estate_picture import draw
from scripts.reference.picture.reference_arrows import road
from tests.scripts.reference.picture.parsed import overlapping, texts
from tests.scripts.reference.shipped import shipped_stack, shipped_stacks


def reading(name: str, of: str, *outputs: str) -> list[Stack]:
    more = Reference(stack=of, outputs=outputs)
    return [replace(each, references=(*each.references, more)) if each.name == name else each for each in shipped_stacks()]


def test_a_reference_between_regions_has_a_lane_of_its_own() -> None:
    stacks = reading("sa-east-1", "eu-west-1", "vpc_id", "vpc_cidr")
    svg = draw(stacks)
    assert "reads vpc_id, vpc_cidr of stack eu-west-1" in {text.words for text in texts(svg)}
    assert not overlapping(svg)
    assert road(stacks[:3], stacks[0]) > road(shipped_stacks()[:3], shipped_stacks()[0])


def test_a_small_stack_that_reads_a_region_has_no_road_and_is_not_left_out_in_silence() -> None:
    with pytest.raises(ValueError, match=r"staging reads eu-west-1.*give it a road"):
        draw(reading("staging", "eu-west-1", "vpc_id"))


def test_the_hub_is_joined_to_the_region_of_its_stack() -> None:
    shown = [text.words for text in texts(draw(shipped_stacks()))]
    assert shown.count("the same stack") == 1 and shipped_stack("us-east-1").is_hub
