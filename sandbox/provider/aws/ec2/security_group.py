"""Security groups: a VPC's own, with rules inside or apart, and the one it comes with."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2 import permissions
from sandbox.provider.aws.ec2.common import adopt_tags, given, retag, tagged, where
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

_DIRECTIONS = (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress"))
_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_EVERYWHERE = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]


class _Group(Handler):
    """What both kinds share: rules inside the group."""

    defaults = {"revokeRulesOnDelete": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures: list[Failure] = []
        for direction, _ in _DIRECTIONS:
            rules = inputs.get(direction, [])
            for position, rule in enumerate([] if rules is UNKNOWN else rules):
                if rule is UNKNOWN:
                    continue
                path = f"{direction}[{position}]"
                failures += permissions.failures(path, rule)
                failures += text_failures(f"{path}.description", rule.get("description"))
        return failures

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path in ("ingress", "egress"):
            return permissions.expand(old) == permissions.expand(new)
        return super().equal(path, old, new)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        group = _describe(call, resource_id)
        for direction, api in _DIRECTIONS:
            if direction not in new:
                continue
            before = permissions.expand(old.get(direction, []))
            live = permissions.from_api(resource_id, group["OwnerId"], group[api])
            # Rules that neither the old nor the new declaration has are somebody else's.
            _bring(call, resource_id, direction, live=live, old=before, new=permissions.expand(new[direction]))
        retag(call, resource_id, old, new)
        return {direction: new.get(direction, old.get(direction, [])) for direction, _ in _DIRECTIONS}

    def _outputs(self, call: Call, group: Properties) -> Properties:
        rules = {
            direction: permissions.collapse(permissions.from_api(group["GroupId"], group["OwnerId"], group[api]))
            for direction, api in _DIRECTIONS
        }
        return self._computed(call, group) | rules | {"tags": tagging.mapping(group["Tags"])}

    def _computed(self, call: Call, group: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"security-group/{group['GroupId']}"),
            "ownerId": group["OwnerId"],
            "name": group["GroupName"],
            "description": group["Description"],
            "vpcId": group["VpcId"],
        }


class SecurityGroup(_Group):
    """A security group. Made without the rule that lets everything out, as the real provider makes it."""

    token = "aws:ec2/securityGroup:SecurityGroup"
    create_only = frozenset({"name", "namePrefix", "description", "vpcId"})
    defaults = {"description": "Managed by Pulumi", "revokeRulesOnDelete": False}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = super().check(call, inputs)
        for field in ("name", "namePrefix"):
            name = inputs.get(field)
            if isinstance(name, str) and name.startswith("sg-"):
                failures.append(Failure(field, f"must not begin with sg- (got {name})"))
            failures += text_failures(field, name)
        if inputs["description"] == "":
            failures.append(Failure("description", "must not be empty: AWS requires a description"))
        return failures + text_failures("description", inputs["description"])

    def preview(self, call: Call, inputs: Properties) -> Properties:
        known = {"ownerId": call.account, "ingress": inputs.get("ingress", []), "egress": inputs.get("egress", [])}
        return known if inputs.get("namePrefix") else known | {"namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        name = inputs.get("name") or f"{inputs['namePrefix']}{call.token().replace('-', '')[:26]}"
        group_id = ec2.create_security_group(
            GroupName=name,
            Description=inputs["description"],
            **given(VpcId=inputs.get("vpcId")),
            **tagged("security-group", inputs["tagsAll"]),
        )["GroupId"]
        # With a VPC without IPv6 the emulated cloud, like AWS, has no such rule for IPv6 and lets that half pass.
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=_EVERYWHERE)
        rules = {direction: inputs.get(direction, []) for direction, _ in _DIRECTIONS}
        for direction, declared in rules.items():
            _bring(call, group_id, direction, live=set(), old=set(), new=permissions.expand(declared))
        vpc = inputs.get("vpcId") or _describe(call, group_id)["VpcId"]
        group = {"GroupId": group_id, "OwnerId": call.account, "GroupName": name, "Description": inputs["description"], "VpcId": vpc}
        return group_id, self._computed(call, group) | rules | {"namePrefix": inputs.get("namePrefix", "")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, _describe(call, resource_id)) | {"namePrefix": state.get("namePrefix", "")}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        kept = {name: old[name] for name in ("name", "namePrefix", "vpcId")}
        return super().update(call, resource_id, old, new) | kept

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if state.get("revokeRulesOnDelete"):
            group = _describe(call, resource_id)
            for direction, api in _DIRECTIONS:
                live = permissions.from_api(resource_id, group["OwnerId"], group[api])
                _bring(call, resource_id, direction, live=live, old=live, new=set())
        call.client("ec2").delete_security_group(GroupId=resource_id)


class DefaultSecurityGroup(_Group):
    """The security group that a VPC comes with: adopted, brought to exactly the declared rules, and left as it is at the end."""

    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    create_only = frozenset({"vpcId"})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "ownerId": call.account,
            "name": "default",
            "namePrefix": "",
            "description": "default VPC security group",
            "ingress": inputs.get("ingress", []),
            "egress": inputs.get("egress", []),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        group = self._find(call, inputs.get("vpcId"))
        rules = {direction: inputs.get(direction, []) for direction, _ in _DIRECTIONS}
        for direction, api in _DIRECTIONS:
            live = permissions.from_api(group["GroupId"], group["OwnerId"], group[api])
            _bring(call, group["GroupId"], direction, live=live, old=live, new=permissions.expand(rules[direction]))
        adopt_tags(call, group["GroupId"], tagging.mapping(group["Tags"]), inputs["tagsAll"])
        return group["GroupId"], self._computed(call, group) | rules | {"namePrefix": ""}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, _describe(call, resource_id)) | {"namePrefix": ""}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return super().update(call, resource_id, old, new) | {"vpcId": old["vpcId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """AWS has no call that would delete it; it ends with its VPC."""

    def _find(self, call: Call, vpc: str | None) -> Properties:
        ec2 = call.client("ec2")
        if not vpc:
            found = ec2.describe_vpcs(**where(is_default="true"))["Vpcs"]
            if not found:
                raise HandlerError(f"{call.region} has no default VPC: give vpcId")
            vpc = found[0]["VpcId"]
        groups = ec2.describe_security_groups(**where(vpc_id=vpc, group_name="default"))["SecurityGroups"]
        if not groups:
            raise HandlerError(f"VPC {vpc} is not there, or has no default security group: check vpcId and region")
        return dict(groups[0])


def text_failures(path: str, text: Any) -> list[Failure]:
    """What is wrong with a name or description of a group or rule."""
    if text in (None, UNKNOWN):
        return []
    if len(text) > 255:
        return [Failure(path, f"must have at most 255 characters (got {len(text)})")]
    if not _TEXT.fullmatch(text):
        return [Failure(path, f"may hold letters, digits, spaces and ._-:/()#,@[]+=&;{{}}!$* only (got {text!r})")]
    return []


def _describe(call: Call, group_id: str) -> Properties:
    return dict(call.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0])


def _bring(
    call: Call,
    group_id: str,
    direction: str,
    *,
    live: set[permissions.Permission],
    old: set[permissions.Permission],
    new: set[permissions.Permission],
) -> None:
    """Brings one direction from the old declared permissions to the new, whatever of it has been done already."""
    ec2 = call.client("ec2")
    revoking, allowing = (old & live) - new, new - live
    if revoking:
        # By their ids: named by what they allow, the emulated cloud keeps rules for IPv6 in a VPC without IPv6.
        held = ec2.describe_security_group_rules(**where(group_id=group_id))["SecurityGroupRules"]
        flows = {permission.flow for permission in revoking}
        revoke = getattr(ec2, f"revoke_security_group_{direction}")
        revoke(
            GroupId=group_id,
            SecurityGroupRuleIds=[
                rule["SecurityGroupRuleId"]
                for rule in held
                if rule["IsEgress"] == (direction == "egress") and permissions.of_rule(rule, call.account) in flows
            ],
        )
    if allowing:
        getattr(ec2, f"authorize_security_group_{direction}")(GroupId=group_id, IpPermissions=permissions.request(group_id, allowing))
