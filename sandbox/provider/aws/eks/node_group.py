"""Managed node groups."""

from __future__ import annotations

from typing import Any, Final

from sandbox.provider import naming, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

_NAMES = {
    "nodeGroupName": "nodegroupName",
    "nodeRoleArn": "nodeRole",
    "subnetIds": "subnets",
    "sourceSecurityGroupIds": "sourceSecurityGroups",
}
_APART = frozenset({"forceUpdateVersion", "nodeGroupNamePrefix"})
_ASSUMED: Final[Properties] = {"updateConfig": {"maxUnavailable": 1}, "nodeRepairConfig": {"enabled": False}}
"""What EKS takes for what the program leaves out."""
_NODE_GROUP = Translation("eks", "CreateNodegroup", names=_NAMES, apart=_APART)


class NodeGroup(Handler):
    """A group of nodes that EKS keeps at a size and a version."""

    token = "aws:eks/nodeGroup:NodeGroup"
    create_only = frozenset(
        {
            "clusterName",
            "nodeGroupName",
            "nodeGroupNamePrefix",
            "nodeRoleArn",
            "subnetIds",
            "amiType",
            "capacityType",
            "diskSize",
            "instanceTypes",
            "remoteAccess",
            "launchTemplate.id",
            "launchTemplate.name",
        }
    )
    unordered = frozenset({"subnetIds", "taints"})
    autoname = "nodeGroupName"
    volatile = frozenset({"releaseVersion"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        size = inputs["scalingConfig"]
        if known(size) and not size["minSize"] <= size["desiredSize"] <= size["maxSize"]:
            reason = f"minSize, desiredSize and maxSize must not fall (got {size['minSize']}, {size['desiredSize']}, {size['maxSize']})"
            found.append(Failure("scalingConfig", reason))
        template = inputs.get("launchTemplate")
        if isinstance(template, dict):
            if ("id" in template) == ("name" in template):
                found.append(Failure("launchTemplate", "give either id or name"))
            found += [
                Failure(key, f"goes into the launch template, once there is one: set {where} there")
                for key, where in (("diskSize", "block device mappings"), ("remoteAccess", "key name and security groups"))
                if key in inputs
            ]
        return found or refusals("eks", "CreateNodegroup", self._request(inputs, naming.predicted(inputs, "nodeGroupName")))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        template = "launchTemplate" in inputs
        return {
            "nodeGroupNamePrefix": inputs.get("nodeGroupNamePrefix", ""),
            "capacityType": inputs.get("capacityType", "ON_DEMAND"),
            "diskSize": inputs.get("diskSize", 0 if template else 20),
            "instanceTypes": inputs.get("instanceTypes", UNKNOWN if template else ["t3.medium"]),
            "status": "ACTIVE",
            **{key: inputs.get(key, value) for key, value in _ASSUMED.items()},
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = naming.chosen(call, inputs, "nodeGroupName")
        request = self._request(inputs, name) | tagging.whole(inputs) | {"clientRequestToken": call.token()}
        group = call.client("eks").create_nodegroup(**request)["nodegroup"]
        return f"{inputs['clusterName']}:{name}", self._outputs(inputs, group)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group = self._describe(call.client("eks"), resource_id)
        live = _NODE_GROUP.properties(self.token, group)
        return {
            **live,
            **self._outputs({**live, **state}, group),
            "labels": live.get("labels", {}),
            "taints": live.get("taints", []),
            "launchTemplate": _template(state.get("launchTemplate"), live.get("launchTemplate")),
            "tags": tagging.mapping([{"Key": key, "Value": value} for key, value in group.get("tags", {}).items()]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        eks = call.client("eks")
        cluster, _, name = resource_id.partition(":")
        group = self._describe(eks, resource_id)
        live, of = _NODE_GROUP.properties(self.token, group), {"clusterName": cluster, "nodegroupName": name}
        version = self._versions(live, old, new)
        if version:
            eks.update_nodegroup_version(**of, **version, force=new.get("forceUpdateVersion", False))
        changes = self._changes(live, new)
        if changes:
            eks.update_nodegroup_config(**of, **changes)
        tagging.retag(eks, group["nodegroupArn"], old, new)
        return self._outputs(new, self._describe(eks, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cluster, _, name = resource_id.partition(":")
        call.client("eks").delete_nodegroup(clusterName=cluster, nodegroupName=name)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path in _ASSUMED and isinstance(old, dict) and isinstance(new, dict):
            return canonical({**_assumed(path, old), **old}) == canonical({**_assumed(path, new), **new})
        return super().equal(path, old, new)

    def _describe(self, eks: Any, resource_id: str) -> Properties:
        cluster, _, name = resource_id.partition(":")
        group: Properties = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        return group

    def _request(self, inputs: Properties, name: str) -> Properties:
        return _NODE_GROUP.request({**inputs, "nodeGroupName": name})

    def _versions(self, live: Properties, old: Properties, new: Properties) -> Properties:
        """What of the nodes' version, image release and launch template is to change."""
        changed: Properties = {key: new[key] for key in ("version", "releaseVersion") if key in new and new[key] != live.get(key)}
        if changed.get("releaseVersion") and new["releaseVersion"] == old.get("releaseVersion"):
            del changed["releaseVersion"]
        template, before = new.get("launchTemplate"), live.get("launchTemplate", {})
        if template and template["version"] != before.get("version"):
            changed["launchTemplate"] = template
        return changed

    def _changes(self, live: Properties, new: Properties) -> Properties:
        changes: Properties = {}
        for key in ("scalingConfig", "updateConfig", "nodeRepairConfig", "warmPoolConfig"):
            wanted = new.get(key, _ASSUMED.get(key))
            if wanted is not None and not self.equal(key, live.get(key, {}), wanted):
                changes |= _NODE_GROUP.request({key: wanted})
        labels, before = new.get("labels", {}), live.get("labels", {})
        changed = {
            "addOrUpdateLabels": {key: value for key, value in labels.items() if before.get(key) != value},
            "removeLabels": sorted(before.keys() - labels.keys()),
        }
        if any(changed.values()):
            changes["labels"] = {key: value for key, value in changed.items() if value}
        taints, had = new.get("taints", []), live.get("taints", [])
        kept = {(taint["key"], taint["effect"]) for taint in taints}
        moved = {
            "addOrUpdateTaints": [taint for taint in taints if taint not in had],
            "removeTaints": [taint for taint in had if (taint["key"], taint["effect"]) not in kept],
        }
        if any(moved.values()):
            changes["taints"] = {key: value for key, value in moved.items() if value}
        return changes

    def _outputs(self, inputs: Properties, group: Properties) -> Properties:
        live = _NODE_GROUP.properties(self.token, group)
        scaling = [{"name": item["name"]} for item in group["resources"].get("autoScalingGroups", ())]
        remote = group["resources"].get("remoteAccessSecurityGroup", "")
        computed = {
            **{key: live[key] for key in ("amiType", "capacityType", "instanceTypes", "version", "releaseVersion", *_ASSUMED)},
            "nodeGroupName": group["nodegroupName"],
            "nodeGroupNamePrefix": inputs.get("nodeGroupNamePrefix", ""),
            "arn": group["nodegroupArn"],
            "diskSize": group.get("diskSize", 0),
            "resources": [{"autoscalingGroups": scaling, "remoteAccessSecurityGroupId": remote}],
            "status": group["status"],
        }
        return with_blanks(self.token, inputs, computed)


def _assumed(key: str, value: Properties) -> Properties:
    """Nothing is assumed of a maximum where the other one is given."""
    return {} if "maxUnavailablePercentage" in value else {name: item for name, item in _ASSUMED[key].items() if name not in value}


def _template(declared: Any, live: Any) -> Any:
    """EKS tells id and name of a launch template; a program gives one of them."""
    if not isinstance(live, dict) or not isinstance(declared, dict):
        return live
    return {key: value for key, value in live.items() if key in declared}
