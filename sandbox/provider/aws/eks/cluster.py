"""Clusters."""

from __future__ import annotations

import re
from typing import Any, Final

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, canonical, moment

_LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_APART = frozenset({"enabledClusterLogTypes", "defaultAddonsToRemoves", "forceUpdateVersion"})
_MINOR = re.compile(r"1\.\d{1,2}")
_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")

_ASSUMED: Final[Properties] = {
    "vpcConfig": {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["0.0.0.0/0"],
        "securityGroupIds": [],
    },
    "accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True},
    "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16", "elasticLoadBalancing": {"enabled": False}},
    "upgradePolicy": {"supportType": "EXTENDED"},
    "computeConfig": {"enabled": False},
    "controlPlaneScalingConfig": {"tier": "standard"},
    "storageConfig": {"blockStorage": {"enabled": False}},
    "zonalShiftConfig": {"enabled": False},
}
"""What EKS takes for members that the program leaves out. Source: the service's API reference (CreateCluster)."""
_MADE = {"vpcConfig": ("clusterSecurityGroupId", "vpcId"), "kubernetesNetworkConfig": ("serviceIpv6Cidr",)}
"""Members that EKS makes and nobody declares."""
_IN_PLACE = (
    "accessConfig",
    "computeConfig",
    "controlPlaneScalingConfig",
    "deletionProtection",
    "kubeApiServerConfig",
    "kubeControllerManagerConfig",
    "kubeSchedulerConfig",
    "storageConfig",
    "upgradePolicy",
    "vpcConfig",
    "zonalShiftConfig",
)
"""Settings changed by UpdateClusterConfig, which takes one kind a time."""
_CLUSTER = Translation("eks", "CreateCluster", names={"vpcConfig": "resourcesVpcConfig"}, apart=_APART)


class Cluster(Handler):
    """A control plane, with the security group that EKS makes for it."""

    token = "aws:eks/cluster:Cluster"
    create_only = frozenset(
        {
            "name",
            "roleArn",
            "bootstrapSelfManagedAddons",
            "accessConfig.bootstrapClusterCreatorAdminPermissions",
            "kubernetesNetworkConfig.ipFamily",
            "kubernetesNetworkConfig.serviceIpv4Cidr",
            "outpostConfig",
        }
    )
    unordered = frozenset({"enabledClusterLogTypes"})
    defaults = {"bootstrapSelfManagedAddons": True}
    autoname = "name"
    autoname_limit = 100

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        name, version = inputs.get("name"), inputs.get("version")
        if isinstance(name, str) and not _NAME.fullmatch(name):
            allowed = "1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit"
            found.append(Failure("name", f"a cluster's name has {allowed} (got {name!r})"))
        if isinstance(version, str) and not _MINOR.fullmatch(version):
            found.append(Failure("version", f"give a minor version of Kubernetes, such as 1.35 (got {version!r})"))
        vpc = inputs["vpcConfig"]
        if isinstance(vpc, dict):
            filled = _filled("vpcConfig", vpc)
            if filled["endpointPublicAccess"] is False and filled["endpointPrivateAccess"] is False:
                found.append(Failure("vpcConfig", "public and private access to the API cannot both be off: turn one on"))
        for position, kind in enumerate(_known_list(inputs.get("enabledClusterLogTypes"))):
            if kind not in (*_LOG_TYPES, UNKNOWN):
                path = f"enabledClusterLogTypes[{position}]"
                found.append(Failure(path, f"must be one of {', '.join(_LOG_TYPES)} (got {kind!r})"))
        return found or refusals("eks", "CreateCluster", self._request(inputs))

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # A key can be given to a cluster without one; it cannot be changed or taken away.
        return path == "encryptionConfig" and "encryptionConfig" in old

    def preview(self, call: Call, inputs: Properties) -> Properties:
        promised = {key: _filled(key, inputs.get(key, {})) for key in _ASSUMED if key != "zonalShiftConfig" or key in inputs}
        if inputs["vpcConfig"] is not UNKNOWN:
            promised["vpcConfig"] |= dict.fromkeys(_MADE["vpcConfig"], UNKNOWN)
        promised |= {
            "arn": call.arn("eks", f"cluster/{inputs['name']}"),
            "clusterId": "",
            "deletionProtection": inputs.get("deletionProtection", False),
            "status": "ACTIVE",
        }
        unknown = dict.fromkeys(("certificateAuthority", "createdAt", "endpoint", "identities", "platformVersion"), UNKNOWN)
        if "version" not in inputs:
            unknown["version"] = UNKNOWN
        return with_blanks(self.token, inputs, {**promised, **unknown})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request = self._request(inputs) | tagging.whole(inputs) | {"clientRequestToken": call.token()}
        cluster = call.client("eks").create_cluster(**request)["cluster"]
        return cluster["name"], self._outputs(inputs, cluster)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cluster = call.client("eks").describe_cluster(name=resource_id)["cluster"]
        live = {key: value for key, value in _CLUSTER.properties(self.token, cluster).items() if key not in _ASSUMED}
        return {
            **live,
            **self._outputs({**live, **state}, cluster),
            "enabledClusterLogTypes": _logged(cluster),
            "encryptionConfig": live.get("encryptionConfig", {}),
            "bootstrapSelfManagedAddons": state.get("bootstrapSelfManagedAddons", True),
            "tags": tagging.mapping([{"Key": key, "Value": value} for key, value in cluster.get("tags", {}).items()]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        eks = call.client("eks")
        cluster = eks.describe_cluster(name=resource_id)["cluster"]
        live = {**_CLUSTER.properties(self.token, cluster), "enabledClusterLogTypes": _logged(cluster)}
        if new.get("version", cluster["version"]) != cluster["version"]:
            eks.update_cluster_version(name=resource_id, version=new["version"])
        if "encryptionConfig" in new and not cluster.get("encryptionConfig"):
            wanted = _CLUSTER.request({"encryptionConfig": new["encryptionConfig"]})
            eks.associate_encryption_config(clusterName=resource_id, **wanted)
        for key in _IN_PLACE:
            if (
                key in new
                and (key != "accessConfig" or "authenticationMode" in new[key])
                and not self.equal(key, live.get(key, {}), new[key])
            ):
                eks.update_cluster_config(name=resource_id, **self._change(key, new[key]))
        wanted_logs = new.get("enabledClusterLogTypes", [])
        if not self.equal("enabledClusterLogTypes", live["enabledClusterLogTypes"], wanted_logs):
            eks.update_cluster_config(name=resource_id, logging=_logging(wanted_logs))
        tagging.retag(eks, cluster["arn"], old, new)
        return self._outputs(new, eks.describe_cluster(name=resource_id)["cluster"])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        eks = call.client("eks")
        if call.teardown and state.get("deletionProtection"):
            eks.update_cluster_config(name=resource_id, deletionProtection=False)
        eks.delete_cluster(name=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "accessConfig" and isinstance(old, dict) and isinstance(new, dict):
            # What a program says of access once stays until it says otherwise.
            return all(old[key] == new[key] for key in old.keys() & new.keys())
        if path in _ASSUMED and isinstance(old, dict) and isinstance(new, dict):
            return _comparable(path, old) == _comparable(path, new)
        return super().equal(path, old, new)

    def _request(self, inputs: Properties) -> Properties:
        declared = {key: _declared(key, value) for key, value in inputs.items() if key not in _APART}
        request = _CLUSTER.request(declared)
        if inputs.get("enabledClusterLogTypes"):
            request["logging"] = _logging(inputs["enabledClusterLogTypes"])
        return request

    def _change(self, key: str, value: Any) -> Properties:
        """The parameter of UpdateClusterConfig, complete: what the program no longer says goes back to what EKS assumes."""
        wanted = _filled(key, _declared(key, value)) if key in _ASSUMED else value
        if key == "accessConfig":
            wanted = {"authenticationMode": wanted["authenticationMode"]}
        return _CLUSTER.request({key: wanted})

    def _outputs(self, inputs: Properties, cluster: Properties) -> Properties:
        live = _CLUSTER.properties(self.token, cluster)
        vpc = cluster["resourcesVpcConfig"]
        computed = {
            **{key: live[key] for key in (*_ASSUMED, "deletionProtection", "version") if key in live},
            "vpcConfig": live["vpcConfig"] | {key: vpc[key] for key in _MADE["vpcConfig"]},
            "name": cluster["name"],
            "arn": cluster["arn"],
            "certificateAuthority": cluster["certificateAuthority"],
            "clusterId": cluster.get("id", ""),
            "createdAt": moment(cluster["createdAt"]),
            "endpoint": cluster["endpoint"],
            "identities": [{"oidcs": [{"issuer": cluster["identity"]["oidc"]["issuer"]}]}],
            "platformVersion": cluster["platformVersion"],
            "status": cluster["status"],
        }
        if "zonalShiftConfig" not in inputs and computed["zonalShiftConfig"] == _ASSUMED["zonalShiftConfig"]:
            del computed["zonalShiftConfig"]
        return with_blanks(self.token, inputs, computed)


def _known_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _declared(key: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: item for name, item in value.items() if name not in _MADE.get(key, ())}


def _filled(key: str, value: Any) -> Any:
    return value if value is UNKNOWN else {**_ASSUMED[key], **value}


def _comparable(key: str, value: Properties) -> str:
    filled = _filled(key, _declared(key, value))
    return canonical({name: sorted(map(canonical, item)) if isinstance(item, list) else item for name, item in filled.items()})


def _logging(kinds: Any) -> Any:
    """Which logs are on; told of all, because EKS leaves as it was what it is not told of."""
    if kinds is UNKNOWN:
        return UNKNOWN
    on = [kind for kind in kinds if kind is not UNKNOWN]
    off = [kind for kind in _LOG_TYPES if kind not in kinds]
    groups = ({"types": on, "enabled": True}, {"types": off, "enabled": False})
    return {"clusterLogging": [group for group in groups if group["types"]]}


def _logged(cluster: Properties) -> list[str]:
    return [kind for group in cluster["logging"]["clusterLogging"] if group["enabled"] for kind in group["types"]]
