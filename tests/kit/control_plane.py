"""A real control plane for tests, where its programs were built."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox.cluster import build
from sandbox.cluster.build import Programs
from sandbox.cluster.control_plane import ControlPlane

RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


def programs() -> Programs:
    """The programs from the cache. Skips the test where nobody built them: that takes minutes, and is no test's to do."""
    found = build.find()
    if found is None:
        pytest.skip(f"NOT RUN: there are no programs of a control plane in {build.target()}; `{build.COMMAND}` builds them once")
    return found


@dataclass(frozen=True)
class Cluster:
    """The API of a control plane, through kubectl as a person would."""

    plane: ControlPlane
    programs: Programs

    def try_kubectl(self, *arguments: str, given: object = None) -> subprocess.CompletedProcess[str]:
        """Runs kubectl with the kubeconfig that everybody uses."""
        command = [str(self.programs.path("kubectl")), f"--kubeconfig={self.plane.kubeconfig}", *arguments]
        words = None if given is None else json.dumps(given)
        environment = {"HOME": str(self.plane.layout.folder), "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, input=words, env=environment, capture_output=True, text=True, timeout=240, check=False)

    def kubectl(self, *arguments: str, given: object = None) -> str:
        """The same, which has to succeed."""
        done = self.try_kubectl(*arguments, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(self, *objects: dict[str, Any]) -> None:
        """Applies objects, which have to be taken."""
        self.kubectl("apply", "--server-side", "--filename=-", given={"apiVersion": "v1", "kind": "List", "items": objects})

    def refusal(self, item: dict[str, Any]) -> str:
        """What the API says to an object that it must not take."""
        done = self.try_kubectl("apply", "--server-side", "--filename=-", given=item)
        assert done.returncode != 0, f"it was taken: {done.stdout}"
        return done.stderr

    def get(self, *what: str) -> Any:
        """An object, or a list of them, as JSON."""
        return json.loads(self.kubectl("get", *what, "--output=json"))

    def wait(self, condition: str, *what: str) -> None:
        """Waits for a condition, such as `condition=Available`."""
        self.kubectl("wait", f"--for={condition}", *what, "--timeout=180s")


def listeners(plane: ControlPlane) -> set[str]:
    """Addresses on which the control plane's processes listen."""
    found = set()
    for process in plane.alive.values():
        sockets = psutil.Process(process.pid).net_connections(kind="inet")
        found |= {item.laddr.ip for item in sockets if item.status == psutil.CONN_LISTEN}
    return found


def namespace(name: str, labels: dict[str, str] | None = None) -> dict[str, Any]:
    """A namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}


def pod(name: str, namespace: str, *, cpu: str = "100m", memory: str = "64Mi", privileged: bool = False) -> dict[str, Any]:
    """A pod as `restricted` wants it, unless it is to be privileged."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": _spec(cpu, memory, privileged)}


def workload(kind: str, name: str, namespace: str, replicas: int, **spec: Any) -> dict[str, Any]:
    """A Deployment or a StatefulSet of such pods."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": _spec("100m", "64Mi", False)}
    own = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": own}


def _spec(cpu: str, memory: str, privileged: bool) -> dict[str, Any]:
    amount = {"cpu": cpu, "memory": memory}
    security: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    container = {
        "name": "main",
        "image": "registry.example/main:1.0.0",
        "resources": {"requests": amount, "limits": amount},
        "securityContext": {"privileged": True} if privileged else security,
    }
    context = {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}
    return {"securityContext": context, "containers": [container]}


def project_folder(folder: Path, stack: str = "west", region: str = "eu-west-1") -> Path:
    """A folder with one stack file, which is all that a control plane looks at."""
    (folder / f"Pulumi.{stack}.yaml").write_text(f"config:\n  aws:region: {region}\n")
    return folder
