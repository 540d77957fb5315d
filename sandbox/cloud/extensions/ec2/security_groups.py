"""Security groups: descriptions of every rule, changes of every peer, groups that are not deleted while others name them."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule

    SecurityGroupRule.__init__ = _described(SecurityGroupRule.__init__)
    SecurityGroupRule.description = property(_description)
    SecurityGroup._flattened_rules = _with_descriptions(SecurityGroup._flattened_rules)
    SecurityGroupBackend.modify_security_group_rules = _modify(SecurityGroupBackend.modify_security_group_rules)
    SecurityGroupBackend.delete_security_group = _unreferenced(SecurityGroupBackend.delete_security_group)


def _described(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, prefix_list_id: dict[str, str] | None = None, **kwargs: Any) -> None:
        # moto's own code gives the prefix list by position.
        given = prefix_list_id or next((item for item in args if isinstance(item, dict) and "PrefixListId" in item), None)
        original(self, *args, **({"prefix_list_id": prefix_list_id} if prefix_list_id else {}), **kwargs)
        self._prefix_list_text = (given or {}).get("Description")

    return create


def _description(rule: Any) -> str | None:
    text: str | None = rule.ip_range.get("Description") or rule.source_group.get("Description") or rule._prefix_list_text
    return text


def _with_descriptions(original: Any) -> Any:
    @wraps(original)
    def flattened(self: Any, rules: list[Any]) -> Any:
        views = original(self, rules)
        for view in views:
            for listed in view.prefix_list_ids:
                for rule in rules:
                    same = (rule.from_port, rule.to_port, rule.ip_protocol) == (view.from_port, view.to_port, view.ip_protocol)
                    if same and rule.prefix_list_id == listed["PrefixListId"] and rule._prefix_list_text:
                        listed["Description"] = rule._prefix_list_text
        return views

    return flattened


def _modify(original: Any) -> Any:
    """moto changes the ports and the IPv4 network of a rule."""

    @wraps(original)
    def modify_security_group_rules(self: Any, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
        # All protocols and some others have no ports, which moto would refuse.
        original(self, group_id, {rule_id: {"FromPort": -1, "ToPort": -1, **asked} for rule_id, asked in rules.items()})
        group = self.get_security_group_from_id(group_id)
        for rule_id, asked in rules.items():
            rule, text = group.get_rule(rule_id), asked.get("Description")
            if rule.ip_protocol == "-1":
                rule.from_port = rule.to_port = None
            if asked.get("ReferencedGroupId"):
                (rule.source_group,) = self._add_source_group([{"GroupId": asked["ReferencedGroupId"], "Description": text or ""}], None)
                rule.ip_range = {}
            elif asked.get("PrefixListId"):
                rule.prefix_list_id, rule._prefix_list_text, rule.ip_range = asked["PrefixListId"], text, {}
            elif asked.get("CidrIpv6"):
                rule.ip_range["CidrIpv6"] = asked["CidrIpv6"]

    return modify_security_group_rules


def _unreferenced(original: Any) -> Any:
    @wraps(original)
    def delete_security_group(self: Any, name: str | None = None, group_id: str | None = None) -> Any:
        from moto.ec2.exceptions import DependencyViolationError

        others = [group for groups in self.groups.values() for group in groups.values() if group.id != group_id]
        rules = [rule for group in others for rule in (*group.ingress_rules, *group.egress_rules)]
        if group_id and any(rule.source_group.get("GroupId") == group_id for rule in rules):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        return original(self, name=name, group_id=group_id)

    return delete_security_group
