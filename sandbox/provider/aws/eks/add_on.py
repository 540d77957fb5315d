"""Add-ons."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, canonical, moment

_NAMESPACE = "kube-system"


class Addon(Handler):
    """Software that EKS installs in a cluster and keeps."""

    token = "aws:eks/addon:Addon"
    support = Support.PARTLY
    gap = "an add-on without addonVersion gets a stand-in: which version EKS prefers is known to EKS alone"
    create_only = frozenset({"clusterName", "addonName", "namespaceConfig"})
    unordered = frozenset({"podIdentityAssociations"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = refusals("eks", "CreateAddon", self._request(inputs) | parameters(inputs, resolveConflicts="resolveConflictsOnCreate"))
        if inputs.get("resolveConflictsOnCreate") == "PRESERVE":
            found.append(Failure("resolveConflictsOnCreate", "must be NONE or OVERWRITE (got 'PRESERVE', which is for updates)"))
        update = {"clusterName": inputs["clusterName"], "addonName": inputs["addonName"]}
        return found + refusals("eks", "UpdateAddon", update | parameters(inputs, resolveConflicts="resolveConflictsOnUpdate"))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "addonVersion": inputs.get("addonVersion", UNKNOWN),
            "configurationValues": inputs.get("configurationValues", ""),
            "namespaceConfig": inputs.get("namespaceConfig", {"namespace": _NAMESPACE}),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        request = self._request(inputs) | parameters(inputs, resolveConflicts="resolveConflictsOnCreate")
        made = call.client("eks").create_addon(**request, **tagging.whole(inputs), clientRequestToken=call.token())["addon"]
        return f"{inputs['clusterName']}:{inputs['addonName']}", self._outputs(made)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        eks = call.client("eks")
        found = self._describe(eks, resource_id)
        return {
            **self._outputs(found),
            "clusterName": found["clusterName"],
            "addonName": found["addonName"],
            "serviceAccountRoleArn": found.get("serviceAccountRoleArn", ""),
            "podIdentityAssociations": [
                {key: association[key] for key in ("roleArn", "serviceAccount")} for association in self._associations(eks, found)
            ],
            "tags": tagging.mapping([{"Key": key, "Value": value} for key, value in found.get("tags", {}).items()]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        eks = call.client("eks")
        declared = ("addonVersion", "configurationValues", "serviceAccountRoleArn", "podIdentityAssociations")
        if any(canonical(old.get(key)) != canonical(new[key]) for key in declared if key in new):
            eks.update_addon(
                **{key: value for key, value in self._request(new).items() if key != "namespaceConfig"},
                **parameters(new, resolveConflicts="resolveConflictsOnUpdate"),
            )
        tagging.retag(eks, old["arn"], old, new)
        return self._outputs(self._describe(eks, resource_id))

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cluster, _, name = resource_id.partition(":")
        call.client("eks").delete_addon(clusterName=cluster, addonName=name, preserve=bool(state.get("preserve")))

    def _describe(self, eks: Any, resource_id: str) -> Properties:
        cluster, _, name = resource_id.partition(":")
        found: Properties = eks.describe_addon(clusterName=cluster, addonName=name)["addon"]
        return found

    def _associations(self, eks: Any, add_on: Properties) -> list[Properties]:
        return [
            eks.describe_pod_identity_association(clusterName=add_on["clusterName"], associationId=arn.rpartition("/")[2])["association"]
            for arn in add_on.get("podIdentityAssociations", ())
        ]

    def _request(self, inputs: Properties) -> Properties:
        same = ("clusterName", "addonName", "addonVersion", "configurationValues", "serviceAccountRoleArn")
        nested = ("namespaceConfig", "podIdentityAssociations")
        return parameters(inputs, **{key: key for key in (*same, *nested)})

    def _outputs(self, add_on: Properties) -> Properties:
        return {
            "arn": add_on["addonArn"],
            "addonVersion": add_on["addonVersion"],
            "configurationValues": add_on.get("configurationValues", ""),
            "namespaceConfig": add_on["namespaceConfig"],
            "createdAt": moment(add_on["createdAt"]),
            "modifiedAt": moment(add_on["modifiedAt"]),
        }
