"""Web ACLs that only watch, and logs that hold credentials."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

ACL = "aws:wafv2/webAcl:WebAcl"
RULE = "aws:wafv2/webAclRule:WebAclRule"
GROUP_RULE = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
NAME, LOGS = "entry-firewall-acl", "entry-firewall-logging"
RATE = {"statement": {"rateBasedStatement": {"limit": 100, "aggregateKeyType": "IP"}}}
MANAGED = {"statement": {"managedRuleGroupStatement": {"vendorName": "AWS", "name": "AWSManagedRulesLinuxRuleSet"}}}
BLOCKED = [{"actionCondition": {"action": "BLOCK"}}]
AS_AWS_WRITES = [
    {"Name": "rate", "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}},
    {"Name": "common", "OverrideAction": {"None": {}}, "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "x"}}},
]


def acl(path: str, value: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.one(ACL, NAME).set(path, value)


def logging(path: str, value: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.one(LOGGING, LOGS).set(path, value)


def only(*rules: Any) -> Callable[[Draft], None]:
    return acl("rules", list(rules))


def written(rules: Any) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        draft.one(ACL, NAME).drop("rules")
        draft.one(ACL, NAME).set("ruleJson", rules)

    return change


def split(managed: dict[str, Any], rate: dict[str, Any], arn: Any = None) -> Callable[[Draft], None]:
    """Take the rules out of the ACL and write them as resources of their own."""

    def change(draft: Draft) -> None:
        firewall = draft.one(ACL, NAME)
        firewall.drop("rules")
        named = {"webAclArn": arn or firewall.resource.properties["arn"]}
        draft.add(GROUP_RULE, "managed", {**named, "managedRuleGroup": {"name": "x", "vendorName": "AWS"}, **managed})
        draft.add(RULE, "rate", {**named, **RATE, **rate})

    return change


def filtered(*filters: Any, default: str = "DROP") -> Callable[[Draft], None]:
    return logging("loggingFilter", {"defaultBehavior": default, "filters": list(filters)})


def untold(draft: Draft) -> None:
    logs = draft.one(LOGGING, LOGS)
    logs.set("resourceArn", UNKNOWN)
    logs.replace(property_dependencies={})


CAUGHT = [
    Mutation("one managed group only counts", acl("rules.2.overrideAction", {"count": {}})),
    Mutation("nothing is said of a managed group", lambda draft: draft.one(ACL, NAME).drop("rules.2.overrideAction")),
    Mutation("there is no managed group", only({**RATE, "action": {"block": {}}})),
    Mutation("who asks too often is only counted", acl("rules.0.action", {"count": {}})),
    Mutation("who asks too often is let through", acl("rules.0.action", {"allow": {}})),
    Mutation("nobody counts how often somebody asks", lambda draft: draft.one(ACL, NAME).drop("rules.0")),
    Mutation("there are no rules", lambda draft: draft.one(ACL, NAME).drop("rules")),
    Mutation(
        "rules written as AWS does only count",
        written(json.dumps([AS_AWS_WRITES[0], {**AS_AWS_WRITES[1], "OverrideAction": {"Count": {}}}])),
    ),
    Mutation("rules written as AWS does have no rate", written(json.dumps(AS_AWS_WRITES[1:]))),
    Mutation("a group of its own only counts", split({"overrideAction": "count"}, {"action": {"block": {}}})),
    Mutation("a rate of its own only counts", split({"overrideAction": "none"}, {"action": {"count": {}}})),
    Mutation(
        "rules of their own are another ACL's", split({}, {"action": {"block": {}}}, "arn:aws:wafv2:eu-west-1:1:regional/webacl/other/1")
    ),
    Mutation("nothing is logged", lambda draft: draft.remove(LOGGING, LOGS)),
    Mutation("tokens are in the log", lambda draft: draft.one(LOGGING, LOGS).drop("redactedFields.0")),
    Mutation("cookies are in the log", logging("redactedFields.1", {"singleHeader": {"name": "user-agent"}})),
    Mutation("keys of the API are in the log", lambda draft: draft.one(LOGGING, LOGS).drop("redactedFields.2")),
    Mutation("all headers are in the log", lambda draft: draft.one(LOGGING, LOGS).drop("redactedFields")),
    Mutation(
        "what was blocked is not logged", filtered({"behavior": "DROP", "requirement": "MEETS_ANY", "conditions": BLOCKED}, default="KEEP")
    ),
    Mutation(
        "only what was counted is logged",
        filtered({"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "COUNT"}}]}),
    ),
    Mutation(
        "what was blocked is logged with a label only",
        filtered({"behavior": "KEEP", "requirement": "MEETS_ALL", "conditions": [*BLOCKED, {"labelNameCondition": {"labelName": "x"}}]}),
    ),
]
SPARED = [
    Mutation(
        "one rule of a group only counts",
        acl("rules.2.statement.managedRuleGroupStatement.ruleActionOverrides", [{"name": "x", "actionToUse": {"count": {}}}]),
    ),
    Mutation(
        "a group is added",
        lambda draft: draft.one(ACL, NAME).resource.properties["rules"].append({**MANAGED, "overrideAction": {"none": {}}}),
    ),
    Mutation("who asks too often proves to be a person", acl("rules.0.action", {"captcha": {}})),
    Mutation(
        "a rule of our own counts",
        lambda draft: (
            draft.one(ACL, NAME).resource.properties["rules"].append({"statement": {"geoMatchStatement": {}}, "action": {"count": {}}})
        ),
    ),
    Mutation("rules are written as AWS does", written(json.dumps(AS_AWS_WRITES))),
    Mutation("rules are resources of their own", split({"overrideAction": "none"}, {"action": {"block": {}}})),
    Mutation("a group of its own says nothing, which blocks", split({}, {"action": {"challenge": {}}})),
    Mutation("headers are written large", logging("redactedFields.0", {"singleHeader": {"name": "Authorization"}})),
    Mutation("everything is logged", lambda draft: draft.one(LOGGING, LOGS).drop("loggingFilter")),
    Mutation(
        "everything is logged but what is allowed",
        filtered(
            {"behavior": "DROP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "ALLOW"}}]}, default="KEEP"
        ),
    ),
    Mutation("one condition is met by all", filtered({"behavior": "KEEP", "requirement": "MEETS_ALL", "conditions": BLOCKED})),
]
OPEN = [
    Mutation("rules are not known yet", acl("rules", UNKNOWN)),
    Mutation("what a group does is not known yet", acl("rules.2.overrideAction", UNKNOWN)),
    Mutation("what happens to who asks too often is not known yet", acl("rules.0.action", UNKNOWN)),
    Mutation("rules written as AWS does are not known yet", written(UNKNOWN)),
    Mutation("nothing tells whose logs they are", untold),
    Mutation("a header is not known yet", logging("redactedFields.0.singleHeader.name", UNKNOWN)),
    Mutation("what is logged is not known yet", logging("loggingFilter", UNKNOWN)),
    Mutation(
        "what a filter is about is not known yet",
        filtered({"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": UNKNOWN}}]}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-04", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-04", mutation)
