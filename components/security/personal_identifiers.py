"""What personal numbers of the estate's markets look like, for Macie to find (SEC-6, LGPD).

Only what every engine of regular expressions knows: no groups, no assertions. Macie wants one of the keywords before the number, which
is what keeps other numbers of that many digits out.
Source: https://docs.aws.amazon.com/macie/latest/user/cdis-options.html
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalIdentifier:
    """A kind of number that tells who someone is."""

    name: str
    description: str
    regex: str
    keywords: tuple[str, ...]
    """3 to 90 characters each, 50 at most; case does not matter."""
    distance: int = 50
    """Characters from the keyword to the end of the number, 1 to 300."""


IDENTIFIERS = (
    PersonalIdentifier(
        name="brazil-cpf",
        description="Brazilian taxpayer number of a person: 11 digits, with or without dots and hyphen",
        regex="[0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}[-]?[0-9]{2}",
        keywords=("cpf", "cadastro de pessoas físicas", "cadastro de pessoa física", "cpf/mf", "taxpayer"),
    ),
    PersonalIdentifier(
        name="brazil-cnpj",
        # Letters since July 2026: Instrução Normativa RFB 2.229/2024.
        description="Brazilian number of a company: 12 digits or letters and 2 digits, with or without dots, slash and hyphen",
        regex="[0-9A-Z]{2}[.]?[0-9A-Z]{3}[.]?[0-9A-Z]{3}[/]?[0-9A-Z]{4}[-]?[0-9]{2}",
        keywords=("cnpj", "cadastro nacional da pessoa jurídica", "cadastro nacional de pessoas jurídicas", "cnpj/mf"),
    ),
    PersonalIdentifier(
        name="argentina-dni",
        description="Argentine identity number: 7 or 8 digits, with or without dots",
        regex="[0-9]{1,2}[.]?[0-9]{3}[.]?[0-9]{3}",
        keywords=("dni", "documento nacional de identidad", "nro de documento", "número de documento", "d.n.i."),
        distance=30,
    ),
    PersonalIdentifier(
        name="argentina-cuit",
        description="Argentine tax or labour number (CUIT, CUIL): 11 digits that begin with the kind of person",
        regex="[23][034567][-]?[0-9]{8}[-]?[0-9]",
        keywords=("cuit", "cuil", "clave única de identificación tributaria", "código único de identificación laboral"),
    ),
)
