"""Add-ons of a cluster."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.cloud.extensions.common import now, own_arn
from sandbox.cloud.extensions.eks.common import answer, asked, children, cluster_of, in_use, not_found, update
from sandbox.cloud.extensions.eks.pod_identity import associate

_UNPINNED = "v1.0.0-eksbuild.1"
"""Which version EKS prefers is known to EKS alone."""
_NAMESPACE = "kube-system"
_CHANGEABLE = ("addonVersion", "serviceAccountRoleArn", "configurationValues")


def install() -> None:
    """Adds it to moto."""
    from moto.eks.responses import EKSResponse

    EKSResponse.create_addon = _create
    EKSResponse.describe_addon = _describe
    EKSResponse.update_addon = _update
    EKSResponse.delete_addon = _delete
    EKSResponse.list_addons = _list


def _create(self: Any) -> Any:
    cluster, name = cluster_of(self), self._get_param("addonName")
    add_ons = children(cluster, "add_ons")
    if name in add_ons:
        raise in_use(cluster, f"Addon already exists: {name}")
    namespace = (self._get_param("namespaceConfig") or {}).get("namespace", _NAMESPACE)
    add_on = {
        "addonName": name,
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "addonVersion": _UNPINNED,
        "health": {"issues": []},
        "addonArn": own_arn(self, "eks", f"addon/{cluster.name}/{name}/{uuid.uuid4()}"),
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": {},
        "owner": "aws",
        "publisher": "eks",
        "namespaceConfig": {"namespace": namespace},
        **asked(self, *_CHANGEABLE, "tags"),
    }
    _identify(self, cluster, add_on)
    add_ons[name] = add_on
    return answer(addon=add_on)


def _describe(self: Any) -> Any:
    return answer(addon=_find(self, cluster_of(self)))


def _update(self: Any) -> Any:
    cluster = cluster_of(self)
    add_on, changes = _find(self, cluster), asked(self, *_CHANGEABLE)
    add_on |= {**changes, "modifiedAt": now()}
    if self._get_param("podIdentityAssociations") is not None:
        _identify(self, cluster, add_on)
    return update(cluster, "AddonUpdate", **changes)


def _delete(self: Any) -> Any:
    cluster = cluster_of(self)
    add_on = _find(self, cluster)
    _leave(cluster, add_on)
    return answer(addon=children(cluster, "add_ons").pop(add_on["addonName"]) | {"status": "DELETING"})


def _list(self: Any) -> Any:
    return answer(addons=sorted(children(cluster_of(self), "add_ons")))


def _find(response: Any, cluster: Any) -> Any:
    name = response._get_param("addonName")
    if name not in children(cluster, "add_ons"):
        raise not_found(cluster, f"No addon: {name} found in cluster: {cluster.name}")
    return children(cluster, "add_ons")[name]


def _identify(response: Any, cluster: Any, add_on: dict[str, Any]) -> None:
    """Gives the add-on's service accounts their roles, in place of those that they had."""
    _leave(cluster, add_on)
    add_on["podIdentityAssociations"] = [
        associate(response, cluster, {"namespace": add_on["namespaceConfig"]["namespace"], **wanted}, owner=add_on["addonArn"])[
            "associationArn"
        ]
        for wanted in response._get_param("podIdentityAssociations") or ()
    ]


def _leave(cluster: Any, add_on: dict[str, Any]) -> None:
    owned = children(cluster, "associations")
    for key in [key for key, association in owned.items() if association.get("ownerArn") == add_on["addonArn"]]:
        del owned[key]
