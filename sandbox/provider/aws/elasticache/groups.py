"""What replication groups refer to: subnet groups and parameter groups."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Recorded
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties


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


class ParameterGroup(Recorded):
    """Engine parameters of caches."""

    token = "aws:elasticache/parameterGroup:ParameterGroup"
    service = "elasticache"
    operation = "CreateCacheParameterGroup"
    gap = "the emulated cloud has no cache parameter groups"
    create_only = frozenset({"name", "family", "description"})
    unordered = frozenset({"parameters"})
    defaults = {"description": "Managed by Pulumi"}
    autoname = "name"
    autoname_limit = 255

    _parameters = Translation(
        "elasticache",
        "ModifyCacheParameterGroup",
        names={
            "parameters": "ParameterNameValues",
            "ParameterNameValue.name": "ParameterName",
            "ParameterNameValue.value": "ParameterValue",
        },
    )

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return self._parameters.failures({"parameters": inputs.get("parameters", [])}, CacheParameterGroupName=inputs["name"])

    def request(self, call: Call, inputs: Properties) -> Properties:
        request: dict[str, Any] = {
            "CacheParameterGroupName": inputs["name"],
            "CacheParameterGroupFamily": inputs["family"],
            "Description": inputs["description"],
        }
        return request

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs["name"], {"arn": call.arn("elasticache", f"parametergroup:{inputs['name']}")}
