import time

import pytest

from sandbox.provider.facts.patterns import found_in, matches


def test_a_services_pattern_speaks_of_the_whole_text() -> None:
    assert matches(r"[\w+=,.@-]+", "morefocus-prod")
    assert not matches(r"[\w+=,.@-]+", "more focus")
    assert found_in(r"[\w+=,.@-]+", "more focus")


@pytest.mark.parametrize("text", ["größe", "tamanho", "名前", "a:b/c=d+e-f@g.h_i j"])
def test_letters_of_every_language_are_letters(text: str) -> None:
    assert matches(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", text)


def test_a_document_over_several_lines_is_any_text() -> None:
    assert matches(".*", '{\n  "Version": "2012-10-17"\n}')


def test_a_pattern_that_does_not_compile_says_nothing() -> None:
    assert matches(r"[\uD800-", "anything")
    assert found_in("(", "anything")


def test_a_pattern_that_takes_too_long_says_nothing_in_time() -> None:
    start = time.monotonic()
    assert matches(r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5_000)
    assert time.monotonic() - start < 5
