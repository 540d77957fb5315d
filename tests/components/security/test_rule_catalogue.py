"""The catalogue against AWS's own list of managed rules, as the emulated cloud ships it."""

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from components.security.rule_catalogue import RULES, ManagedRule
from config.vocabulary import TagKey


@cache
def managed() -> dict[str, Any]:
    packed = files("moto.config").joinpath("resources/aws_managed_rules.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    rules: dict[str, Any] = found.get("ManagedRules", found)
    return rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_one_of_awss_with_the_parameters_it_takes(rule: ManagedRule) -> None:
    known = {each["Name"]: each["Optional"] for each in managed()[rule.identifier]["Parameters"]}
    assert set(rule.parameters) <= set(known)
    assert {name for name, optional in known.items() if not optional} <= set(rule.parameters)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("place", ["Sao Paulo", "São Paulo", "Ireland", "N. Virginia"])
def test_a_rule_exists_in_the_regions_of_the_estate(rule: ManagedRule, place: str) -> None:
    where = managed()[rule.identifier]["AWS Region"]
    assert where.startswith("All supported AWS regions") and place not in where


def test_a_rule_says_why_it_is_there_and_whose_evidence_it_is() -> None:
    assert len({rule.identifier for rule in RULES}) == len(RULES)
    assert all(rule.frameworks and rule.why.rstrip(")")[-1].isdigit() for rule in RULES), "each names the requirement it guards"


def test_tags_that_decide_who_may_hold_data_are_required() -> None:
    (tags,) = [rule.parameters for rule in RULES if rule.identifier == "REQUIRED_TAGS"]
    assert {TagKey.DATA_CLASS.value, TagKey.JURISDICTION.value, TagKey.OWNER.value} <= set(tags.values())


@pytest.mark.parametrize("subject", ["MFA", "ROOT", "PUBLIC", "ENCRYPTED", "BACKUP", "ROTATION", "TAGS", "MINOR_VERSION", "CLOUD_TRAIL"])
def test_no_subject_of_the_estate_is_left_unjudged(subject: str) -> None:
    assert [rule.identifier for rule in RULES if subject in rule.identifier]
