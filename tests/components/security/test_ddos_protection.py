import pytest

from components.security.ddos_protection import DdosProtection, DdosProtectionArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

SUBSCRIPTION = "aws:shield/subscription:Subscription"
PROTECTION = "aws:shield/protection:Protection"
WEB = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
DOMAIN = "arn:aws:route53:::hostedzone/Z1"


def floods(subscribe: bool = True) -> Graph:
    args = DdosProtectionArgs(resources={"web": WEB, "domain": DOMAIN}, subscribe=subscribe)
    return record(lambda: DdosProtection("floods", a_context(), args))


def test_each_public_entry_is_protected_once_the_account_has_subscribed() -> None:
    graph = floods()
    assert {each.inputs["resourceArn"] for each in graph.of_type(PROTECTION)} == {WEB, DOMAIN}
    assert all(graph.one(SUBSCRIPTION).urn in each.depends_on for each in graph.of_type(PROTECTION))
    assert set(graph.outputs_of(graph.one("morefocus:security:DdosProtection"))["protected"]) == {WEB, DOMAIN}


def test_a_region_of_a_subscribed_account_makes_no_second_subscription() -> None:
    graph = floods(subscribe=False)
    assert not graph.of_type(SUBSCRIPTION) and len(graph.of_type(PROTECTION)) == 2


def test_nothing_to_protect_and_nothing_to_subscribe_to_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one resource"):
        DdosProtectionArgs(resources={}, subscribe=False)
