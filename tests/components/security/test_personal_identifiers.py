import re

import pytest

from components.security.personal_identifiers import IDENTIFIERS, PersonalIdentifier

REGEX = {each.name: each.regex for each in IDENTIFIERS}
FOUND = [
    ("brazil-cpf", "111.444.777-35"),
    ("brazil-cpf", "11144477735"),
    ("brazil-cnpj", "11.222.333/0001-81"),
    ("brazil-cnpj", "11222333000181"),
    ("brazil-cnpj", "12.ABC.345/01DE-35"),
    ("argentina-dni", "12.345.678"),
    ("argentina-dni", "7654321"),
    ("argentina-cuit", "20-12345678-6"),
    ("argentina-cuit", "33693450239"),
]
MISSED = [
    ("brazil-cpf", "111.444.777"),
    ("brazil-cpf", "111-444-777-35"),
    ("brazil-cnpj", "11.222.333/0001"),
    ("brazil-cnpj", "11.222.333/0001-AB"),
    ("argentina-dni", "123.456"),
    ("argentina-cuit", "10-12345678-6"),
    ("argentina-cuit", "20-1234567-6"),
]


@pytest.mark.parametrize(("name", "text"), FOUND)
def test_a_number_is_found_however_it_is_written(name: str, text: str) -> None:
    assert re.fullmatch(REGEX[name], text)
    assert re.search(REGEX[name], f"documento: {text}.")


@pytest.mark.parametrize(("name", "text"), MISSED)
def test_what_only_resembles_a_number_is_not_found(name: str, text: str) -> None:
    assert not re.search(REGEX[name], text)


@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=lambda each: each.name)
def test_an_identifier_stays_within_what_macie_takes(identifier: PersonalIdentifier) -> None:
    assert len(identifier.regex) <= 512 and not set("()^$\\") & set(identifier.regex), "no groups, no assertions"
    assert 1 <= len(identifier.keywords) <= 50 and all(3 <= len(word) <= 90 for word in identifier.keywords)
    assert 1 <= identifier.distance <= 300 and len(identifier.description) <= 512
    assert {name for name, _ in FOUND} == {name for name, _ in MISSED} == set(REGEX)
