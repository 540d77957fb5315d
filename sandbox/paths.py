"""Where the sandbox keeps its things: one ignored folder beside the program, and one cache for what is built."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
"""The folder that holds the `sandbox` package."""


@dataclass(frozen=True, slots=True)
class Home:
    """The sandbox of one project: everything it writes lies under `<project>/.sandbox`."""

    project: Path
    """The folder of Pulumi.yaml."""

    @property
    def root(self) -> Path:
        """The ignored folder."""
        return self.project / ".sandbox"

    @property
    def engine_home(self) -> Path:
        """PULUMI_HOME: plugins and the engine's own notes."""
        return self.root / "home"

    @property
    def plugins(self) -> Path:
        """Where the engine finds its helpers."""
        return self.engine_home / "plugins"

    @property
    def state(self) -> Path:
        """The file backend."""
        return self.root / "state"

    @property
    def lost_states(self) -> Path:
        """States of emulated clouds that are gone, kept for reading only."""
        return self.root / "lost"

    @property
    def scratch(self) -> Path:
        """A project folder of the same name, where stacks are created so that the real one stays untouched."""
        return self.root / "scratch"

    @property
    def verdicts(self) -> Path:
        """What policy packs found in the last previews and ups."""
        return self.root / "verdicts"

    @property
    def bin(self) -> Path:
        """First on PATH in the sandbox's environment."""
        return self.root / "bin"

    @property
    def config(self) -> Path:
        """Stack files as the engine gets them: the project's, with the sandbox's key in place of AWS's."""
        return self.root / "config"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase under which states keep their secrets."""
        return self.root / "passphrase"

    @property
    def run(self) -> Path:
        """What is running now: lock, processes, logs."""
        return self.root / "run"

    @property
    def processes(self) -> Path:
        """A note for each process of the sandbox."""
        return self.run / "processes"

    @property
    def logs(self) -> Path:
        """What the emulated cloud printed, and the events of the last run of each kind on each stack."""
        return self.run / "logs"

    @property
    def lock(self) -> Path:
        """Held by the command that changes the sandbox."""
        return self.run / "lock"

    @property
    def instance(self) -> Path:
        """Which emulated cloud the states are about."""
        return self.root / "instance.json"

    @property
    def clusters(self) -> Path:
        """Control planes: a folder for each stack's, and `<stack>.kubeconfig` while it answers."""
        return self.root / "cluster"

    @property
    def workload(self) -> Path:
        """Containers run as processes: their folders, certificates, and a note for each process."""
        return self.root / "workload"

    @property
    def cloud(self) -> Path:
        """Address and process of the emulated cloud."""
        return self.run / "cloud.json"


def engine_cache() -> Path:
    """The folder shared by all sandboxes of this user in which engines are built once."""
    return _cache() / "engine"


def cluster_cache() -> Path:
    """The same for the programs of a Kubernetes control plane."""
    return _cache() / "cluster"


def tools_cache() -> Path:
    """The same for programs of Debian packages that tests run."""
    return _cache() / "tools"


def definitions() -> Path:
    """The folder with operators' definitions of custom resources (YAML files) that SANDBOX_CRDS names, there or not."""
    return Path(os.environ.get("SANDBOX_CRDS") or REPOSITORY.parent / "shared" / "crds")


def workload_cache() -> Path:
    """The same for what containers' images would bring: n8n, and the servers it stands on."""
    return _cache() / "workload"


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "morefocus-sandbox"
