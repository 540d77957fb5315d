"""What the parts of EKS share: the cluster a request speaks of, its errors, ids and answers."""

from __future__ import annotations

import random
import string
import uuid
from typing import Any

from sandbox.cloud.extensions.common import kept, now

_ID_LENGTH = 17


def cluster_of(response: Any) -> Any:
    """The cluster in the request's path; EKS's own error when there is none."""
    return response.eks_backend.describe_cluster(name=response._get_param("name"))


def asked(response: Any, *names: str) -> dict[str, Any]:
    """Those of the request's parameters that were given."""
    return {name: value for name in names if (value := response._get_param(name)) is not None}


def children(cluster: Any, kind: str) -> dict[str, Any]:
    """What belongs to the cluster and moto has no place for."""
    return kept(cluster, kind)


def draw_id() -> str:
    """Letters and digits as EKS draws them for ids."""
    return "".join(random.choices(string.ascii_lowercase + string.digits, k=_ID_LENGTH))  # noqa: S311 - an id


def not_found(cluster: Any, message: str) -> Any:
    """EKS's error for what is not there."""
    from moto.eks.exceptions import ResourceNotFoundException

    return ResourceNotFoundException(clusterName=cluster.name, message=message)


def in_use(cluster: Any, message: str) -> Any:
    """EKS's error for what is there already or still needed."""
    from moto.eks.exceptions import ResourceInUseException

    return ResourceInUseException(clusterName=cluster.name, message=message)


def invalid(message: str) -> Any:
    """EKS's error for a parameter that cannot be."""
    from moto.eks.exceptions import InvalidParameterException

    return InvalidParameterException(message=message)


def refused(message: str) -> Any:
    """EKS's error for a request that the state of things forbids."""
    from moto.eks.exceptions import InvalidRequestException

    return InvalidRequestException(message=message)


def answer(**members: Any) -> Any:
    """An operation's result."""
    from moto.core.responses import ActionResult

    return ActionResult(members)


def update(cluster: Any, kind: str, **params: Any) -> Any:
    """The record of a change, which is done at once here."""
    record = {
        "id": str(uuid.uuid4()),
        "status": "Successful",
        "type": kind,
        "params": [{"type": name[0].upper() + name[1:], "value": str(value)} for name, value in params.items()],
        "createdAt": now(),
        "errors": [],
    }
    children(cluster, "updates")[record["id"]] = record
    return answer(update=record)
