"""The Auto Scaling group behind each managed node group: it is there, with its size, zones and launch template.

Its machines are not emulated: what a group wants is kept, and none is started.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.eks.clusters import _ec2


def install() -> None:
    """Adds it to moto; after what settles a node group's answers."""
    from moto.eks.models import EKSBackend
    from moto.eks.responses import EKSResponse

    EKSResponse.create_nodegroup = _create(EKSResponse.create_nodegroup)
    EKSBackend.update_nodegroup_config = _resize(EKSBackend.update_nodegroup_config)
    EKSBackend.delete_nodegroup = _delete(EKSBackend.delete_nodegroup)


def _create(original: Any) -> Any:
    @wraps(original)
    def create_nodegroup(self: Any) -> Any:
        result = original(self)
        cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
        _make(self.eks_backend, cluster, cluster.nodegroups[self._get_param("nodegroupName")])
        return result

    return create_nodegroup


def _make(backend: Any, cluster: Any, nodes: Any) -> None:
    scaling, size = _autoscaling(backend), nodes.scaling_config
    group = scaling.create_auto_scaling_group(
        name=_name(nodes),
        availability_zones=[],
        desired_capacity=0,
        max_size=size["maxSize"],
        min_size=0,
        launch_config_name="",
        launch_template=_template(backend, nodes),
        vpc_zone_identifier=",".join(nodes.subnets),
        default_cooldown=300,
        health_check_period=15,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"],
        tags=[
            {"Key": key, "Value": value, "PropagateAtLaunch": "true", "ResourceId": _name(nodes), "ResourceType": "auto-scaling-group"}
            for key, value in {"eks:cluster-name": cluster.name, "eks:nodegroup-name": nodes.nodegroup_name}.items()
        ],
        capacity_rebalance=True,
    )
    group.min_size, group.desired_capacity = size["minSize"], size["desiredSize"]


def _template(backend: Any, nodes: Any) -> dict[str, str]:
    if nodes.launch_template:
        return {"LaunchTemplateId": nodes.launch_template["id"], "Version": str(nodes.launch_template.get("version", "$Default"))}
    own = _ec2(backend).create_launch_template(_name(nodes), "", {}, {})
    return {"LaunchTemplateId": own.id, "Version": "1"}


def _resize(original: Any) -> Any:
    @wraps(original)
    def update_nodegroup_config(self: Any, cluster_name: str, nodegroup_name: str, *args: Any, **kwargs: Any) -> Any:
        answer = original(self, cluster_name, nodegroup_name, *args, **kwargs)
        nodes = self.clusters[cluster_name].nodegroups[nodegroup_name]
        group, size = _autoscaling(self).autoscaling_groups.get(_name(nodes)), nodes.scaling_config
        if group is not None:
            group.min_size, group.max_size, group.desired_capacity = size["minSize"], size["maxSize"], size["desiredSize"]
        return answer

    return update_nodegroup_config


def _delete(original: Any) -> Any:
    @wraps(original)
    def delete_nodegroup(self: Any, cluster_name: str, nodegroup_name: str) -> Any:
        nodes = original(self, cluster_name, nodegroup_name)
        scaling, name = _autoscaling(self), _name(nodes)
        if scaling.autoscaling_groups.pop(name, None) is not None:
            for table in (scaling.policies, scaling.scheduled_actions):
                for key in [key for key in table if key[0] == name]:
                    del table[key]
        if not nodes.launch_template:
            _ec2(self).delete_launch_template(name, None)
        return nodes

    return delete_nodegroup


def _name(nodes: Any) -> str:
    return str(nodes.resources["autoScalingGroups"][0]["name"])


def _autoscaling(backend: Any) -> Any:
    from moto.autoscaling.models import autoscaling_backends

    return autoscaling_backends[backend.account_id][backend.region_name]
