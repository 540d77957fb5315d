import json

import pulumi
import pytest

from components._base import Component
from components.security.configuration_rules import ConfigurationRules, ConfigurationRulesArgs
from components.security.rule_catalogue import RULES
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

RULE = "aws:cfg/rule:Rule"


class Recorder(Component, token="test:Recorder"):
    """Stands for what records."""


def rules(account_wide: bool = True, log_retention_days: int = 365) -> Graph:
    def program() -> None:
        recorder: pulumi.Resource = Recorder("recorder", a_context())
        args = ConfigurationRulesArgs(recorder=recorder, account_wide=account_wide, log_retention_days=log_retention_days)
        ConfigurationRules("rules", a_context(), args)

    return record(program)


def test_each_rule_of_the_catalogue_judges_with_its_reason_told() -> None:
    graph = rules()
    made = {each.inputs["source"]["sourceIdentifier"]: each.inputs for each in graph.of_type(RULE)}
    assert set(made) == {rule.identifier for rule in RULES}
    for rule in RULES:
        assert made[rule.identifier]["description"].startswith(rule.why)
        assert made[rule.identifier]["source"]["owner"] == "AWS"
    assert all(len(each["description"]) <= 256 for each in made.values())
    assert graph.outputs_of(graph.one("morefocus:security:ConfigurationRules"))["count"] == len(RULES)


def test_what_is_in_no_region_is_judged_once_in_the_account() -> None:
    elsewhere = {each.inputs["source"]["sourceIdentifier"] for each in rules(account_wide=False).of_type(RULE)}
    assert elsewhere == {rule.identifier for rule in RULES if not rule.account_wide}
    assert "ROOT_ACCOUNT_MFA_ENABLED" not in elsewhere


def test_logs_are_judged_by_the_retention_that_the_region_has() -> None:
    (rule,) = [each for each in rules(log_retention_days=30).of_type(RULE) if "MinRetentionTime" in each.inputs.get("inputParameters", "")]
    assert json.loads(rule.inputs["inputParameters"]) == {"MinRetentionTime": "30"}


def test_a_retention_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match=r"log_retention_days must be at least 1 \(got 0\)"):
        rules(log_retention_days=0)
