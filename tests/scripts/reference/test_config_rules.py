"""What checks allow is read from the errors they raise."""

from config.estate import Estate
from config.models import SERVICES, DatabasePlan, RegionPlan
from config.transfers import TransferRegister
from config.vocabulary import LOG_RETENTION_DAYS
from scripts.reference.config_rules import Rule, rules_of

PLAN = rules_of(RegionPlan)


def test_a_check_within_a_model_is_told_under_the_key_it_names() -> None:
    assert Rule("network.zones", "zones that differ") in PLAN
    assert Rule("max_storage_gb", "at least *least*, a tenth above storage_gb") in rules_of(DatabasePlan)
    assert Rule("database.max_storage_gb", "at least *least*, a tenth above storage_gb") in PLAN


def test_constants_are_shown_and_what_is_known_only_later_is_named() -> None:
    assert Rule("network.cidr", f"a network outside {SERVICES}, which Kubernetes services use") in PLAN
    assert Rule("log_retention_days", f"one of {', '.join(map(str, LOG_RETENTION_DAYS))}") in PLAN
    assert Rule("network.zones", "an availability zone of *region*") in PLAN
    assert Rule("cluster.<kind>", "short names of lower-case words joined by hyphens") in PLAN


def test_a_message_held_in_a_name_is_the_one_assigned_last_before_it_is_used() -> None:
    cidr = [rule.allowed for rule in PLAN if rule.key == "network.cidr"]
    assert [allowed.split()[1] for allowed in cidr] == ["network", "network", "prefix"]
    assert [rule.allowed.split()[1] for rule in PLAN if rule.key == "network.asn"] == ["private"]


def test_checks_between_stacks_and_rows_are_told_too() -> None:
    assert Rule("morefocus:hub", "exactly one hub") in rules_of(Estate)
    assert Rule("transfers[]", "two different regions") in rules_of(TransferRegister)


def test_no_rule_is_told_without_words() -> None:
    rules = [*PLAN, *rules_of(Estate), *rules_of(TransferRegister)]
    assert len(rules) >= 25 and not [rule for rule in rules if not rule.key or not rule.allowed]
