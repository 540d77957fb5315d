"""The plan of the audit trail, and whom alerts reach: what is shipped, and what is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.estate import NOBODY_TOLD
from config.load import load
from tests.kit.plans import shipped, write


def _loaded(tmp_path: Path, **defaults: Any) -> Any:
    documents = shipped()
    documents["config/estate.yaml"]["defaults"].update(defaults)
    return load("eu-west-1", root=write(documents, tmp_path), today=date(2026, 11, 22))


def test_records_are_locked_for_a_year_and_severe_findings_contained() -> None:
    audit = load("eu-west-1").plan.audit
    assert (audit.lock_mode, audit.lock_days, audit.insights, audit.contain) == ("GOVERNANCE", 365, False, True)


def test_a_lock_that_outlives_the_records_is_refused(tmp_path: Path) -> None:
    audit = shipped()["config/estate.yaml"]["defaults"]["audit"]
    with pytest.raises(ConfigError, match=r"audit\.lock_days"):
        _loaded(tmp_path, audit={**audit, "lock_days": 366})


def test_a_preview_says_so_while_nobody_is_told(tmp_path: Path) -> None:
    assert NOBODY_TOLD in {each.text for each in load("eu-west-1").notices}
    told = _loaded(tmp_path, alerts={"on-call": "https://events.example.com/hook", "platform": "platform@example.com"})
    assert NOBODY_TOLD not in {each.text for each in told.notices}


@pytest.mark.parametrize("alerts", [{"on-call": "http://events.example.com"}, {"on-call": "nobody"}, {"On Call": "a@example.com"}])
def test_an_address_or_name_that_no_topic_takes_is_refused(tmp_path: Path, alerts: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="alerts"):
        _loaded(tmp_path, alerts=alerts)
