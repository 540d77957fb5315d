"""The page of configuration keys says what the models check."""

import yaml

from config.load import ROOT
from config.models import RegionPlan
from scripts.reference import configuration

SHARED = yaml.safe_load((ROOT / "config" / "estate.yaml").read_text(encoding="utf-8"))
PAGE = configuration.render(SHARED)


def test_nested_keys_are_shown_with_their_shared_value_and_what_is_allowed() -> None:
    assert "| `morefocus:database.backup_days` | `30` | days of point-in-time recovery, 1 to 35 |" in PAGE
    assert "| `morefocus:network.asn` | — | private ASN: 64512 to 65534, or 4200000000 to 4294967294 |" in PAGE


def test_region_and_account_are_shown_under_the_keys_they_are_set_by() -> None:
    assert "| `aws:region` |" in PAGE and "| `aws:allowedAccountIds` |" in PAGE
    assert "morefocus:region" not in PAGE and "morefocus:account_id" not in PAGE


def test_every_key_of_a_plan_says_what_is_allowed() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) > len(RegionPlan.model_fields)
    assert not [row for row in rows if row.endswith("|  |")]


def test_a_date_that_is_not_known_is_shown_as_unresolved() -> None:
    assert "| Redis | 7.1 | unresolved |" in PAGE
