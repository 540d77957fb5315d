"""Text fits its width, and what is written is well-formed and the same everywhere."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from scripts.reference.picture.canvas import SMALLEST, Canvas, fit
from scripts.reference.picture.font import width_of


@given(st.text(max_size=60), st.floats(12, 300), st.floats(SMALLEST, 24), st.booleans())
def test_text_is_never_wider_than_its_room(text: str, width: float, size: float, bold: bool) -> None:
    chosen, shown = fit(text, width, size, bold=bold)
    assert width_of(shown, chosen, bold=bold) <= width + 1e-9
    assert SMALLEST <= chosen <= size


def test_text_that_fits_is_left_as_it_is() -> None:
    assert fit("VPC", 100, 12) == (12, "VPC")


def test_text_that_is_a_little_too_long_becomes_smaller_and_stays_whole() -> None:
    size, shown = fit("origin.use1.staging.example.com", 180, 11)
    assert shown == "origin.use1.staging.example.com" and SMALLEST <= size < 11


def test_text_that_is_cut_keeps_the_whole_as_a_tooltip() -> None:
    canvas = Canvas()
    canvas.text(0, 10, "a name that nobody could read in so little room", width=60)
    (element,) = canvas.elements
    assert "<title>a name that nobody could read in so little room</title>" in element and "…</text>" in element


def test_a_note_after_a_name_is_cut_where_room_ends() -> None:
    canvas = Canvas()
    canvas.label(0, 10, "private", "out through " * 20, width=120, size=11, fill="#000")
    assert canvas.elements[0].count("out through") < 20 and "…</tspan>" in canvas.elements[0]


def test_markup_in_names_is_written_as_text() -> None:
    canvas = Canvas()
    canvas.text(0, 10, "<b> & co", width=200)
    canvas.label(0, 10, "a<b", "c & d", width=200, size=11, fill="#000")
    root = ElementTree.fromstring(canvas.svg(100, 100, "a & b", "<told>"))
    assert [text for text in root.itertext() if text.strip()] == ["a & b", "<told>", "<b> & co", "a<b", "c & d"]


def test_an_arrow_points_where_its_line_ends() -> None:
    canvas = Canvas()
    canvas.line([(0, 50), (0, 10)], stroke="#000", arrow=True)
    assert '<polygon points="0,10 ' in canvas.elements[1]


def test_coordinates_have_one_decimal_at_most() -> None:
    canvas = Canvas()
    canvas.circle(1 / 3, 2.0, 4.44, fill="#000")
    assert canvas.elements == ['<circle cx="0.3" cy="2" r="4.4" fill="#000"/>']
