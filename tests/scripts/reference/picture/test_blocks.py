"""Blocks are as high as what is in them, and stand where they are put."""

from scripts.reference.picture.blocks import NOTHING, Block, Box, Tile, card, side_by_side, stacked
from scripts.reference.picture.canvas import Canvas

PLACE = Box(10, 20, 300, 400)


def noted(height: float, into: list[Box]) -> Block:
    return Block(height, lambda canvas, box: into.append(box))


def test_stacked_blocks_follow_each_other_and_empty_ones_take_no_room() -> None:
    seen: list[Box] = []
    block = stacked([noted(30, seen), NOTHING, noted(50, seen)], 8)
    block.paint(Canvas(), PLACE)
    assert block.height == 88 and [(box.y, box.height) for box in seen] == [(20, 30), (58, 50)]


def test_blocks_side_by_side_share_the_width_and_are_equally_high() -> None:
    seen: list[Box] = []
    block = side_by_side([noted(30, seen), noted(50, seen)], 6, [2, 1])
    block.paint(Canvas(), PLACE)
    assert block.height == 50 and {box.height for box in seen} == {50}
    assert seen[0].width == 2 * seen[1].width and seen[1].right == PLACE.right


def test_columns_of_a_box_fill_it() -> None:
    columns = PLACE.columns(3, 6)
    assert len({column.width for column in columns}) == 1 and round(columns[-1].right, 6) == PLACE.right


def test_a_card_grows_with_its_lines_and_shows_what_encrypts_it() -> None:
    tile = Tile("S3", "#000")
    assert card(tile, "a", ["1", "2", "3"]).height > card(tile, "a", ["1"]).height
    canvas = Canvas()
    card(tile, "files", dot="personal").paint(canvas, PLACE)
    card(tile, "logs", dot="logs", ring=True).paint(canvas, PLACE)
    filled, ring = (each for each in canvas.elements if each.startswith("<circle"))
    assert "stroke" not in filled and "stroke" in ring
