"""Network ACLs: a VPC's own, the one it comes with, single rules, and which subnet stands behind which."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2 import acl_entries
from sandbox.provider.aws.ec2.common import adopt_tags, retag, tagged, where
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties

_DIRECTIONS = (("ingress", False), ("egress", True))


class _Acl(Handler):
    """What both kinds share: inline entries and the subnets behind the ACL."""

    unordered = frozenset({"subnetIds"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures: list[Failure] = []
        for direction, _ in _DIRECTIONS:
            entries = inputs.get(direction, [])
            if entries is UNKNOWN:
                continue
            for position, entry in enumerate(entries):
                if entry is not UNKNOWN:
                    failures += acl_entries.failures(f"{direction}[{position}]", entry)
            failures += acl_entries.collisions(direction, entries)
        return failures

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"ownerId": call.account}

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path in ("ingress", "egress"):
            return sorted(map(acl_entries.canonical, old)) == sorted(map(acl_entries.canonical, new))
        return super().equal(path, old, new)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        acl = _describe(call, resource_id)
        for direction, egress in _DIRECTIONS:
            if direction in new:
                _bring(call, acl, egress, old.get(direction, []), new[direction])
        if "subnetIds" in new:
            _associate(call, resource_id, [subnet for subnet in new["subnetIds"] if subnet not in _subnets(acl)])
            self._release(call, acl, [subnet for subnet in old.get("subnetIds", []) if subnet not in new["subnetIds"]])
        retag(call, resource_id, old, new)
        return {name: new.get(name, old.get(name, [])) for name in ("ingress", "egress", "subnetIds")}

    def _release(self, call: Call, acl: Properties, subnets: list[str]) -> None:
        raise NotImplementedError

    def _outputs(self, call: Call, acl: Properties) -> Properties:
        return self._computed(call, acl) | {
            **{direction: _live(acl, egress) for direction, egress in _DIRECTIONS},
            "vpcId": acl["VpcId"],
            "subnetIds": sorted(_subnets(acl)),
            "tags": tagging.mapping(acl["Tags"]),
        }

    def _computed(self, call: Call, acl: Properties) -> Properties:
        return {"arn": call.arn("ec2", f"network-acl/{acl['NetworkAclId']}"), "ownerId": acl["OwnerId"]}


class NetworkAcl(_Acl):
    """A network ACL with its entries and subnets inside it; both may be resources of their own."""

    token = "aws:ec2/networkAcl:NetworkAcl"
    create_only = frozenset({"vpcId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        acl = ec2.create_network_acl(VpcId=inputs["vpcId"], **tagged("network-acl", inputs["tagsAll"]))["NetworkAcl"]
        declared = {name: inputs.get(name, []) for name in ("ingress", "egress", "subnetIds")}
        for direction, egress in _DIRECTIONS:
            _bring(call, acl, egress, [], declared[direction])
        _associate(call, acl["NetworkAclId"], declared["subnetIds"])
        return acl["NetworkAclId"], self._computed(call, acl) | declared

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, _describe(call, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        acl = _describe(call, resource_id)
        self._release(call, acl, _subnets(acl))
        call.client("ec2").delete_network_acl(NetworkAclId=resource_id)

    def _release(self, call: Call, acl: Properties, subnets: list[str]) -> None:
        """The subnets go back behind the VPC's default ACL."""
        held = [subnet for subnet in subnets if subnet in _subnets(acl)]
        if held:
            _associate(call, _default_acl(call, acl["VpcId"]), held)


class DefaultNetworkAcl(_Acl):
    """The network ACL that a VPC comes with: adopted, brought to exactly the declared entries, and left as it is at the end."""

    token = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
    create_only = frozenset({"defaultNetworkAclId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        acl = _describe(call, inputs["defaultNetworkAclId"])
        if not acl["IsDefault"]:
            raise HandlerError(f"{acl['NetworkAclId']} is not its VPC's default network ACL: declare it as ec2.NetworkAcl")
        for direction, egress in _DIRECTIONS:
            _bring(call, acl, egress, _live(acl, egress), inputs.get(direction, []))
        _associate(call, acl["NetworkAclId"], [subnet for subnet in inputs.get("subnetIds", []) if subnet not in _subnets(acl)])
        adopt_tags(call, acl["NetworkAclId"], tagging.mapping(acl["Tags"]), inputs["tagsAll"])
        return acl["NetworkAclId"], self._computed(call, acl) | {"vpcId": acl["VpcId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return self._outputs(call, _describe(call, resource_id)) | {"defaultNetworkAclId": resource_id}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        """AWS has no call that would delete it; it ends with its VPC."""

    def _release(self, call: Call, acl: Properties, subnets: list[str]) -> None:
        """A subnet leaves the default ACL only by going behind another: nothing to do here."""


class NetworkAclRule(Handler):
    """One entry of a network ACL."""

    token = "aws:ec2/networkAclRule:NetworkAclRule"
    create_only = frozenset(
        {
            "networkAclId",
            "ruleNumber",
            "egress",
            "protocol",
            "ruleAction",
            "cidrBlock",
            "ipv6CidrBlock",
            "fromPort",
            "toPort",
            "icmpType",
            "icmpCode",
        }
    )
    defaults = {"egress": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures = acl_entries.shape_failures("", inputs, inputs["protocol"])
        number, action = inputs["ruleNumber"], inputs["ruleAction"]
        if number is not UNKNOWN and not 1 <= number < acl_entries.LAST:
            failures.append(Failure("ruleNumber", f"must be 1 to {acl_entries.LAST - 1} (got {number})"))
        if action is not UNKNOWN and str(action).lower() not in ("allow", "deny"):
            failures.append(Failure("ruleAction", f"must be allow or deny (got {action})"))
        return failures

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "protocol":
            return acl_entries.protocol(old) == acl_entries.protocol(new)
        return super().equal(path, old, new)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        number, egress = inputs["ruleNumber"], inputs["egress"]
        call.client("ec2").create_network_acl_entry(
            NetworkAclId=inputs["networkAclId"],
            RuleNumber=number,
            RuleAction=str(inputs["ruleAction"]).lower(),
            Egress=egress,
            **acl_entries.shape_request(inputs, inputs["protocol"]),
        )
        return f"{inputs['networkAclId']}:{number}:{acl_entries.protocol(inputs['protocol'])}:{str(egress).lower()}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        acl_id, number, egress = _rule_of(resource_id)
        entries = acl_entries.declarable(_describe(call, acl_id)["Entries"], egress)
        entry = next((entry for entry in entries if entry["RuleNumber"] == number), None)
        if entry is None:
            return None
        plain = acl_entries.from_api(entry)
        # Ports that were never declared are none, not 0.
        names = ("fromPort", "toPort", "icmpType", "icmpCode", "cidrBlock", "ipv6CidrBlock")
        return {
            "networkAclId": acl_id,
            "ruleNumber": number,
            "egress": egress,
            "protocol": plain["protocol"],
            "ruleAction": plain["action"],
            **{name: plain[name] for name in names if plain.get(name) or (name in state and name in plain)},
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Every input replaces: there is nothing to change in place."""
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        _remove(call, _describe(call, state["networkAclId"]), state["ruleNumber"], state["egress"])


def _rule_of(rule_id: str) -> tuple[str, int, bool]:
    """(ACL, number, egress) of a rule's id, which is also its import id: `<acl>:<number>:<protocol>:<egress>`."""
    parts = rule_id.split(":")
    if len(parts) != 4 or not parts[1].isdecimal():
        raise HandlerError(f"a rule is imported as <acl>:<number>:<protocol>:<egress>, such as acl-12345678:100:tcp:false (got {rule_id})")
    return parts[0], int(parts[1]), parts[3] == "true"


class NetworkAclAssociation(Handler):
    """Puts a subnet behind a network ACL."""

    token = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
    create_only = frozenset({"networkAclId", "subnetId"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return _move(call, inputs["subnetId"], inputs["networkAclId"]), {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        filters = where(association__association_id=resource_id)
        for acl in call.client("ec2").describe_network_acls(**filters)["NetworkAcls"]:
            for association in acl["Associations"]:
                if association["NetworkAclAssociationId"] == resource_id:
                    return {"networkAclId": acl["NetworkAclId"], "subnetId": association["SubnetId"]}
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Every input replaces: there is nothing to change in place."""
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        acl = _describe(call, state["networkAclId"])
        if state["subnetId"] in _subnets(acl):
            _move(call, state["subnetId"], _default_acl(call, acl["VpcId"]))


def _describe(call: Call, acl_id: str) -> Properties:
    return dict(call.client("ec2").describe_network_acls(NetworkAclIds=[acl_id])["NetworkAcls"][0])


def _default_acl(call: Call, vpc_id: str) -> str:
    return str(call.client("ec2").describe_network_acls(**where(vpc_id=vpc_id, default="true"))["NetworkAcls"][0]["NetworkAclId"])


def _subnets(acl: Properties) -> list[str]:
    return [association["SubnetId"] for association in acl["Associations"]]


def _live(acl: Properties, egress: bool) -> list[Properties]:
    """The described entries of one direction, as inline entries."""
    return [acl_entries.from_api(entry) for entry in acl_entries.declarable(acl["Entries"], egress)]


def _bring(call: Call, acl: Properties, egress: bool, old: list[Properties], new: list[Properties]) -> None:
    """Brings one direction from the old declared entries to the new; entries that neither declares stay."""
    ec2, acl_id = call.client("ec2"), acl["NetworkAclId"]
    live = {
        entry["RuleNumber"]: acl_entries.canonical(acl_entries.from_api(entry)) for entry in acl_entries.declarable(acl["Entries"], egress)
    }
    wanted = {entry["ruleNo"]: entry for entry in new}
    for entry in old:
        if entry["ruleNo"] in live and entry["ruleNo"] not in wanted:
            _remove(call, acl, entry["ruleNo"], egress)
    for number, entry in sorted(wanted.items()):
        asked = acl_entries.request(entry, egress)
        if number not in live:
            ec2.create_network_acl_entry(NetworkAclId=acl_id, **asked)
        elif live[number] != acl_entries.canonical(entry):
            ec2.replace_network_acl_entry(NetworkAclId=acl_id, **asked)


def _remove(call: Call, acl: Properties, number: int, egress: bool) -> None:
    """Deletes an entry that is there; the emulated cloud breaks on one that is not."""
    if any(entry["RuleNumber"] == number for entry in acl_entries.declarable(acl["Entries"], egress)):
        call.client("ec2").delete_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=number, Egress=egress)


def _associate(call: Call, acl_id: str, subnets: list[str]) -> None:
    for subnet in subnets:
        _move(call, subnet, acl_id)


def _move(call: Call, subnet: str, acl_id: str) -> str:
    """Puts a subnet behind an ACL; the association's id. Every subnet always stands behind one."""
    ec2 = call.client("ec2")
    for acl in ec2.describe_network_acls(**where(association__subnet_id=subnet))["NetworkAcls"]:
        for association in acl["Associations"]:
            if association["SubnetId"] != subnet:
                continue
            held = str(association["NetworkAclAssociationId"])
            if acl["NetworkAclId"] == acl_id:
                return held
            return str(ec2.replace_network_acl_association(AssociationId=held, NetworkAclId=acl_id)["NewAssociationId"])
    raise HandlerError(f"subnet {subnet} is not there, so it cannot stand behind {acl_id}: check the subnet and its region")
