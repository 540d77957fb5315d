"""The catalogue has a row for every integration, and no row without owner and rotation."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from config.errors import ConfigError
from config.integrations import FILE, Catalogue, Integration, Origin, RotationBy
from config.load import ROOT, load
from config.vocabulary import Market
from tests.kit.plans import shipped, write

API_6 = (
    *("hubspot", "salesforce", "pipedrive", "rd-station", "stripe", "mercado-pago", "paypal", "banco-do-brasil", "whatsapp-business"),
    *("slack", "microsoft-teams", "zoom", "openai", "google-cloud-translation", "amazon-comprehend", "dialogflow", "z-api", "ultramsg"),
    *("new-relic", "datadog", "sentry", "uptimerobot"),
)
LONG_TEXT = re.compile(r"[A-Za-z0-9+/=_]{25,}")
"""What keys and tokens look like; no name or sentence of the catalogue does."""


def catalogue() -> Catalogue:
    return Catalogue.model_validate(yaml.safe_load((ROOT / FILE).read_text(encoding="utf-8")))


def row(**changes: Any) -> dict[str, Any]:
    basic = {
        "purpose": "Signs the sessions of people",
        "owner": "platform",
        "opens": "personal",
        "origin": "generated",
        "rotation": {"by": "function", "days": 30},
        "holds": ["secret"],
        "requirement": "SEC-2",
    }
    return {key: value for key, value in (basic | changes).items() if value is not None}


@pytest.mark.parametrize("name", API_6)
def test_every_integration_that_the_requirement_names_has_a_row(name: str) -> None:
    found = catalogue().integrations[name]
    assert found.requirement == "API-6"
    assert found.owner and found.purpose
    assert found.origin is (Origin.ROLE if name == "amazon-comprehend" else Origin.ISSUED)


def test_the_estate_has_about_fifty_secrets() -> None:
    assert 45 <= sum(row.is_kept for row in catalogue().integrations.values()) <= 60


def test_no_value_of_a_secret_stands_in_the_catalogue() -> None:
    assert LONG_TEXT.findall((ROOT / FILE).read_text(encoding="utf-8")) == []


def test_every_secret_is_renewed_within_a_year_and_payments_within_a_quarter() -> None:
    for name, found in catalogue().integrations.items():
        assert found.rotation.by is RotationBy.AWS or found.rotation.days is not None, name
        if found.owner == "payments":
            assert found.rotation.days is not None and found.rotation.days <= 90, name


def test_the_key_of_stored_credentials_is_never_renewed_by_itself_and_is_copied() -> None:
    key = catalogue().integrations["n8n-encryption-key"]
    assert key.rotation.by is RotationBy.HAND and key.replicates


def test_a_brazilian_bank_is_needed_where_brazil_is_served_alone() -> None:
    found = catalogue()
    assert "banco-do-brasil" in found.needed_in([Market.BR, Market.AR], hub=False)
    assert "banco-do-brasil" not in found.needed_in([Market.EU], hub=False)
    assert "mercado-pago" in found.needed_in([Market.AR], hub=False)
    assert "stripe" in found.needed_in([Market.EU], hub=False)


def test_what_the_hub_alone_needs_is_kept_nowhere_else() -> None:
    found = catalogue()
    assert "uptimerobot" in found.needed_in([Market.US], hub=True)
    assert "uptimerobot" not in found.needed_in([Market.EU], hub=False)


@pytest.mark.parametrize("key", ["owner", "rotation", "opens", "purpose"])
def test_a_secret_without_one_of_its_facts_is_told_by_name_with_what_to_write(key: str, tmp_path: Path) -> None:
    documents = shipped()
    del documents[FILE]["integrations"]["stripe"][key]
    with pytest.raises(ConfigError) as error:
        load("us-east-1", root=write(documents, tmp_path))
    (problem,) = error.value.problems
    meaning = Integration.model_fields[key].description
    assert (problem.file, problem.key, problem.allowed, problem.remedy) == (FILE, f"integrations.stripe.{key}", meaning, "add the key")


def test_an_unknown_key_of_a_row_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    documents = shipped()
    documents[FILE]["integrations"]["stripe"]["ownr"] = "payments"
    with pytest.raises(ConfigError, match=r"integrations\.stripe\.ownr[\s\S]*rename it to 'owner'"):
        load("us-east-1", root=write(documents, tmp_path))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"origin": "issued"}, "rotation.by"),
        ({"origin": "role", "holds": None}, "rotation.by"),
        ({"holds": None}, "holds"),
        ({"origin": "managed"}, "holds"),
        ({"hub_only": True, "markets": ["BR"]}, "markets"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as error:
        Integration.model_validate(row(**changes))
    assert error.value.errors()[0]["ctx"]["key"] == key


@pytest.mark.parametrize("rotation", [{"by": "hand"}, {"by": "aws", "days": 30}, {"by": "hand", "days": 366}, {"by": "hand", "days": 0}])
def test_a_rotation_says_after_how_many_days(rotation: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Integration.model_validate(row(rotation=rotation))
