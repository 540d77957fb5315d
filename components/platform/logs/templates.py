"""Pods as the operator's resources describe them: restricted, sized, and spread over zones."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.platform.chart_values import Size, Values, container_values, pod_values, zone_values
from components.platform.logs.names import USER


def pod_template(
    container: str,
    size: Size,
    match: Mapping[str, str],
    *,
    priority_class: str,
    read_only: bool = True,
    env: Sequence[Values] = (),
    mounts: Mapping[str, str] | None = None,
    volumes: Sequence[Values] = (),
    spread: bool = True,
) -> dict[str, Any]:
    """Return a podTemplate; `mounts` are volumes by name and folder, on top of the operator's own."""
    main: Values = {
        "name": container,
        "resources": size.values(),
        "securityContext": {**container_values(), "readOnlyRootFilesystem": read_only},
    }
    if env:
        main["env"] = list(env)
    if mounts:
        main["volumeMounts"] = [{"name": name, "mountPath": folder} for name, folder in mounts.items()]
    spec: Values = {
        "automountServiceAccountToken": False,
        "priorityClassName": priority_class,
        "securityContext": pod_values(USER),
        "containers": [main],
    }
    if volumes:
        spec["volumes"] = list(volumes)
    if spread:
        spec["topologySpreadConstraints"] = zone_values(match)
    return {"spec": spec}


def volume_claim(name: str, gigabytes: int, storage_class: str) -> dict[str, Any]:
    """Return a volumeClaimTemplate of a name that the operator looks for."""
    return {
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            "resources": {"requests": {"storage": f"{gigabytes}Gi"}},
        },
    }


def version_of(image: str) -> str:
    """Return the version that an image's tag says. Raises ValueError when it says none."""
    tag = image.partition("@")[0].rpartition(":")[2]
    if not tag.replace(".", "").isdigit():
        raise ValueError(f"an image of the stack is tagged with its version, such as 9.5.1 (got {image!r})")
    return tag
