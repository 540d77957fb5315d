"""What RDS instances refer to: subnet groups and parameter groups."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_PARAMETERS_PER_CALL = 20
_PARAMETERS = Translation("rds", "ModifyDBParameterGroup", names={"Parameter.name": "ParameterName", "Parameter.value": "ParameterValue"})


def retag(call: Call, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags of an RDS resource from those of the old outputs to those of the new inputs."""
    setting, removing = tagging.changed(old, new)
    if setting:
        call.client("rds").add_tags_to_resource(ResourceName=arn, Tags=tagging.pairs(setting))
    if removing:
        call.client("rds").remove_tags_from_resource(ResourceName=arn, TagKeys=removing)


def live_tags(call: Call, arn: str) -> dict[str, str]:
    """The tags of an RDS resource."""
    return tagging.mapping(call.client("rds").list_tags_for_resource(ResourceName=arn)["TagList"])


class SubnetGroup(Handler):
    """The subnets that instances may stand in."""

    token = "aws:rds/subnetGroup:SubnetGroup"
    create_only = frozenset({"name", "namePrefix"})
    unordered = frozenset({"subnetIds"})
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 255

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("rds", f"subgrp:{inputs['name']}"), "namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        group = self._put(call, inputs["name"], inputs)
        return inputs["name"], self.preview(call, inputs) | _facts(group)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = call.client("rds").describe_db_subnet_groups(DBSubnetGroupName=resource_id)["DBSubnetGroups"][0]
        return {
            "name": group["DBSubnetGroupName"],
            "arn": group["DBSubnetGroupArn"],
            "description": group["DBSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "tags": live_tags(call, group["DBSubnetGroupArn"]),
            **_facts(group),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        facts = {key: old[key] for key in ("vpcId", "supportedNetworkTypes")}
        if any(old.get(key) != new.get(key) for key in ("subnetIds", "description")):
            # The emulated cloud's ModifyDBSubnetGroup loses the group; its CreateDBSubnetGroup replaces one of the same name.
            facts = _facts(self._put(call, resource_id, new))
        else:
            retag(call, old["arn"], old, new)
        return {"arn": old["arn"], "namePrefix": old.get("namePrefix", ""), **facts}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("rds").delete_db_subnet_group(DBSubnetGroupName=resource_id)

    def _put(self, call: Call, name: str, inputs: Properties) -> dict[str, Any]:
        answer = call.client("rds").create_db_subnet_group(
            DBSubnetGroupName=name,
            DBSubnetGroupDescription=inputs["description"],
            SubnetIds=inputs["subnetIds"],
            Tags=tagging.pairs(inputs["tagsAll"]),
        )
        return dict(answer["DBSubnetGroup"])


class ParameterGroup(Handler):
    """Engine parameters of instances."""

    token = "aws:rds/parameterGroup:ParameterGroup"
    create_only = frozenset({"name", "namePrefix", "family", "description"})
    unordered = frozenset({"parameters"})
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _PARAMETERS.failures({"parameters": inputs.get("parameters", [])}, DBParameterGroupName=inputs["name"])

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("rds", f"pg:{inputs['name']}"), "namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = inputs["name"]
        call.client("rds").create_db_parameter_group(
            DBParameterGroupName=name,
            DBParameterGroupFamily=inputs["family"],
            Description=inputs["description"],
            Tags=tagging.pairs(inputs["tagsAll"]),
        )
        self._set(call, name, inputs.get("parameters", []))
        return name, self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        rds = call.client("rds")
        groups = rds.describe_db_parameter_groups(DBParameterGroupName=resource_id)["DBParameterGroups"]
        if not groups:
            return None
        found = rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=resource_id, Source="user")
        live = [
            {"name": item["ParameterName"], "value": item["ParameterValue"], "applyMethod": item.get("ApplyMethod", "immediate")}
            for page in found
            for item in page["Parameters"]
            if item.get("ParameterValue")
        ]
        arn = groups[0]["DBParameterGroupArn"]
        return {
            "name": resource_id,
            "arn": arn,
            "family": groups[0]["DBParameterGroupFamily"],
            "description": groups[0]["Description"],
            "parameters": aligned(state.get("parameters", []), live, defaults={"applyMethod": "immediate"}),
            "tags": live_tags(call, arn),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        before = {item["name"]: item for item in old.get("parameters", [])}
        after = {item["name"]: item for item in new.get("parameters", [])}
        # The emulated cloud has no ResetDBParameterGroup: a parameter that is no longer set gets no value.
        unset = [{"name": name, "value": ""} for name in before if name not in after]
        self._set(call, resource_id, [item for name, item in after.items() if before.get(name) != item] + unset)
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"], "namePrefix": old.get("namePrefix", "")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if not state.get("skipDestroy") or call.teardown:
            call.client("rds").delete_db_parameter_group(DBParameterGroupName=resource_id)

    def _set(self, call: Call, name: str, parameters: list[Properties]) -> None:
        wanted = _PARAMETERS.request({"parameters": [{"applyMethod": "immediate", **item} for item in parameters]})["Parameters"]
        for start in range(0, len(wanted), _PARAMETERS_PER_CALL):
            call.client("rds").modify_db_parameter_group(DBParameterGroupName=name, Parameters=wanted[start : start + _PARAMETERS_PER_CALL])


def _facts(group: dict[str, Any]) -> Properties:
    # The emulated cloud does not say which address families the subnets have: without IPv6 blocks AWS says IPV4.
    return {"vpcId": group["VpcId"], "supportedNetworkTypes": group.get("SupportedNetworkTypes") or ["IPV4"]}
