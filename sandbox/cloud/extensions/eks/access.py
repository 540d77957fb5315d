"""Who may enter a cluster, and what they may do there."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.cloud.extensions.common import now, own_arn
from sandbox.cloud.extensions.eks.common import answer, asked, children, cluster_of, in_use, invalid, not_found, refused

_POLICIES = "arn:aws:eks::aws:cluster-access-policy/"
_NODES = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX")
_CHANGEABLE = ("kubernetesGroups", "username")


def install() -> None:
    """Adds it to moto."""
    from moto.eks.responses import EKSResponse

    EKSResponse.create_access_entry = _create
    EKSResponse.describe_access_entry = _describe
    EKSResponse.update_access_entry = _update
    EKSResponse.delete_access_entry = _delete
    EKSResponse.list_access_entries = _list
    EKSResponse.associate_access_policy = _associate
    EKSResponse.disassociate_access_policy = _disassociate
    EKSResponse.list_associated_access_policies = _list_policies


def _create(self: Any) -> Any:
    cluster, principal = cluster_of(self), self._get_param("principalArn")
    if "API" not in cluster.accessConfig["authenticationMode"]:
        raise refused("The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.")
    entries = children(cluster, "entries")
    if principal in entries:
        raise in_use(cluster, "The specified access entry resource is already in use on this cluster.")
    kind = self._get_param("type") or "STANDARD"
    if kind in _NODES and asked(self, *_CHANGEABLE).get("kubernetesGroups"):
        raise invalid(f"Kubernetes groups of an access entry of type {kind} are EKS's own")
    account, name = principal.split(":")[4], principal.rpartition("/")[2]
    place = "role" if ":role/" in principal else "user"
    entries[principal] = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "accessEntryArn": own_arn(self, "eks", f"access-entry/{cluster.name}/{place}/{account}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": {},
        "type": kind,
        "username": _username(principal, account, name, kind),
        "kubernetesGroups": ["system:nodes"] if kind in _NODES else [],
        "policies": {},
        **asked(self, *_CHANGEABLE, "tags"),
    }
    return answer(accessEntry=entries[principal])


def _username(principal: str, account: str, name: str, kind: str) -> str:
    if kind in _NODES:
        return "system:node:{{EC2PrivateDNSName}}"
    return f"arn:aws:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}" if ":role/" in principal else principal


def _describe(self: Any) -> Any:
    return answer(accessEntry=_find(self))


def _update(self: Any) -> Any:
    entry = _find(self)
    entry |= {**asked(self, *_CHANGEABLE), "modifiedAt": now()}
    return answer(accessEntry=entry)


def _delete(self: Any) -> Any:
    del children(cluster_of(self), "entries")[_find(self)["principalArn"]]
    return answer()


def _list(self: Any) -> Any:
    policy, entries = self._get_param("associatedPolicyArn"), children(cluster_of(self), "entries")
    return answer(accessEntries=[principal for principal, entry in entries.items() if policy is None or policy in entry["policies"]])


def _associate(self: Any) -> Any:
    entry, policy = _find(self), self._get_param("policyArn")
    if not policy.startswith(_POLICIES):
        raise invalid(f"The policyArn parameter format is not valid: {policy}")
    scope = self._get_param("accessScope")
    if (scope["type"] == "namespace") != bool(scope.get("namespaces")):
        raise invalid("Namespaces are required for the access scope namespace, and not allowed for cluster")
    made = entry["policies"].get(policy, {}).get("associatedAt", now())
    entry["policies"][policy] = {"policyArn": policy, "accessScope": scope, "associatedAt": made, "modifiedAt": now()}
    return answer(clusterName=entry["clusterName"], principalArn=entry["principalArn"], associatedAccessPolicy=entry["policies"][policy])


def _disassociate(self: Any) -> Any:
    entry, policy = _find(self), self._get_param("policyArn")
    if policy not in entry["policies"]:
        raise not_found(cluster_of(self), f"No access policy {policy} is associated with {entry['principalArn']}")
    del entry["policies"][policy]
    return answer()


def _list_policies(self: Any) -> Any:
    entry = _find(self)
    return answer(
        clusterName=entry["clusterName"], principalArn=entry["principalArn"], associatedAccessPolicies=list(entry["policies"].values())
    )


def _find(response: Any) -> Any:
    cluster, principal = cluster_of(response), response._get_param("principalArn")
    if principal not in children(cluster, "entries"):
        raise not_found(
            cluster,
            "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
        )
    return children(cluster, "entries")[principal]
