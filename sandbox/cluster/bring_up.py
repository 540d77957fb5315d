"""What a control plane is given before anybody works with it: nodes, EKS's own storage class, operators' definitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox import processes
from sandbox.cluster import build
from sandbox.cluster.build import Programs
from sandbox.cluster.control_plane import ClusterError, ControlPlane, known
from sandbox.cluster.nodes import Manifest, nodes
from sandbox.paths import Home

STORAGE_CLASS: Manifest = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "gp2"},
    "provisioner": "kubernetes.io/aws-ebs",
    "parameters": {"type": "gp2", "fsType": "ext4"},
    "volumeBindingMode": "WaitForFirstConsumer",
}
"""The one class that EKS makes, since 1.30 without making it the default. A program brings its others.

Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html (changes of 1.30).
"""
_APPLY = ("apply", "--server-side", "--force-conflicts")
_SECONDS = "--timeout=120s"
Say = Callable[[str], None]


def bring_up(plane: ControlPlane, programs: Programs, definitions: Path | None, say: Say) -> None:
    """Starts the control plane unless it runs, and gives it what it lacks. Harmless to repeat.

    `definitions` is a folder of CustomResourceDefinitions. Raises ClusterError or PoolError; a first start that fails is undone.
    """
    given = [*nodes(plane.home.project, plane.stack), STORAGE_CLASS]
    files = [] if definitions is None else sorted(definitions.glob("*.yaml"))
    plane.start(programs)
    try:
        _give(plane, programs, given, files, say)
        defined = plane.kubectl(programs, "get", "customresourcedefinition", "--output=name").split()
        plane.play(programs, {name.partition("/")[2] for name in defined})
    except BaseException:
        if not plane.kubeconfig.exists():
            plane.stop()
        raise
    plane.tell_ready()


def mend(home: Home, say: Say) -> None:
    """Starts again what has ended of clusters that were up, with all that they held. ClusterError when that cannot be done."""
    for plane in known(home):
        ended = plane.missing
        if not plane.kubeconfig.exists() or not ended:
            continue
        programs = build.find()
        if programs is None:
            raise ClusterError(
                f"the cluster of {plane.stack} has ended ({', '.join(ended)}), and the programs that it ran are gone from "
                f"{build.target()}: `make cluster STACK={plane.stack}` builds them and starts it again"
            )
        plane.start(programs)
        plane.tell_ready()
        say(f"{', '.join(ended)} of the cluster of {plane.stack} had ended, and {'was' if len(ended) == 1 else 'were'} started again")


def _give(plane: ControlPlane, programs: Programs, objects: Sequence[Manifest], files: Sequence[Path], say: Say) -> None:
    """Applies all of it, unless that very cluster has it already."""
    digest = hashlib.sha256(json.dumps(objects).encode())
    for path in files:
        digest.update(path.read_bytes())
    note = plane.layout.folder / "given.json"
    if processes.read_json(note).get("digest") == digest.hexdigest():
        return
    listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    plane.kubectl(programs, *_APPLY, "--filename=-", given=listed)
    plane.kubectl(programs, "wait", "--for=condition=Ready", "node", "--all", _SECONDS)
    # The controllers make it; without it no pod is admitted.
    plane.kubectl(programs, "wait", "--for=create", "serviceaccount/default", "--namespace=default", _SECONDS)
    if files:
        say(f"{plane.stack}: applying the definitions of {', '.join(path.stem for path in files)}")
        plane.kubectl(programs, *_APPLY, *(f"--filename={path}" for path in files))
        plane.kubectl(programs, "wait", "--for=condition=Established", "customresourcedefinition", "--all", _SECONDS)
    processes.write_json(note, {"digest": digest.hexdigest()})
