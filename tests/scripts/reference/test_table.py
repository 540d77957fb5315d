"""Tables hold any text."""

from scripts.reference.table import cell, code, table


def test_bars_and_line_ends_in_a_cell_do_not_break_the_table() -> None:
    assert cell("a | b\n  c") == "a \\| b c"
    assert table(["x", "y"], [["1|2", "3"]]) == ["| x | y |", "|---|---|", "| 1\\|2 | 3 |"]


def test_nothing_is_set_as_nothing() -> None:
    assert (code("key"), code("")) == ("`key`", "")
