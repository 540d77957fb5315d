"""Listeners that speak what nobody should, and plain ones that answer."""

import pytest

from policies.controls.edge.listener_tls import CONTROL, RECOMMENDED
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

LISTENER, RULE = "aws:lb/listener:Listener", "aws:lb/listenerRule:ListenerRule"
HTTPS = "entry-https"
REDIRECT = {"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}
ANSWER = {"type": "fixed-response", "fixedResponse": {"statusCode": "200", "contentType": "text/plain"}}


def policy(name: str | None, protocol: str = "HTTPS") -> Mutation:
    def change(draft: Draft) -> None:
        listener = draft.one(LISTENER, HTTPS)
        listener.set("protocol", protocol)
        listener.set("sslPolicy", name)

    return Mutation(f"a listener of {protocol} has the policy {name}", change)


def plain(draft: Draft, *actions: object, type_: str = LISTENER) -> None:
    draft.add(type_, "plain", {"arn": "arn:plain", "port": 80, "protocol": "HTTP", "defaultActions": list(actions)})


def plain_rule(draft: Draft, *actions: object) -> None:
    plain(draft, REDIRECT)
    draft.add(RULE, "plain", {"listenerArn": "arn:plain", "actions": list(actions), "conditions": []})


CAUGHT = [
    policy("ELBSecurityPolicy-2016-08"),
    policy("ELBSecurityPolicy-TLS13-1-1-2021-06"),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06"),
    policy("ELBSecurityPolicy-TLS-1-2-2017-01", "TLS"),
    policy(None),
    Mutation("a plain listener answers", lambda draft: plain(draft, ANSWER)),
    Mutation("a plain listener of the old name answers", lambda draft: plain(draft, ANSWER, type_="aws:alb/listener:Listener")),
    Mutation("a plain listener does nothing that is known", plain),
    Mutation(
        "a plain listener sends to another port in clear", lambda draft: plain(draft, {"type": "redirect", "redirect": {"port": "8080"}})
    ),
    Mutation("nothing is said of the protocol", lambda draft: draft.one(LISTENER, HTTPS).drop("protocol")),
    Mutation("a rule of a plain listener answers", lambda draft: plain_rule(draft, ANSWER)),
]
SPARED = [
    policy("ELBSecurityPolicy-TLS13-1-3-2021-06"),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"),
    policy("ELBSecurityPolicy-TLS13-1-2-2021-06", "TLS"),
    Mutation("a plain listener sends to HTTPS", lambda draft: plain(draft, REDIRECT)),
    Mutation("a rule of a plain listener sends to HTTPS", lambda draft: plain_rule(draft, REDIRECT)),
    Mutation("bytes are passed on", lambda draft: draft.one(LISTENER, HTTPS).set("protocol", "TCP")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-07", mutation)


def test_what_is_not_known_yet_is_open() -> None:
    rule = resource(RULE, "rule", listenerArn=UNKNOWN, actions=[ANSWER])
    listener = resource(LISTENER, "open", protocol=UNKNOWN, defaultActions=[ANSWER])
    right = resource(LISTENER, "right", protocol=UNKNOWN, defaultActions=[REDIRECT])
    other = resource(LISTENER, "policy", protocol="HTTPS", sslPolicy=UNKNOWN)
    verdicts = [finding.verdict for finding in CONTROL.evaluate(lone(listener, other, right, rule))]
    assert verdicts == [Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.UNDECIDED]


def test_a_remedy_gives_an_encrypting_listener_a_policy_of_today_and_touches_no_other() -> None:
    mend = CONTROL.remedies[LISTENER]
    assert mend({"protocol": "HTTPS", "port": 443}) == {"sslPolicy": RECOMMENDED}
    assert mend({"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-2016-08"}) == {"sslPolicy": RECOMMENDED}
    for right in (RECOMMENDED, UNKNOWN):
        assert mend({"protocol": "HTTPS", "sslPolicy": right}) == {}
    assert mend({"protocol": "HTTP"}) == mend({"protocol": UNKNOWN}) == {}
