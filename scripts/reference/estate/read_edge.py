"""Reads the ways in from a stack's graph: zones, distributions, load balancers and their web ACLs."""

from typing import Any

from scripts.reference.estate.facts import Delivery, Entry, Firewall, Reference
from scripts.reference.estate.recorded import parent_name, strings_in
from tests.kit.recorder import Graph, Recorded

_HTTPS = ("https-only", "redirect-to-https")
_REFERENCE = "pulumi:pulumi:StackReference"
_HUB = "hub"
"""Logical name of the reference to the hub's stack, which alone exports what begins so."""


def read_zones(graph: Graph) -> tuple[str, ...]:
    """Return the domains of the hosted zones that the stack owns."""
    return tuple(each.inputs["name"] for each in graph.of_type("aws:route53/zone:Zone"))


def read_entries(graph: Graph) -> tuple[Entry, ...]:
    """Return the load balancers."""
    acls = _by_arn(graph, "aws:wafv2/webAcl:WebAcl")
    protected = {
        each.inputs["resourceArn"]: acls[each.inputs["webAclArn"]]
        for each in graph.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")
    }
    return tuple(
        Entry(
            name=parent_name(graph, each),
            hosts=_hosts(graph, each.answered["dnsName"]),
            listeners=_listeners(graph, each.answered["arn"]),
            sources=_sources(graph, each.inputs["securityGroups"]),
            firewall=_firewall(protected.get(each.answered["arn"])),
        )
        for each in graph.of_type("aws:lb/loadBalancer:LoadBalancer")
    )


def _hosts(graph: Graph, target: str) -> tuple[str, ...]:
    """Return the names that are aliases of `target`, or of such a name."""
    records = [each.inputs for each in graph.of_type("aws:route53/record:Record")]
    found: set[str] = set()
    targets = {target}
    while targets:
        aliases = {record["name"] for record in records for alias in record.get("aliases", ()) if alias["name"] in targets}
        targets = aliases - found
        found |= aliases
    return tuple(sorted(found))


def _listeners(graph: Graph, balancer: str) -> tuple[str, ...]:
    found = [each.inputs for each in graph.of_type("aws:lb/listener:Listener") if each.inputs["loadBalancerArn"] == balancer]
    return tuple(sorted(f"{listener['protocol']} {listener['port']}" for listener in found))


def _sources(graph: Graph, groups: list[str]) -> tuple[str, ...]:
    rules = [each.inputs for each in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")]
    return tuple(sorted({rule.get("cidrIpv4") or rule["description"] for rule in rules if rule["securityGroupId"] in groups}))


def read_deliveries(graph: Graph) -> tuple[Delivery, ...]:
    """Return the distributions."""
    acls = _by_arn(graph, "aws:wafv2/webAcl:WebAcl")
    certificates = _by_arn(graph, "aws:acm/certificate:Certificate")
    buckets = {each.inputs["bucket"]: parent_name(graph, each) for each in graph.of_type("aws:s3/bucket:Bucket")}
    found = []
    for each in graph.of_type("aws:cloudfront/distribution:Distribution"):
        inputs = each.inputs
        certificate = certificates.get(inputs["viewerCertificate"].get("acmCertificateArn"))
        origins = {_bucket(origin) for origin in inputs["origins"]}
        found.append(
            Delivery(
                hosts=tuple(inputs.get("aliases", ())),
                http=inputs["httpVersion"],
                minimum_tls=inputs["viewerCertificate"]["minimumProtocolVersion"],
                certificate=certificate.inputs["domainName"] if certificate else None,
                https_only=inputs["defaultCacheBehavior"]["viewerProtocolPolicy"] in _HTTPS,
                firewall=_firewall(acls.get(inputs.get("webAclId"))),
                buckets=tuple(sorted(buckets[name] for name in origins if name in buckets)),
                origins=tuple(sorted(name for name in origins if name not in buckets)),
                signed=all("originAccessControlId" in origin for origin in inputs["origins"] if _bucket(origin) in buckets),
            )
        )
    return tuple(found)


def _bucket(origin: dict[str, Any]) -> str:
    """Return the name of an origin's bucket; the host of one that is none."""
    return str(origin["domainName"]).partition(".s3.")[0]


def _by_arn(graph: Graph, type_: str) -> dict[str | None, Recorded]:
    return {str(each.answered["arn"]): each for each in graph.of_type(type_)}


def _firewall(acl: Recorded | None) -> Firewall | None:
    if acl is None:
        return None
    statements = [rule["statement"] for rule in acl.inputs["rules"]]
    rates = [statement["rateBasedStatement"] for statement in statements if "rateBasedStatement" in statement]
    groups = [statement["managedRuleGroupStatement"]["name"] for statement in statements if "managedRuleGroupStatement" in statement]
    return Firewall(
        name=acl.name,
        rate_limit=rates[0]["limit"] if rates else None,
        window_seconds=rates[0]["evaluationWindowSec"] if rates else None,
        groups=tuple(groups),
    )


def read_references(graph: Graph) -> tuple[Reference, ...]:
    """Return the stacks this one reads, each with those outputs that its resources or its own outputs hold."""
    held = strings_in([each.inputs for each in graph.resources if each.type != _REFERENCE] + [graph.stack_outputs])
    read: dict[str, set[str]] = {}
    for each in graph.of_type(_REFERENCE):
        offered = {name: value for name, value in each.answered["outputs"].items() if each.name == _HUB or not name.startswith(f"{_HUB}_")}
        used = {name for name, value in offered.items() if strings_in(value) & held}
        read.setdefault(str(each.inputs["name"]).rpartition("/")[2], set()).update(used)
    return tuple(Reference(stack=stack, outputs=tuple(sorted(used))) for stack, used in sorted(read.items()))
