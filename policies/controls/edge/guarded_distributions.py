"""EDGE-01: a web application firewall stands before every CloudFront distribution."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.edge._web_acl import CLOUDFRONT, names_acl
from policies.graph import Graph
from policies.verdict import Ruling

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FOR_TENANTS = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each distribution, switched on or not: what is off today is on with one change that nobody would look at twice."""
    for distribution in graph.of(DISTRIBUTION, FOR_TENANTS):
        guarded = names_acl(graph, distribution, "webAclId", CLOUDFRONT)
        yield ruled(distribution, Need("webAclId", guarded, "the ARN of a wafv2.WebAcl of scope CLOUDFRONT"))


CONTROL = Control(
    id="EDGE-01",
    title="Every CloudFront distribution has a web ACL of scope CLOUDFRONT",
    severity=Severity.HIGH,
    why="What the world can ask for is asked by attackers first; at the edge they are turned away before they reach a region.",
    fix="set web_acl_id=acl.arn of a wafv2.WebAcl(scope='CLOUDFRONT') that stands in us-east-1",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.20 8.26*", pci="6.4.1 6.4.2"),
    governs=(DISTRIBUTION, FOR_TENANTS),
    check=check,
)
