"""K8S-04: what runs is the image that was looked at, not what its tag means today."""

import re
from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph
from policies.values import ABSENT, UNKNOWN, Answer, all_of, look
from policies.verdict import Ruling
from policies.workloads import PODS, containers, workloads

_PINNED = re.compile(r"@sha256:[0-9a-f]{64}$")
_LATEST = re.compile(r":latest(@|$)")
_NOWHERE = re.compile(r"^[^/]+\.invalid/")
"""A registry that cannot exist (RFC 2606): stands for an image whose digest no registry has told, and nobody can pull it."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge the image of every container of a workload."""
    for workload, path in workloads(graph):
        pod = workload.look(path)
        answers = [_is_pinned(container) for container in containers(pod)]
        pinned = None if pod is UNKNOWN else all_of(answers)
        yield ruled(workload, Need(f"{path}.containers.image", pinned, "name@sha256:<64 digits>, and never :latest"))


def _is_pinned(container: Any) -> Answer:
    image = look(container, "image")
    if image is UNKNOWN:
        return None
    if image is ABSENT:
        return False
    return not _LATEST.search(str(image)) and bool(_PINNED.search(str(image)) or _NOWHERE.match(str(image)))


CONTROL = Control(
    id="K8S-04",
    title="Images are named by digest, and never as latest",
    severity=Severity.HIGH,
    why="A tag can be moved: the pod that restarts tonight would run something that nobody has seen.",
    fix="write image='registry/name:version@sha256:...' with the digest of config/software.lock.yaml (`make pin-images`)",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.8* CC8.1*", iso27001="8.19* 8.32*", pci="6.3.2*"),
    governs=tuple(PODS),
    check=check,
    house=True,
)
