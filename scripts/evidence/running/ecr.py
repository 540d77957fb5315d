"""Repositories of images."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, text
from scripts.evidence.running.reader import Reader

_GONE = ("RepositoryNotFoundException",)


def repository(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether tags can move, images are scanned, and with which key they are encrypted."""
    found = place.ask("ecr", "describe_repositories", repositoryNames=[text(resource, "name", "id")])["repositories"][0]
    encryption = found.get("encryptionConfiguration", {"encryptionType": "AES256"})
    kind = encryption["encryptionType"]
    key = {} if kind == "AES256" else {"kmsKey": place.key(encryption.get("kmsKey"))}
    return {
        "imageTagMutability": found["imageTagMutability"],
        "imageScanningConfiguration": {"scanOnPush": found.get("imageScanningConfiguration", {}).get("scanOnPush", False)},
        "encryptionConfigurations": [{"encryptionType": kind, **key}],
    }


def lifecycle(place: Place, resource: Resource) -> dict[str, Any]:
    """Read after how long images go."""
    return {"policy": place.ask("ecr", "get_lifecycle_policy", repositoryName=text(resource, "repository", "id"))["lifecyclePolicyText"]}


def policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who may pull and push."""
    return {"policy": place.ask("ecr", "get_repository_policy", repositoryName=text(resource, "repository", "id"))["policyText"]}


READERS = (
    Reader(
        type="aws:ecr/repository:Repository",
        covers=("imageTagMutability", "imageScanningConfiguration", "encryptionConfigurations"),
        read=repository,
        gone=_GONE,
    ),
    Reader(
        type="aws:ecr/lifecyclePolicy:LifecyclePolicy",
        covers=("policy",),
        read=lifecycle,
        gone=(*_GONE, "LifecyclePolicyNotFoundException"),
    ),
    Reader(
        type="aws:ecr/repositoryPolicy:RepositoryPolicy",
        covers=("policy",),
        read=policy,
        gone=(*_GONE, "RepositoryPolicyNotFoundException"),
    ),
)
