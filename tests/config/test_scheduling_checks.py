"""A secret without a row, or a market without payments, ends the preview; an unofficial gateway is told of."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from tests.kit.plans import Documents, shipped, stack, write


def told(documents: Documents, root: Path, name: str = "eu-west-1") -> str:
    with pytest.raises(ConfigError) as error:
        load(name, root=write(documents, root))
    return str(error.value)


def rows(documents: Documents) -> dict[str, Any]:
    found: dict[str, Any] = documents["config/integrations.yaml"]["integrations"]
    return found


def test_a_secret_without_a_row_is_named_with_the_stack_that_reads_it(tmp_path: Path) -> None:
    documents = shipped()
    del rows(documents)["stripe-webhook"]
    said = told(documents, tmp_path)
    assert "config/integrations.yaml: integrations.stripe-webhook" in said
    assert all(f"no secret stripe-webhook for {name}" in said for name in ("us-east-1", "eu-west-1", "sa-east-1"))
    assert "for staging" not in said, "no market of it takes payments"


def test_a_row_that_is_kept_elsewhere_is_none(tmp_path: Path) -> None:
    documents = shipped()
    rows(documents)["z-api"]["markets"] = ["BR"]
    said = told(documents, tmp_path)
    assert "no secret z-api for eu-west-1" in said and "for sa-east-1" not in said


def test_a_service_that_is_switched_off_reads_nothing(tmp_path: Path) -> None:
    documents = shipped()
    del rows(documents)["ultramsg"]
    stack(documents, "eu-west-1")["morefocus:scheduling"]["whatsapp"] = "ultramsg"
    assert "no secret ultramsg for eu-west-1" in told(documents, tmp_path / "on")
    stack(documents, "eu-west-1")["morefocus:scheduling"]["enabled"] = False
    assert not load("eu-west-1", root=write(documents, tmp_path / "off")).plan.scheduling.enabled


def test_a_market_that_is_served_says_who_takes_payments(tmp_path: Path) -> None:
    documents = shipped()
    del documents["config/estate.yaml"]["defaults"]["scheduling"]["payments"]["AR"]
    said = told(documents, tmp_path)
    assert "Pulumi.sa-east-1.yaml: morefocus:scheduling.payments.AR" in said and "[] for nobody" in said
    assert "Pulumi.eu-west-1.yaml" not in said


@pytest.mark.parametrize(("gateway", "warned"), [("z-api", True), ("ultramsg", True), ("meta", False)])
def test_an_unofficial_gateway_is_warned_of(gateway: str, warned: bool, tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:scheduling"]["whatsapp"] = gateway
    found = [each for each in load("eu-west-1", root=write(documents, tmp_path)).notices if "WhatsApp" in each.text]
    assert [each.urgent for each in found] == ([True] if warned else [])
    assert not warned or f"go through {gateway}" in found[0].text
