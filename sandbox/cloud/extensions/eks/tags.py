"""Tags of everything that EKS has; moto knows those of clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.cloud.extensions.eks.common import answer, children

_ARNS = {"add_ons": "addonArn", "entries": "accessEntryArn", "associations": "associationArn"}


def install() -> None:
    """Adds it to moto."""
    from moto.eks.models import EKSBackend
    from moto.eks.responses import EKSResponse

    EKSResponse.untag_resource = _untag
    EKSBackend.tag_resource = _tag
    EKSBackend.list_tags_for_resource = _tags


def _tag(self: Any, resource_arn: str, tags: dict[str, str]) -> None:
    _tags(self, resource_arn).update(tags)


def _untag(self: Any) -> Any:
    """All keys of the request; moto reads the first of them."""
    for key in self.querystring["tagKeys"]:
        _tags(self.eks_backend, self._extract_arn_from_path()).pop(key, None)
    return answer()


def _tags(self: Any, resource_arn: str) -> dict[str, str]:
    from moto.eks.exceptions import ResourceNotFoundException

    for arn, tags in _all(self):
        if arn == resource_arn:
            return tags
    raise ResourceNotFoundException(message=f"Resource {resource_arn} was not found")


def _all(backend: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for cluster in backend.clusters.values():
        yield cluster.arn, cluster.tags
        for holder in (*cluster.nodegroups.values(), *cluster.fargate_profiles.values()):
            yield getattr(holder, "arn", None) or holder.fargate_profile_arn, holder.tags
        for kind, member in _ARNS.items():
            for item in children(cluster, kind).values():
                yield item[member], item["tags"]
