"""Single rules of security groups."""

from __future__ import annotations

from typing import Any, ClassVar

from sandbox.provider import tagging
from sandbox.provider.aws.ec2 import permissions
from sandbox.provider.aws.ec2.common import exactly_one, given, network6_failures, network_failures, retag, tagged
from sandbox.provider.aws.ec2.security_group import text_failures
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

# What names the peer, and the peer's kind.
_SOURCES = {"cidrIpv4": "ipv4", "cidrIpv6": "ipv6", "prefixListId": "prefix", "referencedSecurityGroupId": "group"}
_FLOW = ("ipProtocol", "fromPort", "toPort", *_SOURCES, "description")


class _Rule(Handler):
    """One rule; the direction is all that tells the two types apart."""

    create_only = frozenset({"securityGroupId"})
    direction: ClassVar[str]

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        low, high = inputs.get("fromPort"), inputs.get("toPort")
        failures = exactly_one(inputs, tuple(_SOURCES)) + permissions.port_failures("", "ipProtocol", inputs["ipProtocol"], low, high)
        everything = inputs["ipProtocol"] is not UNKNOWN and permissions.protocol(inputs["ipProtocol"]) == "-1"
        if everything and (low is not None or high is not None):
            failures.append(Failure("fromPort", "must be left out, like toPort, where ipProtocol is -1: all ports are meant"))
        return (
            failures
            + network_failures("cidrIpv4", inputs.get("cidrIpv4"))
            + network6_failures("cidrIpv6", inputs.get("cidrIpv6"))
            + text_failures("description", inputs.get("description"))
        )

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "ipProtocol":
            return permissions.protocol(old) == permissions.protocol(new)
        return super().equal(path, old, new)

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # AWS cannot turn a rule for a network into one for a group, and so on.
        return path in _SOURCES and _kind(old) != _kind(new)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        authorize = getattr(call.client("ec2"), f"authorize_security_group_{self.direction}")
        made = authorize(
            GroupId=inputs["securityGroupId"],
            IpPermissions=permissions.request(inputs["securityGroupId"], [_permission(inputs)]),
            **tagged("security-group-rule", inputs["tagsAll"]),
        )
        rule_id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return rule_id, self._computed(call, rule_id)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        rule = call.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[resource_id])["SecurityGroupRules"][0]
        live = given(
            cidrIpv4=rule.get("CidrIpv4"),
            cidrIpv6=rule.get("CidrIpv6"),
            prefixListId=rule.get("PrefixListId"),
            referencedSecurityGroupId=_reference(call, rule.get("ReferencedGroupInfo", {})),
            description=rule.get("Description"),
        )
        # What was declared and is not so any more must show as changed, not as absent.
        lost = {name: "" for name in (*_SOURCES, "description") if state.get(name)}
        ports = {"fromPort": rule["FromPort"], "toPort": rule["ToPort"]}
        return {
            **self._computed(call, resource_id),
            **lost,
            **live,
            # AWS says -1 where no port was given; on import there is no telling, and none is meant most often.
            **{name: port for name, port in ports.items() if port != -1 or name in state},
            "securityGroupId": rule["GroupId"],
            "ipProtocol": rule["IpProtocol"],
            "tags": tagging.mapping(rule["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        if any(not self._same(name, old, new) for name in _FLOW):
            call.client("ec2").modify_security_group_rules(
                GroupId=new["securityGroupId"],
                SecurityGroupRules=[{"SecurityGroupRuleId": resource_id, "SecurityGroupRule": _rule(new)}],
            )
        retag(call, resource_id, old, new)
        return self._computed(call, resource_id)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        revoke = getattr(call.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[resource_id])

    def _computed(self, call: Call, rule_id: str) -> Properties:
        return {"securityGroupRuleId": rule_id, "arn": call.arn("ec2", f"security-group-rule/{rule_id}")}

    def _same(self, name: str, old: Properties, new: Properties) -> bool:
        before, after = old.get(name), new.get(name)
        return before is after if before is None or after is None else self.equal(name, before, after)


class SecurityGroupIngressRule(_Rule):
    """One rule for what may come in."""

    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    direction = "ingress"


class SecurityGroupEgressRule(_Rule):
    """One rule for what may go out."""

    token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    direction = "egress"


def _kind(inputs: Properties) -> str:
    return next((name for name in _SOURCES if inputs.get(name)), "")


def _reference(call: Call, group: Properties) -> str:
    """A group as a program names it; `<account>/<group>` for one of another account."""
    if not group:
        return ""
    owner = group.get("UserId", call.account)
    return str(group["GroupId"] if owner == call.account else f"{owner}/{group['GroupId']}")


def _permission(inputs: Properties) -> permissions.Permission:
    kind = _kind(inputs)
    return permissions.Permission(
        protocol=permissions.protocol(inputs["ipProtocol"]),
        from_port=inputs.get("fromPort", -1),
        to_port=inputs.get("toPort", -1),
        kind=_SOURCES[kind],
        peer=inputs[kind],
        description=inputs.get("description", ""),
    )


def _rule(inputs: Properties) -> Properties:
    """The whole rule as ModifySecurityGroupRules takes it, which leaves nothing as it was."""
    kind = _kind(inputs)
    name = {"cidrIpv4": "CidrIpv4", "cidrIpv6": "CidrIpv6", "prefixListId": "PrefixListId"}.get(kind, "ReferencedGroupId")
    return {
        "IpProtocol": permissions.protocol(inputs["ipProtocol"]),
        "FromPort": inputs.get("fromPort", -1),
        "ToPort": inputs.get("toPort", -1),
        name: inputs[kind].rpartition("/")[2] if name == "ReferencedGroupId" else inputs[kind],
        "Description": inputs.get("description", ""),
    }
