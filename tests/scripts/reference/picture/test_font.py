"""Widths are those of a real face, and lines are wrapped by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.reference.picture.font import width_of, wrapped

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)


def test_widths_are_those_of_the_face_in_use() -> None:
    assert width_of("i", 1000) == 278 and width_of("W", 1000) == 989
    assert width_of("10.0.128.0/22", 10) == pytest.approx((9 * 636 + 3 * 318 + 337) / 100)


@given(TEXT, TEXT)
def test_a_text_is_as_wide_as_its_parts(first: str, second: str) -> None:
    assert width_of(first + second, 11) == pytest.approx(width_of(first, 11) + width_of(second, 11))


@given(st.lists(TEXT, min_size=1, max_size=30), st.floats(20, 400))
def test_wrapped_lines_hold_every_part_in_order_and_fit_unless_one_part_is_wider(parts: list[str], width: float) -> None:
    lines = wrapped(parts, width, 10)
    assert " ".join(lines) == ", ".join(parts)
    assert all(width_of(line, 10) <= width or {line, line.removesuffix(",")} & set(parts) for line in lines)
