"""Clusters, their nodes, and who may enter them."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, camel, one, text, told
from scripts.evidence.running.reader import Reader

_GONE = ("ResourceNotFoundException",)


def cluster(place: Place, resource: Resource) -> dict[str, Any]:
    """Read encryption, reach, logs and the ways in."""
    found = place.ask("eks", "describe_cluster", name=text(resource, "name", "id"))["cluster"]
    secrets = one(found.get("encryptionConfig", ()))
    logs = [kind for setup in found.get("logging", {}).get("clusterLogging", ()) if setup.get("enabled") for kind in setup["types"]]
    reach = {key: value for key, value in found["resourcesVpcConfig"].items() if key not in ("vpcId", "clusterSecurityGroupId")}
    mode = found.get("accessConfig", {}).get("authenticationMode")
    declared = resource.look("accessConfig")
    return {
        "encryptionConfig": _secrets(place, secrets) if secrets else None,
        "vpcConfig": reach,
        "enabledClusterLogTypes": sorted(logs),
        **({"accessConfig": {**(declared if isinstance(declared, dict) else {}), "authenticationMode": mode}} if mode else {}),
        **told(found, version="version", deletionProtection="deletionProtection", upgradePolicy="upgradePolicy"),
    }


def _secrets(place: Place, config: dict[str, Any]) -> dict[str, Any]:
    return {"resources": config["resources"], "provider": {"keyArn": place.key(config["provider"]["keyArn"])}}


def node_group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read where nodes start, of which kind, and who reaches them."""
    names = {"clusterName": text(resource, "clusterName"), "nodegroupName": text(resource, "nodeGroupName", "id").rpartition(":")[2]}
    found = place.ask("eks", "describe_nodegroup", **names)["nodegroup"]
    access = found.get("remoteAccess")
    return {
        "subnetIds": found["subnets"],
        "remoteAccess": camel(access) if access else None,
        **told(found, capacityType="capacityType", amiType="amiType"),
    }


def access_entry(place: Place, resource: Resource) -> dict[str, Any]:
    """Read which groups of Kubernetes a principal is in."""
    cluster_, _, principal = text(resource, "id").partition(":")
    found = place.ask("eks", "describe_access_entry", clusterName=cluster_, principalArn=principal)["accessEntry"]
    return {"kubernetesGroups": found.get("kubernetesGroups") or None}


def access_policy(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read how far a principal's access goes."""
    cluster_, principal, policy = text(resource, "id").split("#")
    answer = place.ask("eks", "list_associated_access_policies", clusterName=cluster_, principalArn=principal)
    found = one(each for each in answer["associatedAccessPolicies"] if each["policyArn"] == policy)
    return found and {"accessScope": {key: value for key, value in found["accessScope"].items() if value}}


def pod_identity(place: Place, resource: Resource) -> dict[str, Any]:
    """Read which role a service account takes on."""
    names = {"clusterName": text(resource, "clusterName"), "associationId": text(resource, "associationId", "id")}
    return told(place.ask("eks", "describe_pod_identity_association", **names)["association"], roleArn="roleArn")


READERS = (
    Reader(
        type="aws:eks/cluster:Cluster",
        covers=(
            "encryptionConfig",
            "vpcConfig",
            "enabledClusterLogTypes",
            "accessConfig",
            "version",
            "deletionProtection",
            "upgradePolicy",
        ),
        read=cluster,
        gone=_GONE,
    ),
    Reader(
        type="aws:eks/nodeGroup:NodeGroup", covers=("subnetIds", "remoteAccess", "capacityType", "amiType"), read=node_group, gone=_GONE
    ),
    Reader(type="aws:eks/accessEntry:AccessEntry", covers=("kubernetesGroups",), read=access_entry, gone=_GONE),
    Reader(type="aws:eks/accessPolicyAssociation:AccessPolicyAssociation", covers=("accessScope",), read=access_policy, gone=_GONE),
    Reader(type="aws:eks/podIdentityAssociation:PodIdentityAssociation", covers=("roleArn",), read=pod_identity, gone=_GONE),
)
