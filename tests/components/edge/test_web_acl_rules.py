from typing import Any

import botocore.session
import pytest

from components.edge.web_acl_rules import INCLUDED_CAPACITY, MANAGED_GROUPS, capacity, managed_groups, rate_limit


def test_all_rules_fit_in_what_a_web_acl_costs_anyway() -> None:
    assert capacity() <= INCLUDED_CAPACITY


def test_every_group_keeps_its_own_actions_but_for_the_rules_that_only_count() -> None:
    rules: list[Any] = list(managed_groups({"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}))
    assert [rule["name"] for rule in rules] == list(MANAGED_GROUPS)
    for rule in rules:
        group = rule["statement"]["managed_rule_group_statement"]
        counted = [each["name"] for each in group["rule_action_overrides"]]
        assert rule["override_action"] == {"none": {}}
        assert "action" not in rule
        assert counted == (["SizeRestrictions_BODY"] if group["name"] == "AWSManagedRulesCommonRuleSet" else [])


def test_no_two_rules_share_a_priority_and_the_rate_limit_comes_first() -> None:
    rules: list[Any] = [rate_limit(requests_per_minute=1000, behind_cdn=False), *managed_groups({})]
    priorities = [rule["priority"] for rule in rules]
    assert priorities == sorted(set(priorities))
    assert rules[0]["name"] == "rate-limit"


def test_a_client_beyond_its_rate_is_told_so_for_each_minute() -> None:
    rule: Any = rate_limit(requests_per_minute=1000, behind_cdn=False)
    statement = rule["statement"]["rate_based_statement"]
    assert (statement["limit"], statement["evaluation_window_sec"], statement["aggregate_key_type"]) == (1000, 60, "IP")
    assert rule["action"] == {"block": {"custom_response": {"response_code": 429}}}


def test_behind_the_cdn_clients_are_told_apart_by_the_header_it_adds() -> None:
    rule: Any = rate_limit(requests_per_minute=1000, behind_cdn=True)
    statement = rule["statement"]["rate_based_statement"]
    assert statement["aggregate_key_type"] == "FORWARDED_IP"
    assert statement["forwarded_ip_config"] == {"header_name": "X-Forwarded-For", "fallback_behavior": "MATCH"}
    model = botocore.session.get_session().get_service_model("wafv2")
    assert statement["aggregate_key_type"] in model.shape_for("RateBasedStatementAggregateKeyType").enum


def test_no_rule_keeps_samples_of_requests() -> None:
    rules: list[Any] = [rate_limit(requests_per_minute=10, behind_cdn=True), *managed_groups({})]
    for rule in rules:
        visibility = rule["visibility_config"]
        assert visibility["sampled_requests_enabled"] is False
        assert visibility["cloudwatch_metrics_enabled"] is True


def test_a_group_that_is_not_used_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="counted_rules names AWSManagedRulesLinuxRuleSet; the groups are"):
        managed_groups({"AWSManagedRulesLinuxRuleSet": ("LFI_URIPATH",)})
