"""EDGE-03: a web application firewall stands before every stage of a REST API."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.edge._web_acl import is_guarded
from policies.graph import Graph
from policies.verdict import Ruling

STAGE = "aws:apigateway/stage:Stage"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each stage: API Gateway takes a web ACL for stages of REST APIs, public or private."""
    for stage in graph.of(STAGE):
        yield ruled(stage, Need("", is_guarded(graph, stage), "a WebAclAssociation with a wafv2.WebAcl of scope REGIONAL"))


CONTROL = Control(
    id="EDGE-03",
    title="Every stage of a REST API has a web ACL",
    severity=Severity.HIGH,
    why="An API is called by programs: without a firewall nothing slows one that guesses keys, tokens or identifiers.",
    fix="add wafv2.WebAclAssociation(resource_arn=stage.arn, web_acl_arn=acl.arn) for each apigateway.Stage",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.20", pci="6.4.1 6.4.2"),
    governs=(STAGE,),
    check=check,
)
