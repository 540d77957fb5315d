"""The rules of a web ACL, as pure data: AWS's managed groups and a rate limit (SEC-3, SCH-9).

Capacities are those of the groups' own page; a web ACL has 1,500 units before AWS charges for more.
Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
"""

from collections.abc import Mapping, Sequence

from pulumi_aws.wafv2._inputs import (
    WebAclRuleArgsDict,
    WebAclRuleStatementRateBasedStatementArgsDict,
    WebAclRuleVisibilityConfigArgsDict,
)

MANAGED_GROUPS = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
}
"""Group to its capacity in web ACL units, in the order of evaluation: the cheapest verdict first."""

INCLUDED_CAPACITY = 1_500
_RATE_LIMIT_CAPACITY = 2


def capacity() -> int:
    """Return the web ACL units of all rules."""
    return _RATE_LIMIT_CAPACITY + sum(MANAGED_GROUPS.values())


def rate_limit(*, requests_per_minute: int, behind_cdn: bool) -> WebAclRuleArgsDict:
    """Return the rule that blocks a client beyond its rate (API-1).

    Behind a CDN every request comes from the CDN's own addresses, so the client's is taken from the header it adds.
    """
    statement: WebAclRuleStatementRateBasedStatementArgsDict = {
        "limit": requests_per_minute,
        "evaluation_window_sec": 60,
        "aggregate_key_type": "FORWARDED_IP" if behind_cdn else "IP",
    }
    if behind_cdn:
        statement["forwarded_ip_config"] = {"header_name": "X-Forwarded-For", "fallback_behavior": "MATCH"}
    return {
        "name": "rate-limit",
        "priority": 0,
        "action": {"block": {"custom_response": {"response_code": 429}}},
        "statement": {"rate_based_statement": statement},
        "visibility_config": _visible("rate-limit"),
    }


def managed_groups(counted: Mapping[str, Sequence[str]]) -> list[WebAclRuleArgsDict]:
    """Return one rule for each managed group; rules named in `counted` only count.

    Raises ValueError when `counted` names a group that is not used.
    """
    unknown = set(counted) - set(MANAGED_GROUPS)
    if unknown:
        raise ValueError(f"counted_rules names {', '.join(sorted(unknown))}; the groups are {', '.join(MANAGED_GROUPS)}")
    return [
        {
            "name": group,
            "priority": priority,
            # `none` keeps the actions that the group itself takes.
            "override_action": {"none": {}},
            "statement": {
                "managed_rule_group_statement": {
                    "vendor_name": "AWS",
                    "name": group,
                    "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in counted.get(group, ())],
                }
            },
            "visibility_config": _visible(group),
        }
        for priority, group in enumerate(MANAGED_GROUPS, start=1)
    ]


def _visible(metric: str) -> WebAclRuleVisibilityConfigArgsDict:
    """Metrics for every rule; no samples, which would show cookies and tokens in the console."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": False}
