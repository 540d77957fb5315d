"""EDGE-07: load balancers speak TLS 1.2 and newer, and plain HTTP only to send callers to HTTPS."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, asks, each
from policies.verdict import Ruling

LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
RULES = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
_TLS = ("HTTPS", "TLS")
_HTTP = "HTTP"
_POLICY = re.compile(r"^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-20\d\d-\d\d$")
"""Policies with TLS 1.3 whose floor is 1.2 with forward secrecy, or 1.3; those called Ext take older ciphers as well.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""
RECOMMENDED = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""What AWS's console chooses."""
_REDIRECTS = "redirects to HTTPS only, where the protocol is HTTP"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each listener of requests, and each rule by the listener it belongs to; TCP and UDP carry what others encrypt."""
    for listener in graph.of(*LISTENERS):
        protocol = listener.look("protocol")
        if protocol in _TLS:
            yield ruled(listener, need(listener, "sslPolicy", _is_modern, f"a policy such as {RECOMMENDED}"))
        elif protocol is UNKNOWN:
            yield ruled(listener, Need("protocol", None, "HTTPS"))
        elif protocol in (_HTTP, ABSENT):
            yield ruled(listener, Need("defaultActions", _redirects(listener, "defaultActions"), _REDIRECTS))
    for rule in graph.of(*RULES):
        yield ruled(rule, Need("actions", _is_right(graph, rule), _REDIRECTS))


def _is_modern(policy: Any) -> bool:
    return bool(_POLICY.match(policy))


def _if(condition: Answer, right: Answer) -> Answer:
    """Return what holds where the condition may not."""
    return right if condition or right else None


def _is_right(graph: Graph, rule: Resource) -> Answer:
    """Rules of a listener that encrypts may do anything; of a listener that is not in this stack nothing is known."""
    listeners = graph.target(rule, "listenerArn", *LISTENERS).resources
    found = [asks(each.properties, "protocol", lambda protocol: protocol == _HTTP, absent=True) for each in listeners] or [None]
    return all_of([True if plain is False else _if(plain, _redirects(rule, "actions")) for plain in found])


def _redirects(resource: Resource, path: str) -> Answer:
    actions = each(resource.properties, path)
    if not actions:
        return False
    return all_of(
        [None if action is UNKNOWN else asks(action, "redirect.protocol", lambda to: to == "HTTPS", absent=False) for action in actions]
    )


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a listener that encrypts a policy of today."""
    policy = inputs.get("sslPolicy", ABSENT)
    if inputs.get("protocol") not in _TLS or policy is UNKNOWN or (isinstance(policy, str) and _is_modern(policy)):
        return {}
    return {"sslPolicy": RECOMMENDED}


CONTROL = Control(
    id="EDGE-07",
    title="Load balancers take TLS 1.2 and newer with forward secrecy; plain HTTP only redirects",
    severity=Severity.HIGH,
    why="Old TLS is broken by whoever sits on the way, and a page that answers in clear hands over its session.",
    fix="set protocol='HTTPS' and ssl_policy on lb.Listener; let one of HTTP have a default action of type 'redirect' to HTTPS alone",
    clauses=clauses(gdpr="32", lgpd="46", soc2="CC6.7*", iso27001="5.14 8.24*", pci="4.2.1"),
    governs=(*LISTENERS, *RULES),
    check=check,
    remedies=dict.fromkeys(LISTENERS, remedy),
)
