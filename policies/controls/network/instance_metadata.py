"""NET-10: nodes hand their credentials to signed requests of their own only, and have no public address."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.values import all_of, asks, each, is_no
from policies.verdict import Ruling

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each launch template by its metadata options and network interfaces."""
    for template in graph.of(TEMPLATE):
        interfaces = each(template.properties, "networkInterfaces")
        private = all_of([asks(interface, "associatePublicIpAddress", is_no, absent=True) for interface in interfaces])
        yield ruled(
            template,
            need(template, "metadataOptions.httpTokens", lambda tokens: tokens == "required", "required"),
            need(template, "metadataOptions.httpPutResponseHopLimit", lambda hops: hops == 1, "1"),
            Need("networkInterfaces.associatePublicIpAddress", private, "false"),
        )


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask for tokens, and let the answer go no further than the node."""
    wanted = {"httpTokens": "required", "httpPutResponseHopLimit": 1}
    options = inputs.get("metadataOptions")
    given = dict(options) if isinstance(options, Mapping) else {}
    return {} if wanted.items() <= given.items() else {"metadataOptions": given | wanted}


CONTROL = Control(
    id="NET-10",
    title="Nodes require IMDSv2 within one hop, and have no public address",
    severity=Severity.HIGH,
    why="A request that an attacker makes a pod send must not come back with the node's credentials.",
    fix="set metadata_options={'http_tokens': 'required', 'http_put_response_hop_limit': 1} on ec2.LaunchTemplate",
    clauses=clauses(lgpd="46", soc2="CC6.6 CC7.2", iso27001="8.3 8.20", pci="8.2.8 1.4.5"),
    governs=(TEMPLATE,),
    check=check,
    remedies={TEMPLATE: remedy},
)
