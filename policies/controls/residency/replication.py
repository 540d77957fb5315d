"""RES-02: nothing is copied to another region unless the register of transfers knows why, whatever copies it."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.residency._channels import CHANNELS, GLOBAL_CACHE, GLOBAL_CLUSTER, flows
from policies.controls.residency._register import ALLOWED, lawful
from policies.graph import Graph
from policies.verdict import Ruling


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every resource that copies: the row of the register has to name its class, its region, and each region that it copies to."""
    for channel, found in flows(graph):
        yield ruled(channel, *(Need(flow.path, lawful(flow.data, flow.home, flow.there), ALLOWED) for flow in found))


CONTROL = Control(
    id="RES-02",
    title="Data is copied to the regions that the register of transfers names for it, and to no other",
    severity=Severity.CRITICAL,
    why="A replica is a transfer: what is copied to a country without a legal ground is out of reach of the law that protects it.",
    fix="copy to a region of `copies` in the stack's file, or add the row with its ground to config/transfers.yaml and have it approved",
    clauses=clauses(gdpr="44 45 46*", lgpd="33 34 35 36", soc2="C1.1* CC6.7*", iso27001="5.14* 5.34*"),
    # Global ones are judged by their members, which are what stands in a region.
    governs=(*CHANNELS, GLOBAL_CLUSTER, GLOBAL_CACHE),
    check=check,
    house=True,
)
