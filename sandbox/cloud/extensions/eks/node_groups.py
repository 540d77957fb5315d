"""Managed node groups: what EKS concludes from cluster and launch template, and changes of version."""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import now
from sandbox.cloud.extensions.eks.clusters import _ec2
from sandbox.cloud.extensions.eks.common import asked, cluster_of, invalid, not_found, update

_GRAVITON = re.compile(r"[a-z]+\d+[a-z]*g[a-z]*\.")
_DEFAULT_DISK = 20


def install() -> None:
    """Adds it to moto."""
    from moto.eks.responses import EKSResponse

    EKSResponse.create_nodegroup = _create(EKSResponse.create_nodegroup)
    EKSResponse.update_nodegroup_version = _update_version


def _create(original: Any) -> Any:
    @wraps(original)
    def create_nodegroup(self: Any) -> Any:
        cluster = cluster_of(self)
        _check_subnets(self, cluster)
        result = original(self)
        group = cluster.nodegroups[self._get_param("nodegroupName")]
        _settle(self, cluster, group)
        return result

    return create_nodegroup


def _check_subnets(response: Any, cluster: Any) -> None:
    live = {subnet.id: subnet.vpc_id for subnet in _ec2(response.eks_backend).describe_subnets()}
    for subnet in response._get_param("subnets"):
        if live.get(subnet) != cluster.resources_vpc_config["vpcId"]:
            raise invalid(f"Subnet {subnet} is not in the cluster's VPC {cluster.resources_vpc_config['vpcId']}")


def _settle(response: Any, cluster: Any, group: Any) -> None:
    wanted = asked(response, "amiType", "diskSize", "releaseVersion", "remoteAccess", "updateConfig", "nodeRepairConfig", "warmPoolConfig")
    template = group.launch_template
    group.version = response._get_param("version") or cluster.version
    group.release_version = wanted.get("releaseVersion") or _release(group.version)
    group.ami_type = wanted.get("amiType") or _image(response, group)
    group.disk_size = wanted.get("diskSize") or (None if template else _DEFAULT_DISK)
    group.remote_access = wanted.get("remoteAccess")
    group.update_config = wanted.get("updateConfig") or {"maxUnavailable": 1}
    group.node_repair_config = wanted.get("nodeRepairConfig") or {"enabled": False}
    group.warm_pool_config = wanted.get("warmPoolConfig")
    group.resources = {"autoScalingGroups": [{"name": f"eks-{group.nodegroup_name}-{group.uuid}"}]}


def _image(response: Any, group: Any) -> str:
    template = group.launch_template
    if template:
        found = _ec2(response.eks_backend).describe_launch_templates(template_ids=[template["id"]])[0]
        if found.get_version(template.get("version", "$Default")).image_id:
            return "CUSTOM"
    arm = all(_GRAVITON.match(kind) for kind in group.instance_types)
    return "AL2023_ARM_64_STANDARD" if arm else "AL2023_x86_64_STANDARD"


def _release(version: str) -> str:
    return f"{version}.0-{now():%Y%m%d}"


def _update_version(self: Any) -> Any:
    cluster, name = cluster_of(self), self._get_param("nodegroupName")
    if name not in cluster.nodegroups:
        raise not_found(cluster, f"No node group found for name: {name}.")
    group, changes = cluster.nodegroups[name], asked(self, "version", "releaseVersion", "launchTemplate")
    version = changes.get("version", group.version)
    if int(version.partition(".")[2]) > int(cluster.version.partition(".")[2]):
        raise invalid(f"Requested Nodegroup version {version} is greater than the cluster's, {cluster.version}")
    group.version = version
    group.release_version = changes.get("releaseVersion") or _release(version)
    if "launchTemplate" in changes:
        group.launch_template = {**(group.launch_template or {}), **changes["launchTemplate"]}
    group.modified_at = now()
    return update(cluster, "VersionUpdate", **changes)
