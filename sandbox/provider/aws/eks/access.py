"""Who may enter a cluster, from outside and from its pods."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties, moment

_TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")
"""Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html"""
_POLICIES = "arn:aws:eks::aws:cluster-access-policy/"


class AccessEntry(Handler):
    """An IAM principal that may enter a cluster."""

    token = "aws:eks/accessEntry:AccessEntry"
    create_only = frozenset({"clusterName", "principalArn", "type"})
    unordered = frozenset({"kubernetesGroups"})
    defaults = {"type": "STANDARD"}
    volatile = frozenset({"modifiedAt"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if isinstance(inputs["type"], str) and inputs["type"] not in _TYPES:
            return [Failure("type", f"must be one of {', '.join(_TYPES)} (got {inputs['type']!r})")]
        return refusals("eks", "CreateAccessEntry", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request = self._request(inputs) | tagging.whole(inputs) | {"clientRequestToken": call.token()}
        made = call.client("eks").create_access_entry(**request)["accessEntry"]
        return f"{inputs['clusterName']}:{inputs['principalArn']}", self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        entry = self._describe(call.client("eks"), resource_id)
        return {
            **self._outputs(entry),
            "clusterName": entry["clusterName"],
            "principalArn": entry["principalArn"],
            "type": entry["type"],
            "tags": tagging.mapping([{"Key": key, "Value": value} for key, value in entry.get("tags", {}).items()]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        eks = call.client("eks")
        cluster, _, principal = resource_id.partition(":")
        if any(old.get(key) != new.get(key, old.get(key)) for key in ("kubernetesGroups", "userName")):
            wanted = parameters(new, kubernetesGroups="kubernetesGroups", username="userName")
            eks.update_access_entry(clusterName=cluster, principalArn=principal, **wanted)
        tagging.retag(eks, old["accessEntryArn"], old, new)
        return self._outputs(self._describe(eks, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cluster, _, principal = resource_id.partition(":")
        call.client("eks").delete_access_entry(clusterName=cluster, principalArn=principal)

    def _describe(self, eks: Any, resource_id: str) -> Properties:
        cluster, _, principal = resource_id.partition(":")
        entry: Properties = eks.describe_access_entry(clusterName=cluster, principalArn=principal)["accessEntry"]
        return entry

    def _request(self, inputs: Properties) -> Properties:
        same = {key: key for key in ("clusterName", "principalArn", "kubernetesGroups", "type")}
        return parameters(inputs, **same, username="userName")

    def _outputs(self, entry: Properties) -> Properties:
        return {
            "accessEntryArn": entry["accessEntryArn"],
            "kubernetesGroups": entry.get("kubernetesGroups", []),
            "userName": entry["username"],
            "createdAt": moment(entry["createdAt"]),
            "modifiedAt": moment(entry["modifiedAt"]),
        }


class AccessPolicyAssociation(Handler):
    """What an access entry's principal may do, in the cluster or in some of its namespaces."""

    token = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    create_only = frozenset({"clusterName", "principalArn", "policyArn", "accessScope"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, policy, scope = [], inputs["policyArn"], inputs["accessScope"]
        if isinstance(policy, str) and not policy.startswith(_POLICIES):
            found.append(Failure("policyArn", f"must begin with {_POLICIES} (got {policy!r})"))
        kind = scope.get("type") if isinstance(scope, dict) else None
        if kind in ("cluster", "namespace") and (kind == "namespace") != bool(scope.get("namespaces")):
            found.append(Failure("accessScope.namespaces", "must be given for type namespace, and only for it"))
        return found or refusals("eks", "AssociateAccessPolicy", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("eks").associate_access_policy(**self._request(inputs))["associatedAccessPolicy"]
        return "#".join(inputs[key] for key in ("clusterName", "principalArn", "policyArn")), self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cluster, principal, policy = resource_id.split("#")
        pages = call.client("eks").get_paginator("list_associated_access_policies").paginate(clusterName=cluster, principalArn=principal)
        for found in (item for page in pages for item in page["associatedAccessPolicies"]):
            if found["policyArn"] == policy:
                scope = {key: value for key, value in found["accessScope"].items() if value}
                return {
                    "clusterName": cluster,
                    "principalArn": principal,
                    "policyArn": policy,
                    "accessScope": scope,
                    **self._outputs(found),
                }
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        raise NotImplementedError("every input of a policy association replaces it")

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cluster, principal, policy = resource_id.split("#")
        call.client("eks").disassociate_access_policy(clusterName=cluster, principalArn=principal, policyArn=policy)

    def _request(self, inputs: Properties) -> Properties:
        return {key: inputs[key] for key in ("clusterName", "principalArn", "policyArn", "accessScope")}

    def _outputs(self, found: Properties) -> Properties:
        return {"associatedAt": moment(found["associatedAt"]), "modifiedAt": moment(found["modifiedAt"])}


class PodIdentityAssociation(Handler):
    """The role that the pods of a service account take on."""

    token = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    create_only = frozenset({"clusterName", "namespace", "serviceAccount"})
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("eks", "CreatePodIdentityAssociation", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        assumed = {"disableSessionTags": inputs.get("disableSessionTags", False)}
        return assumed if "targetRoleArn" in inputs else assumed | {"externalId": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request = self._request(inputs) | tagging.whole(inputs) | {"clientRequestToken": call.token()}
        made = call.client("eks").create_pod_identity_association(**request)["association"]
        return made["associationId"], self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("eks").describe_pod_identity_association(**_association(resource_id, state))["association"]
        return {
            **{key: found[key] for key in ("clusterName", "namespace", "serviceAccount", "roleArn")},
            **self._outputs(found),
            "targetRoleArn": found.get("targetRoleArn", ""),
            "policy": found.get("policy"),
            "tags": tagging.mapping([{"Key": key, "Value": value} for key, value in found.get("tags", {}).items()]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        eks, of = call.client("eks"), _association(resource_id, new)
        changeable = {key: key for key in ("roleArn", "disableSessionTags", "targetRoleArn", "policy")}
        if any(old.get(key) != new[key] for key in changeable if key in new):
            eks.update_pod_identity_association(**of, **parameters(new, **changeable))
        tagging.retag(eks, old["associationArn"], old, new)
        return self._outputs(eks.describe_pod_identity_association(**of)["association"])

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("eks").delete_pod_identity_association(**_association(resource_id, state))

    def _request(self, inputs: Properties) -> Properties:
        every = ("clusterName", "namespace", "serviceAccount", "roleArn", "disableSessionTags", "targetRoleArn", "policy")
        return parameters(inputs, **{key: key for key in every})

    def _outputs(self, found: Properties) -> Properties:
        return {
            "associationArn": found["associationArn"],
            "associationId": found["associationId"],
            "disableSessionTags": found["disableSessionTags"],
            "externalId": found.get("externalId", ""),
        }


def _association(resource_id: str, state: Properties) -> Properties:
    """An association by its id within a cluster; an import gives both, as `cluster,a-...`."""
    cluster, _, number = resource_id.rpartition(",")
    return {"clusterName": cluster or state["clusterName"], "associationId": number}
