"""Security groups, and their rules; those that no resource says were made past the program."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, one, text
from scripts.evidence.running.reader import Reader

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_GONE = ("InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupRuleId.NotFound")
_RULE = ("cidrIpv4", "cidrIpv6", "ipProtocol", "fromPort", "toPort", "prefixListId", "referencedSecurityGroupId")


def group(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read the rules that are none of the graph's own, as rules written inside the group."""
    identity = text(resource, "id")
    found = one(place.ask("ec2", "describe_security_groups", GroupIds=[identity])["SecurityGroups"])
    if found is None:
        return None
    named = {rule.look("id") for rule in place.graph.of(_INGRESS, _EGRESS)}
    rules = [rule for rule in _rules_of(place, identity) if rule["SecurityGroupRuleId"] not in named]
    return {
        "vpcId": found.get("VpcId"),
        "ingress": [_inline(rule) for rule in rules if not rule["IsEgress"]] or None,
        "egress": [_inline(rule) for rule in rules if rule["IsEgress"]] or None,
    }


def _rules_of(place: Place, group_id: str) -> list[dict[str, Any]]:
    """Return a group's rules; all of the region are asked for at once."""
    return [rule for rule in place.ask("ec2", "describe_security_group_rules")["SecurityGroupRules"] if rule["GroupId"] == group_id]


def _inline(rule: dict[str, Any]) -> dict[str, Any]:
    source = rule.get("ReferencedGroupInfo", {}).get("GroupId")
    lists = {"cidrBlocks": rule.get("CidrIpv4"), "ipv6CidrBlocks": rule.get("CidrIpv6"), "prefixListIds": rule.get("PrefixListId")}
    return {
        "protocol": rule["IpProtocol"],
        # A rule for every protocol has no ports, which the provider writes as 0.
        "fromPort": rule.get("FromPort", 0) if rule["IpProtocol"] != "-1" else 0,
        "toPort": rule.get("ToPort", 0) if rule["IpProtocol"] != "-1" else 0,
        **{name: [value] for name, value in lists.items() if value},
        **({"self": True} if source == rule["GroupId"] else {"securityGroups": [source]} if source else {}),
    }


def rule(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whom a rule lets in or out."""
    identity = text(resource, "id")
    every = place.ask("ec2", "describe_security_group_rules")["SecurityGroupRules"]
    found = one(each for each in every if each["SecurityGroupRuleId"] == identity)
    if found is None:
        return None
    every_port = found["IpProtocol"] == "-1"
    return {
        "cidrIpv4": found.get("CidrIpv4"),
        "cidrIpv6": found.get("CidrIpv6"),
        "ipProtocol": found["IpProtocol"],
        "fromPort": None if every_port else found.get("FromPort"),
        "toPort": None if every_port else found.get("ToPort"),
        "prefixListId": found.get("PrefixListId"),
        "referencedSecurityGroupId": found.get("ReferencedGroupInfo", {}).get("GroupId"),
    }


READERS = (
    Reader(type="aws:ec2/securityGroup:SecurityGroup", covers=("vpcId", "ingress", "egress"), read=group, gone=_GONE),
    Reader(type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", covers=("vpcId", "ingress", "egress"), read=group, gone=_GONE),
    Reader(type=_INGRESS, covers=_RULE, read=rule, gone=_GONE),
    Reader(type=_EGRESS, covers=_RULE, read=rule, gone=_GONE),
)
