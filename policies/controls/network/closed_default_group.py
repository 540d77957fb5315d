"""NET-05: the security group that every VPC comes with allows nothing."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.values import Answer
from policies.verdict import Ruling

VPC = "aws:ec2/vpc:Vpc"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask for a managed default group of each VPC, and for one without rules."""
    for vpc in graph.of(VPC):
        groups = graph.attached(vpc, DEFAULT_GROUP, "vpcId")
        there: Answer = True if groups.resources else False if groups.certain else None
        yield ruled(vpc, Need("", there, "a DefaultSecurityGroup with this vpc_id"))
    for group in graph.of(DEFAULT_GROUP):
        # Without the argument the provider removes all rules.
        yield ruled(group, *(need(group, path, lambda rules: rules == [], "no rule", absent=True) for path in ("ingress", "egress")))


CONTROL = Control(
    id="NET-05",
    title="The default security group of every VPC is closed",
    severity=Severity.MEDIUM,
    why="Whatever is started without a group of its own gets the default one, in which all members reach each other and the internet.",
    fix="add ec2.DefaultSecurityGroup(vpc_id=vpc.id, ingress=[], egress=[]) for each VPC",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.20 8.22", pci="1.3.1*"),
    governs=(VPC, DEFAULT_GROUP),
    check=check,
)
