"""Load balancers that keep no record, pass on what is malformed, or vanish by mistake."""

import pytest

from policies.controls.edge.load_balancers import CONTROL
from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
NAME = "entry-balancer"


def changed(path: str, value: object) -> Mutation:
    return Mutation(f"{path} is {value}", lambda draft: draft.one(BALANCER, NAME).set(path, value))


def of_kind(kind: str) -> Mutation:
    def change(draft: Draft) -> None:
        balancer = draft.one(BALANCER, NAME)
        balancer.set("loadBalancerType", kind)
        for path in ("accessLogs", "dropInvalidHeaderFields", "desyncMitigationMode"):
            balancer.drop(path)

    return Mutation(f"one of kind {kind} has nothing of HTTP", change)


CAUGHT = [
    changed("accessLogs.enabled", False),
    changed("accessLogs.bucket", ""),
    Mutation("nothing is said of logs", lambda draft: draft.one(BALANCER, NAME).drop("accessLogs")),
    changed("dropInvalidHeaderFields", False),
    changed("desyncMitigationMode", "monitor"),
    changed("enableDeletionProtection", False),
    of_kind("application"),
    Mutation("one of kind network may be deleted", lambda draft: draft.add(BALANCER, "bytes", {"loadBalancerType": "network"})),
]
SPARED = [
    changed("desyncMitigationMode", "defensive"),
    Mutation("the mode is left to AWS, which defends", lambda draft: draft.one(BALANCER, NAME).drop("desyncMitigationMode")),
    of_kind("network"),
    of_kind("gateway"),
    Mutation("staging may be torn down", lambda draft: draft.one(BALANCER, NAME).drop("enableDeletionProtection"), "staging"),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-08", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-08", mutation)


RIGHT = {
    "dropInvalidHeaderFields": True,
    "desyncMitigationMode": "strictest",
    "enableDeletionProtection": True,
    "accessLogs": {"bucket": "logs", "enabled": True, "prefix": "one"},
}


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ({"dropInvalidHeaderFields": False}, {"dropInvalidHeaderFields": True}),
        ({"desyncMitigationMode": "monitor"}, {"desyncMitigationMode": "defensive"}),
        ({"enableDeletionProtection": False}, {"enableDeletionProtection": True}),
        ({"accessLogs": {"bucket": "logs", "prefix": "one"}}, {"accessLogs": RIGHT["accessLogs"]}),
        ({"accessLogs": {"enabled": False}}, {}),
        ({"dropInvalidHeaderFields": UNKNOWN, "accessLogs": UNKNOWN, "enableDeletionProtection": UNKNOWN}, {}),
        ({"tags": {"environment": "staging"}, "enableDeletionProtection": False}, {}),
        ({"loadBalancerType": "network", "dropInvalidHeaderFields": False, "desyncMitigationMode": "monitor"}, {}),
    ],
)
def test_a_remedy_switches_on_what_is_off_and_only_once(wrong: dict[str, object], mended: dict[str, object]) -> None:
    mend = CONTROL.remedies[BALANCER]
    given = {**RIGHT, **wrong}
    assert mend(given) == mended
    assert mend({**given, **mended}) == {}
