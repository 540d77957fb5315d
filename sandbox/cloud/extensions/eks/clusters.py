"""Clusters: what EKS makes for them and fills in, and every change of them."""

from __future__ import annotations

import random
import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.eks.common import answer, asked, children, cluster_of, invalid, not_found, refused, update

_DEFAULTS: dict[str, Any] = {
    "accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True},
    "computeConfig": {"enabled": False},
    "controlPlaneScalingConfig": {"tier": "standard"},
    "deletionProtection": False,
    "kubeApiServerConfig": None,
    "kubeControllerManagerConfig": None,
    "kubeSchedulerConfig": None,
    "storageConfig": {"blockStorage": {"enabled": False}},
    "upgradePolicy": {"supportType": "EXTENDED"},
    "zonalShiftConfig": {"enabled": False},
}
"""Settings that moto does not take, with what EKS assumes."""
_VPC = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"], "securityGroupIds": []}
_KUBERNETES_NETWORK = {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16", "elasticLoadBalancing": {"enabled": False}}
_LEAST_ZONES = 2
_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
_GROUP_DIGITS = 10**9


def install() -> None:
    """Adds it to moto."""
    from moto.eks.models import EKSBackend
    from moto.eks.responses import EKSResponse

    EKSResponse.create_cluster = _create(EKSResponse.create_cluster)
    EKSResponse.update_cluster_config = _update_config
    EKSResponse.update_cluster_version = _update_version
    EKSResponse.associate_encryption_config = _encrypt
    EKSResponse.describe_update = _describe_update
    EKSBackend.delete_cluster = _delete(EKSBackend.delete_cluster)


def _create(original: Any) -> Any:
    @wraps(original)
    def create_cluster(self: Any) -> Any:
        name, vpc = self._get_param("name"), {**_VPC, **self._get_param("resourcesVpcConfig")}
        ec2, network = _ec2(self.eks_backend), _network(self.eks_backend, vpc["subnetIds"])
        result = original(self)
        cluster = self.eks_backend.clusters[name]
        settings = asked(self, *_DEFAULTS)
        for setting, default in _DEFAULTS.items():
            value = settings.get(setting, default)
            setattr(cluster, setting, {**default, **value} if isinstance(default, dict) else value)
        cluster.kubernetes_network_config = {**_KUBERNETES_NETWORK, **(self._get_param("kubernetesNetworkConfig") or {})}
        group = _security_group(ec2, cluster, network)
        cluster.resources_vpc_config = {**vpc, "vpcId": network, "clusterSecurityGroupId": group}
        identity = uuid.uuid4().hex.upper()
        cluster.identity = {"oidc": {"issuer": f"https://oidc.eks.{self.region}.amazonaws.com/id/{identity}"}}
        cluster.endpoint = f"https://{identity}.gr7.{self.region}.eks.amazonaws.com"
        return result

    return create_cluster


def _update_config(self: Any) -> Any:
    cluster, changes = cluster_of(self), asked(self, *_DEFAULTS, "logging", "resourcesVpcConfig", "kubernetesNetworkConfig")
    if not changes:
        raise invalid("No changes needed for the cluster config update.")
    if "accessConfig" in changes:
        _only_forward(cluster, changes["accessConfig"]["authenticationMode"])
    if vpc := changes.get("resourcesVpcConfig"):
        if vpc.get("subnetIds") and _network(self.eks_backend, vpc["subnetIds"]) != cluster.resources_vpc_config["vpcId"]:
            raise invalid("Provided subnets belong to a different VPC than the cluster's.")
        cluster.resources_vpc_config = {**cluster.resources_vpc_config, **vpc}
    if "logging" in changes:
        cluster.logging = changes["logging"]
    if "kubernetesNetworkConfig" in changes:
        cluster.kubernetes_network_config = {**cluster.kubernetes_network_config, **changes["kubernetesNetworkConfig"]}
    for setting in _DEFAULTS.keys() & changes.keys():
        before, value = getattr(cluster, setting), changes[setting]
        setattr(cluster, setting, {**before, **value} if isinstance(before, dict) else value)
    return update(cluster, "ConfigUpdate", **changes)


def _only_forward(cluster: Any, mode: str) -> None:
    before = cluster.accessConfig["authenticationMode"]
    if _MODES.index(mode) < _MODES.index(before):
        raise invalid(f"Unsupported authentication mode update from {before} to {mode}")


def _update_version(self: Any) -> Any:
    cluster, version = cluster_of(self), self._get_param("version")
    before, after = (int(number.partition(".")[2]) for number in (cluster.version, version))
    if after not in (before, before + 1):
        raise invalid(f"Unsupported Kubernetes minor version update from {cluster.version} to {version}")
    cluster.version = version
    return update(cluster, "VersionUpdate", version=version)


def _encrypt(self: Any) -> Any:
    cluster = cluster_of(self)
    if cluster.encryption_config:
        raise refused("Cluster already has an encryption config, which cannot be changed or removed.")
    cluster.encryption_config = self._get_param("encryptionConfig")
    return update(cluster, "AssociateEncryptionConfig", encryptionConfig=cluster.encryption_config)


def _describe_update(self: Any) -> Any:
    cluster, number = cluster_of(self), self._get_param("updateId")
    if number not in children(cluster, "updates"):
        raise not_found(cluster, f"No update found for ID: {number}")
    return answer(update=children(cluster, "updates")[number])


def _delete(original: Any) -> Any:
    @wraps(original)
    def delete_cluster(self: Any, name: str) -> Any:
        if getattr(self.clusters.get(name), "deletionProtection", False):
            raise refused(f"Cluster {name} has deletion protection enabled. Disable it before deleting the cluster.")
        cluster = original(self, name)
        cluster.status = "DELETING"
        _ec2(self).delete_security_group(group_id=cluster.resources_vpc_config["clusterSecurityGroupId"])
        return cluster

    return delete_cluster


def _ec2(backend: Any) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[backend.account_id][backend.region_name]


def _network(backend: Any, subnet_ids: list[str]) -> str:
    """The VPC that these subnets are in; EKS's own error when they cannot carry a cluster."""
    live = {subnet.id: subnet for subnet in _ec2(backend).describe_subnets()}
    for subnet in subnet_ids:
        if subnet not in live:
            raise invalid(f"The subnet ID '{subnet}' does not exist")
    if len({live[subnet].availability_zone for subnet in subnet_ids}) < _LEAST_ZONES:
        raise invalid("Subnets specified must be in at least two different AZs")
    if len({live[subnet].vpc_id for subnet in subnet_ids}) > 1:
        raise invalid("Subnets specified must be in the same VPC")
    return str(live[subnet_ids[0]].vpc_id)


def _security_group(ec2: Any, cluster: Any, vpc: str) -> str:
    """The group on the control plane's interfaces: its members talk to each other, and to anyone outside."""
    name = f"eks-cluster-sg-{cluster.name}-{random.randrange(_GROUP_DIGITS):09d}"  # noqa: S311 - a name
    group = ec2.create_security_group(
        name,
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
        vpc,
        tags={"Name": name, "aws:eks:cluster-name": cluster.name, f"kubernetes.io/cluster/{cluster.name}": "owned"},
    )
    ec2.authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=[{"GroupId": group.id}])
    return str(group.id)
