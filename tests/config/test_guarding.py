from typing import Any

import pytest
from pydantic import ValidationError

from config.guarding import SHIELD_ADVANCED_SOURCE, GuardingPlan, price_notice

PLAN: dict[str, Any] = {
    "threat_detection": True,
    "standards": ["cis"],
    "findings_of": [],
    "configuration": "continuous",
    "vulnerability_scanning": ["EC2", "LAMBDA", "LAMBDA_CODE"],
    "data_discovery": True,
    "data_discovery_percent": 10,
    "shield_advanced": False,
}


def plan(**more: Any) -> GuardingPlan:
    return GuardingPlan.model_validate(PLAN | more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"standards": ["soc2"]}, "standards"),
        ({"configuration": "off"}, "a recorder, from which Security Hub's standards judge"),
        ({"vulnerability_scanning": ["LAMBDA_CODE"]}, "LAMBDA_CODE beside LAMBDA"),
        ({"data_discovery_percent": 0}, "data_discovery_percent"),
        ({"standards": [], "findings_of": ["us-east-2"]}, "while standards is"),
        ({"macie": True}, "macie"),
    ],
)
def test_what_could_not_work_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        plan(**more)


def test_each_service_can_be_switched_off() -> None:
    off = plan(threat_detection=False, standards=[], configuration="off", vulnerability_scanning=[], data_discovery=False)
    assert not (off.threat_detection or off.standards or off.vulnerability_scanning or off.data_discovery)


def test_whoever_buys_shield_advanced_is_told_its_price_with_source_and_day() -> None:
    assert price_notice(plan()) is None
    told = price_notice(plan(shield_advanced=True))
    assert told is not None and told.urgent
    assert "3000 USD a month" in told.text and SHIELD_ADVANCED_SOURCE in told.text and "looked up 2026-11-22" in told.text
