"""Single rules of security groups."""

from __future__ import annotations

from typing import Any, ClassVar

from sandbox.provider import tagging
from sandbox.provider.aws.ec2 import permissions
from sandbox.provider.aws.ec2.common import exactly_one, given, network6_failures, network_failures, retag, tagged, tolerating, where
from sandbox.provider.aws.ec2.security_group import text_failures
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.values import UNKNOWN, Properties

# What names the peer, and the peer's kind.
_SOURCES = {"cidrIpv4": "ipv4", "cidrIpv6": "ipv6", "prefixListId": "prefix", "referencedSecurityGroupId": "group"}
_FLOW = ("ipProtocol", "fromPort", "toPort", *_SOURCES, "description")


class _Rule(Handler):
    """One rule; the direction is all that tells the two types apart."""

    support = Support.PARTLY
    gap = (
        "the description of a rule that names a prefix list is in the state only; "
        "a rule whose peer, but for an IPv4 network, is changed in place gets a new rule id"
    )
    create_only = frozenset({"securityGroupId"})
    volatile = frozenset({"securityGroupRuleId", "arn"})
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
        rule_id = self._authorize(call, inputs)
        return rule_id, self._computed(call, rule_id)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        rule_id = state.get("securityGroupRuleId", resource_id)
        rule = call.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[rule_id])["SecurityGroupRules"][0]
        ports = {"fromPort": rule.get("FromPort"), "toPort": rule.get("ToPort")}
        return {
            **self._computed(call, rule_id),
            **self._peer(call, rule, state),
            # AWS says -1 where no port was given; on import there is no telling, and none is meant most often.
            **{name: port for name, port in ports.items() if port != -1 or name in state},
            "securityGroupId": rule["GroupId"],
            "ipProtocol": rule["IpProtocol"],
            "tags": tagging.mapping(rule["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        rule_id = old["securityGroupRuleId"]
        if any(not _same(self, name, old, new) for name in _FLOW):
            if _kind(new) == "cidrIpv4" and permissions.protocol(new["ipProtocol"]) != "-1":
                self._modify(call, rule_id, new)
            else:
                rule_id = self._remake(call, rule_id, new)
        retag(call, rule_id, old if rule_id == old["securityGroupRuleId"] else {}, new)
        return self._computed(call, rule_id)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        revoke = getattr(call.client("ec2"), f"revoke_security_group_{self.direction}")
        revoke(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[state["securityGroupRuleId"]])

    def _computed(self, call: Call, rule_id: str) -> Properties:
        return {"securityGroupRuleId": rule_id, "arn": call.arn("ec2", f"security-group-rule/{rule_id}")}

    def _authorize(self, call: Call, inputs: Properties) -> str:
        authorize = getattr(call.client("ec2"), f"authorize_security_group_{self.direction}")
        made = authorize(
            GroupId=inputs["securityGroupId"],
            IpPermissions=permissions.request(inputs["securityGroupId"], [_permission(inputs)]),
            **tagged("security-group-rule", inputs["tagsAll"]),
        )
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def _modify(self, call: Call, rule_id: str, new: Properties) -> None:
        rule = {
            "IpProtocol": permissions.protocol(new["ipProtocol"]),
            "FromPort": new.get("fromPort", -1),
            "ToPort": new.get("toPort", -1),
            "CidrIpv4": new["cidrIpv4"],
            "Description": new.get("description", ""),
        }
        call.client("ec2").modify_security_group_rules(
            GroupId=new["securityGroupId"], SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": rule}]
        )

    def _remake(self, call: Call, rule_id: str, new: Properties) -> str:
        """The emulated cloud changes rules for IPv4 networks only: any other is taken out and put in anew."""
        ec2 = call.client("ec2")
        with tolerating("InvalidPermission.NotFound"):
            revoke = getattr(ec2, f"revoke_security_group_{self.direction}")
            revoke(GroupId=new["securityGroupId"], SecurityGroupRuleIds=[rule_id])
        with tolerating("InvalidPermission.Duplicate"):
            return self._authorize(call, new)
        return self._held(call, new)

    def _held(self, call: Call, new: Properties) -> str:
        """The id of the rule that allows this already: an interrupted update put it in."""
        filters = where(group_id=new["securityGroupId"])
        for rule in call.client("ec2").describe_security_group_rules(**filters)["SecurityGroupRules"]:
            live = self._peer(call, rule, new) | {
                "ipProtocol": rule["IpProtocol"],
                **{name: rule[api] for name, api in (("fromPort", "FromPort"), ("toPort", "ToPort")) if name in new},
            }
            same = all(_same(self, name, live, new) for name in _FLOW if name != "description")
            if rule["IsEgress"] == (self.direction == "egress") and same:
                return str(rule["SecurityGroupRuleId"])
        raise HandlerError(f"{new['securityGroupId']} refuses this rule as a duplicate, yet has no such rule: refresh, then run again")

    def _peer(self, call: Call, rule: Properties, state: Properties) -> Properties:
        """Peer and description as declared; a peer of another kind than remembered shows both."""
        group = rule.get("ReferencedGroupInfo", {})
        live = given(
            cidrIpv4=rule.get("CidrIpv4"),
            cidrIpv6=rule.get("CidrIpv6"),
            prefixListId=rule.get("PrefixListId"),
            referencedSecurityGroupId=_reference(call, group),
        )
        lost = {name: "" for name in _SOURCES if state.get(name) and name not in live}
        if rule.get("PrefixListId"):
            return lost | live
        text = self._group_text(call, rule, group) if group else rule.get("Description", "")
        return lost | live | ({"description": text} if text or state.get("description") else {})

    def _group_text(self, call: Call, rule: Properties, group: Properties) -> str:
        """The description of a rule that names a group, which the emulated cloud tells only with the whole group."""
        described = call.client("ec2").describe_security_groups(GroupIds=[rule["GroupId"]])["SecurityGroups"][0]
        for item in described["IpPermissionsEgress" if rule["IsEgress"] else "IpPermissions"]:
            ports = (item.get("FromPort", -1), item.get("ToPort", -1))
            if item["IpProtocol"] != rule["IpProtocol"] or ports != (rule.get("FromPort", -1), rule.get("ToPort", -1)):
                continue
            for pair in item["UserIdGroupPairs"]:
                if pair["GroupId"] == group["GroupId"]:
                    return str(pair.get("Description", ""))
        return ""


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


def _same(handler: Handler, name: str, old: Properties, new: Properties) -> bool:
    before, after = old.get(name), new.get(name)
    if before is None or after is None:
        return before is after
    return handler.equal(name, before, after)


def _reference(call: Call, group: Properties) -> str:
    if not group:
        return ""
    owner = group.get("UserId", call.account)
    return str(group["GroupId"] if owner == call.account else f"{owner}/{group['GroupId']}")
