"""What replication groups refer to: subnet groups and parameter groups."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_PARAMETERS_PER_CALL = 20
_PARAMETERS = Translation(
    "elasticache",
    "ModifyCacheParameterGroup",
    names={
        "parameters": "ParameterNameValues",
        "ParameterNameValue.name": "ParameterName",
        "ParameterNameValue.value": "ParameterValue",
    },
)


def retag(call: Call, arn: str, old: Properties, new: Properties) -> None:
    """Brings the tags of an ElastiCache resource from those of the old outputs to those of the new inputs."""
    setting, removing = tagging.changed(old, new)
    if setting:
        call.client("elasticache").add_tags_to_resource(ResourceName=arn, Tags=tagging.pairs(setting))
    if removing:
        call.client("elasticache").remove_tags_from_resource(ResourceName=arn, TagKeys=removing)


def live_tags(call: Call, arn: str) -> dict[str, str]:
    """The tags of an ElastiCache resource."""
    return tagging.mapping(call.client("elasticache").list_tags_for_resource(ResourceName=arn)["TagList"])


class SubnetGroup(Handler):
    """The subnets that cache nodes may stand in."""

    token = "aws:elasticache/subnetGroup:SubnetGroup"
    create_only = frozenset({"name"})
    unordered = frozenset({"subnetIds"})
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 255

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("elasticache", f"subnetgroup:{inputs['name']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        group = call.client("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName=inputs["name"],
            CacheSubnetGroupDescription=inputs["description"],
            SubnetIds=inputs["subnetIds"],
            Tags=tagging.pairs(inputs["tagsAll"]),
        )["CacheSubnetGroup"]
        return inputs["name"], {"arn": group["ARN"], "vpcId": group["VpcId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = call.client("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=resource_id)["CacheSubnetGroups"][0]
        return {
            "name": resource_id,
            "arn": group["ARN"],
            "description": group["CacheSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "vpcId": group["VpcId"],
            "tags": live_tags(call, group["ARN"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        vpc = old["vpcId"]
        if any(old.get(key) != new.get(key) for key in ("subnetIds", "description")):
            vpc = call.client("elasticache").modify_cache_subnet_group(
                CacheSubnetGroupName=resource_id, CacheSubnetGroupDescription=new["description"], SubnetIds=new["subnetIds"]
            )["CacheSubnetGroup"]["VpcId"]
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"], "vpcId": vpc}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elasticache").delete_cache_subnet_group(CacheSubnetGroupName=resource_id)


class ParameterGroup(Handler):
    """Engine parameters of caches."""

    token = "aws:elasticache/parameterGroup:ParameterGroup"
    create_only = frozenset({"name", "family", "description"})
    unordered = frozenset({"parameters"})
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _PARAMETERS.failures({"parameters": inputs.get("parameters", [])}, CacheParameterGroupName=inputs["name"])

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("elasticache", f"parametergroup:{inputs['name']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = inputs["name"]
        group = call.client("elasticache").create_cache_parameter_group(
            CacheParameterGroupName=name,
            CacheParameterGroupFamily=inputs["family"],
            Description=inputs["description"],
            Tags=tagging.pairs(inputs["tagsAll"]),
        )["CacheParameterGroup"]
        self._set(call, name, inputs.get("parameters", []))
        return name, {"arn": group["ARN"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cache = call.client("elasticache")
        group = cache.describe_cache_parameter_groups(CacheParameterGroupName=resource_id)["CacheParameterGroups"][0]
        pages = cache.get_paginator("describe_cache_parameters").paginate(CacheParameterGroupName=resource_id, Source="user")
        live = [{"name": item["ParameterName"], "value": item["ParameterValue"]} for page in pages for item in page["Parameters"]]
        return {
            "name": resource_id,
            "arn": group["ARN"],
            "family": group["CacheParameterGroupFamily"],
            "description": group["Description"],
            "parameters": aligned(state.get("parameters", []), live),
            "tags": live_tags(call, group["ARN"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        before = {item["name"]: item for item in old.get("parameters", [])}
        after = {item["name"]: item for item in new.get("parameters", [])}
        leaving = [{"ParameterName": name, "ParameterValue": item["value"]} for name, item in before.items() if name not in after]
        if leaving:
            call.client("elasticache").reset_cache_parameter_group(CacheParameterGroupName=resource_id, ParameterNameValues=leaving)
        self._set(call, resource_id, [item for name, item in after.items() if before.get(name) != item])
        retag(call, old["arn"], old, new)
        return {"arn": old["arn"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elasticache").delete_cache_parameter_group(CacheParameterGroupName=resource_id)

    def _set(self, call: Call, name: str, parameters: list[Properties]) -> None:
        wanted = _PARAMETERS.request({"parameters": parameters})["ParameterNameValues"]
        for start in range(0, len(wanted), _PARAMETERS_PER_CALL):
            call.client("elasticache").modify_cache_parameter_group(
                CacheParameterGroupName=name, ParameterNameValues=wanted[start : start + _PARAMETERS_PER_CALL]
            )
