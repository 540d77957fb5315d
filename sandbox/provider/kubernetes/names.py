"""Names, labels and annotations as the API server takes them.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/,
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.provider.facts.problem import Problem, join, shown
from sandbox.provider.kubernetes.objects import at, kind_of, pod_template
from sandbox.provider.values import UNKNOWN, Properties

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_PATH_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]+")
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_KEY_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_LABELS_ONLY = {("", "Namespace"), ("", "Service")}
_PATHS = {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}
_LONGEST = {("batch", "CronJob"): 52}
_ANNOTATIONS_BYTES = 256 * 1024
_OBJECT_BYTES = 1024 * 1024


def problems(item: Properties) -> Iterator[Problem]:
    """What is wrong with the names in an object; what is not known yet is not judged."""
    kind, name = kind_of(item), at(item, "metadata", "name")
    if isinstance(name, str):
        yield from _name(kind.group, kind.name, name)
    yield from _metadata(item.get("metadata"), "metadata")
    template = pod_template(item)
    if template and template[0]:
        yield from _metadata(template[1].get("metadata"), f"{template[0]}.metadata")
    if kind.group == "" and kind.name in ("ConfigMap", "Secret"):
        yield from _data(item)


def _name(group: str, kind: str, name: str) -> Iterator[Problem]:
    if kind in _PATHS:
        pattern, told = _PATH_SEGMENT, "any characters but / and %"
    elif (group, kind) in _LABELS_ONLY:
        pattern, told = _LABEL, "1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit"
    else:
        pattern, told = (
            _SUBDOMAIN,
            "1 to 253 lower-case letters, digits, hyphens and dots, each part beginning and ending with a letter or digit",
        )
    if not pattern.fullmatch(name):
        yield Problem("metadata.name", f"a {kind}'s name has {told} (got {shown(name)})")
    longest = _LONGEST.get((group, kind))
    if longest is not None and len(name) > longest:
        yield Problem(
            "metadata.name", f"a {kind}'s name has at most {longest} characters, since its Jobs' names are longer (got {len(name)})"
        )


def _metadata(metadata: Any, path: str) -> Iterator[Problem]:
    for key, value in _entries(metadata, "labels"):
        yield from _key(key, join(f"{path}.labels", key))
        if isinstance(value, str) and not _VALUE.fullmatch(value):
            allowed = "at most 63 letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit"
            yield Problem(join(f"{path}.labels", key), f"a label's value has {allowed} (got {shown(value)})")
    size = 0
    for key, value in _entries(metadata, "annotations"):
        yield from _key(key, join(f"{path}.annotations", key))
        size += len(key.encode()) + (len(value.encode()) if isinstance(value, str) else 0)
    if size > _ANNOTATIONS_BYTES:
        yield Problem(f"{path}.annotations", f"all annotations together have at most {_ANNOTATIONS_BYTES} bytes (got {size})")


def _entries(metadata: Any, group: str) -> Iterator[tuple[str, Any]]:
    found = at(metadata, group)
    if isinstance(found, Mapping):
        yield from found.items()


def _key(key: str, path: str) -> Iterator[Problem]:
    prefix, slash, name = key.rpartition("/")
    if not _KEY_NAME.fullmatch(name) or (slash and not _SUBDOMAIN.fullmatch(prefix)):
        yield Problem(
            path, f"a key is [domain/]name with a name of at most 63 letters, digits, hyphens, underscores and dots (got {shown(key)})"
        )


def _data(item: Properties) -> Iterator[Problem]:
    size = 0
    for group in ("data", "stringData", "binaryData"):
        content = item.get(group)
        for key, value in content.items() if isinstance(content, Mapping) else ():
            if not _DATA_KEY.fullmatch(key) or key in (".", ".."):
                yield Problem(join(group, key), f"a key has 1 to 253 letters, digits, hyphens, underscores and dots (got {shown(key)})")
            size += len(value.encode()) if value is not UNKNOWN and isinstance(value, str) else 0
    if size > _OBJECT_BYTES:
        yield Problem(
            "data", f"all data together has at most {_OBJECT_BYTES} bytes (got {size}): a larger file belongs into a bucket or a volume"
        )
