"""What `make cluster` does, and what `make status` and `make down` have to do with clusters."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from sandbox import lock
from sandbox.cluster import build
from sandbox.cluster.bring_up import bring_up
from sandbox.cluster.control_plane import ControlPlane, known
from sandbox.paths import Home, definitions
from sandbox.session import waves
from sandbox.watch.progress import Reporter

_WHAT = "Kubernetes, etcd and kwok"


def cluster(project: Path, only: str | None, console: Console) -> int:
    """Brings up a control plane for each stack, one after another; with `only` for that one. Gives the exit code."""
    place = Home(project)
    report = Reporter(console)
    stacks = [stack for wave in waves(project, only) for stack in wave]
    with lock.hold(place, "make cluster" + (f" STACK={only}" if only else "")):
        with report.building(_WHAT) as told:
            programs = build.find_or_build(told)
        place.bin.mkdir(parents=True, exist_ok=True)
        folder = definitions()
        if not folder.is_dir():
            report.say(f"no definitions of custom resources: {folder} is no folder; SANDBOX_CRDS names another one")
        for stack in stacks:
            plane = ControlPlane(place, stack)
            began, ran = time.monotonic(), plane.kubeconfig.exists() and not plane.missing
            bring_up(plane, programs, folder if folder.is_dir() else None, report.say)
            took = "ran already" if ran else f"up in {time.monotonic() - began:.1f} s"
            (place.bin / "kubectl").unlink(missing_ok=True)
            (place.bin / "kubectl").symlink_to(programs.path("kubectl"))
            report.say(f"{stack}: Kubernetes {build.version()} {took} at {plane.server}, kubeconfig {os.path.relpath(plane.kubeconfig)}")
    report.say("`make up` applies to it now; `make down` ends it." if only else "`make up` applies to them now; `make down` ends them.")
    return 0


def down(project: Path, only: str | None, console: Console) -> int:
    """Ends clusters, all or one, and leaves the stacks: the next `up` records their objects, as it does without a cluster."""
    place = Home(project)
    with lock.hold(place, "make cluster-down" + (f" STACK={only}" if only else "")):
        ended = _stop(place, Reporter(console), only)
    console.print("Down." if ended else "There was no cluster to end.", highlight=False)
    return 0


def programs(console: Console) -> int:
    """Finds or builds the programs, and says where they are."""
    with Reporter(console).building(_WHAT) as told:
        made = build.find_or_build(told)
    console.print(f"{made.folder} (Kubernetes {build.version()})", highlight=False, soft_wrap=True)
    return 0


def described(place: Home) -> Mapping[str, ControlPlane]:
    """Control planes by stack, running or not."""
    return {plane.stack: plane for plane in known(place)}


def kubeconfig(plane: ControlPlane | None) -> str | None:
    """Where to reach it, while it is ready for work."""
    return str(plane.kubeconfig) if plane is not None and plane.kubeconfig.exists() and not plane.missing else None


def tell(place: Home, console: Console) -> None:
    """A line for each control plane: where it answers, or what of it has ended and what starts it again."""
    for plane in known(place):
        ended = plane.missing
        if ended:
            logs = os.path.relpath(plane.layout.logs)
            line = f"has ended: {', '.join(ended)} (see {logs}); `make cluster STACK={plane.stack}` starts it again with what it held"
        elif not plane.kubeconfig.exists():
            line = f"was never finished; `make cluster STACK={plane.stack}` does"
        else:
            line = f"Kubernetes {build.version()} at {plane.server}, kubeconfig {os.path.relpath(plane.kubeconfig)}"
        console.print(f"Cluster of {plane.stack}: {line}", markup=False, highlight=False, soft_wrap=True)


def stop_all(place: Home, report: Reporter) -> None:
    """Ends every control plane and removes what it kept."""
    _stop(place, report, None)
    shutil.rmtree(place.clusters, ignore_errors=True)


def _stop(place: Home, report: Reporter, only: str | None) -> int:
    ended = 0
    for plane in known(place):
        if only in (None, plane.stack):
            plane.stop()
            report.say(f"the cluster of {plane.stack} is ended")
            ended += 1
    return ended
