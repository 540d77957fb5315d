"""Which role the pods of a service account take on."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.cloud.extensions.common import now, own_arn
from sandbox.cloud.extensions.eks.common import answer, asked, children, cluster_of, draw_id, in_use, not_found, refused

_CHANGEABLE = ("roleArn", "disableSessionTags", "targetRoleArn", "policy")


def install() -> None:
    """Adds it to moto."""
    from moto.eks.responses import EKSResponse

    EKSResponse.create_pod_identity_association = _create
    EKSResponse.describe_pod_identity_association = _describe
    EKSResponse.update_pod_identity_association = _update
    EKSResponse.delete_pod_identity_association = _delete
    EKSResponse.list_pod_identity_associations = _list


def associate(response: Any, cluster: Any, wanted: dict[str, Any], owner: str | None = None) -> dict[str, Any]:
    """Makes an association; one service account has one at most."""
    held = children(cluster, "associations")
    account = (wanted["namespace"], wanted["serviceAccount"])
    if any((item["namespace"], item["serviceAccount"]) == account for item in held.values()):
        raise in_use(cluster, f"Association already exists: service account {account[1]} of namespace {account[0]}")
    number = f"a-{draw_id()}"
    held[number] = {
        "clusterName": cluster.name,
        "associationArn": own_arn(response, "eks", f"podidentityassociation/{cluster.name}/{number}"),
        "associationId": number,
        "tags": {},
        "createdAt": now(),
        "modifiedAt": now(),
        "disableSessionTags": False,
        **wanted,
        **({"ownerArn": owner} if owner else {}),
        **({"externalId": str(uuid.uuid4())} if wanted.get("targetRoleArn") else {}),
    }
    found: dict[str, Any] = held[number]
    return found


def _create(self: Any) -> Any:
    wanted = asked(self, "namespace", "serviceAccount", "tags", *_CHANGEABLE)
    return answer(association=associate(self, cluster_of(self), wanted))


def _describe(self: Any) -> Any:
    return answer(association=_find(self, cluster_of(self)))


def _update(self: Any) -> Any:
    association = _find(self, cluster_of(self))
    if association.get("ownerArn"):
        raise refused(f"The association belongs to {association['ownerArn']}: change it there")
    association |= {**asked(self, *_CHANGEABLE), "modifiedAt": now()}
    return answer(association=association)


def _delete(self: Any) -> Any:
    cluster = cluster_of(self)
    return answer(association=children(cluster, "associations").pop(_find(self, cluster)["associationId"]))


def _list(self: Any) -> Any:
    wanted = asked(self, "namespace", "serviceAccount")
    held = children(cluster_of(self), "associations").values()
    return answer(associations=[item for item in held if all(item[key] == value for key, value in wanted.items())])


def _find(response: Any, cluster: Any) -> Any:
    number = response._get_param("associationId")
    if number not in children(cluster, "associations"):
        raise not_found(cluster, f"No pod identity association found for ID: {number}")
    return children(cluster, "associations")[number]
