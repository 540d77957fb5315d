"""EDGE-04: web ACLs block by managed rules and by rate, and log what they blocked without its credentials."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.edge._web_acl import ACL
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look
from policies.verdict import Ruling

RULE = "aws:wafv2/webAclRule:WebAclRule"
GROUP_RULE = "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
BLOCKING = ("block", "captcha", "challenge")
"""Actions that let nothing through unanswered."""
CREDENTIALS = frozenset({"authorization", "cookie", "x-api-key"})
"""Headers by which a client says who it is."""
_MANAGED = "managed rule groups with override_action none, each"
_RATE = "a rate-based rule whose action is block"
_LOGGED = "a WebAclLoggingConfiguration with this ACL as resource_arn"
_REDACTED = f"single headers {', '.join(sorted(CREDENTIALS))}"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each ACL by its rules, in any of their forms, and each configuration of logs by what it leaves out."""
    for acl in graph.of(ACL):
        logs = graph.attached(acl, LOGGING, "resourceArn")
        managed, rates, certain = _rules(graph, acl)
        yield ruled(
            acl,
            Need("rules", _all_there(managed, certain), _MANAGED),
            Need("rules", any_of([*rates, False if certain else None]), _RATE),
            Need("", True if logs.resources else False if logs.certain else None, _LOGGED),
        )
    for logging in graph.of(LOGGING):
        yield ruled(
            logging,
            Need("redactedFields", _redacts(logging), _REDACTED),
            Need("loggingFilter", _keeps_blocked(logging), "none, or one that keeps BLOCK"),
        )


def _all_there(answers: list[Answer], certain: bool) -> Answer:
    """Return whether there are any and all are right; a group that only counts has an exception with an end, and no place for good."""
    return all_of(answers) if answers else False if certain else None


def _rules(graph: Graph, acl: Resource) -> tuple[list[Answer], list[Answer], bool]:
    """Return for each managed and for each rate-based rule whether it blocks, and whether these are all rules."""
    inside, split = each(acl.properties, "rules"), graph.attached(acl, RULE, "webAclArn")
    groups = graph.attached(acl, GROUP_RULE, "webAclArn")
    written = _written(acl.look("ruleJson"))
    rules = [*inside, *written, *(rule.properties for rule in split.resources)]
    managed = [_blocks_as_managed(rule) for rule in rules if look(rule, "statement.managedRuleGroupStatement") not in (ABSENT, UNKNOWN)]
    managed += [_says_none(group) for group in groups.resources if group.look("managedRuleGroup") is not ABSENT]
    rates = [_blocks(rule) for rule in rules if look(rule, "statement.rateBasedStatement") not in (ABSENT, UNKNOWN)]
    known = not any(look(rule, "statement") is UNKNOWN for rule in rules)
    return managed, rates, known and split.certain and groups.certain


def _written(text: Any) -> list[Any]:
    """Return rules written as AWS's API has them, with keys as the provider has them."""
    if not isinstance(text, str):
        return [UNKNOWN] if text is UNKNOWN else []
    found = _small(json.loads(text))
    return found if isinstance(found, list) else []


def _small(value: Any) -> Any:
    if isinstance(value, list):
        return [_small(inner) for inner in value]
    return {key[:1].lower() + key[1:]: _small(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def _blocks_as_managed(rule: Any) -> Answer:
    action = look(rule, "overrideAction")
    return None if action is UNKNOWN else look(action, "none") is not ABSENT


def _says_none(group: Resource) -> Answer:
    action = group.look("overrideAction")
    return None if action is UNKNOWN else action in (ABSENT, "none")


def _blocks(rule: Any) -> Answer:
    action = look(rule, "action")
    return None if action is UNKNOWN else any(look(action, kind) is not ABSENT for kind in BLOCKING)


def _redacts(logging: Resource) -> Answer:
    fields = each(logging.properties, "redactedFields")
    names = [look(field, "singleHeader.name") for field in fields]
    if {str(name).lower() for name in names} >= CREDENTIALS:
        return True
    return None if UNKNOWN in names else False


def _keeps_blocked(logging: Resource) -> Answer:
    """Tell whether a request that was blocked is written down: the first filter that speaks of it decides, else the default."""
    found = logging.look("loggingFilter")
    if found in (ABSENT, UNKNOWN):
        return True if found is ABSENT else None
    for filter_ in each(found, "filters"):
        actions = [look(condition, "actionCondition.action") for condition in each(filter_, "conditions")]
        if UNKNOWN in actions:
            return None
        if "BLOCK" in actions and (look(filter_, "requirement") == "MEETS_ANY" or len(actions) == 1):
            return bool(look(filter_, "behavior") == "KEEP")
    return bool(look(found, "defaultBehavior") == "KEEP")


CONTROL = Control(
    id="EDGE-04",
    title="Web ACLs block by managed rules and by rate, and log without credentials",
    severity=Severity.HIGH,
    why="An ACL that only counts stops nobody, and one whose log holds tokens hands them to whoever reads logs.",
    fix="managed groups: override_action={'none': {}}; rate rule: action={'block': {}}; redact authorization, cookie, x-api-key",
    clauses=clauses(gdpr="32*", lgpd="37 46", soc2="A1.2 PI1.2", iso27001="8.15 8.16", pci="6.4.2 10.2.1"),
    governs=(ACL, RULE, GROUP_RULE, LOGGING),
    check=check,
)
