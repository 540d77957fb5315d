"""Judges what a state says and what is running by the same controls, and says where the two differ; changes nothing (COM-1, DEL-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policies.evidence import layers
from policies.evidence.layers import Difference
from policies.evidence.verdicts import Layer, Verdicts
from scripts.evidence import sources
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.kubernetes import Cluster
from scripts.evidence.running.layer import Coverage, running


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """What came of comparing the layers of a stack."""

    verdicts: tuple[Verdicts, ...]
    """Of each layer: the state, what is running, and the preview where one was given."""
    differences: Sequence[Difference]
    coverage: Coverage

    @property
    def found(self) -> list[Difference]:
        """Differences that are more than what a layer could not know."""
        return layers.drifted(self.differences)

    def text(self) -> str:
        """Return it for people."""
        return f"{self.coverage.summary()}\n{layers.to_text(self.differences)}"

    def json(self) -> str:
        """Return it for programs."""
        read, of_resources = self.coverage.resources
        types, of_types = self.coverage.types
        covered = {
            "resources": {"read": read, "all": of_resources},
            "types": {"read": types, "all": of_types},
            "gone": list(self.coverage.gone),
            "unmanaged": list(self.coverage.unmanaged),
            "unread": dict(self.coverage.unread),
            "untold": {urn: list(paths) for urn, paths in self.coverage.untold.items()},
            "without_reader": dict(self.coverage.without),
        }
        about = {"stack": self.verdicts[0].stack, "layers": [each.layer for each in self.verdicts]}
        return json.dumps({**about, "differences": layers.to_json(self.differences), "coverage": covered}, indent=1, sort_keys=True) + "\n"


def drift(
    state: Mapping[str, Any], stack: str, day: date, cloud: Cloud, *, cluster: Cluster | None = None, preview: Verdicts | None = None
) -> Drift:
    """Return how the layers of a stack differ; `state` is its export, `day` the one for which exceptions hold.

    Raises ValueError for the state of another stack, or a preview that was judged by other controls.
    """
    graph = sources.graph_of(state, stack)
    live, coverage = running(graph, cloud, cluster)
    given = [sources.judged(graph, stack, Layer.STATE, day), sources.judged(live, stack, Layer.RUNNING, day)]
    if preview is not None:
        given.insert(0, preview)
    return Drift(verdicts=tuple(given), differences=layers.compare(given), coverage=coverage)


def cluster_of(kubeconfig: Path) -> Cluster:
    """Return the API server of a kubeconfig; raises ValueError where it is none."""
    from kubernetes import config

    try:
        return Cluster(config.new_client_from_config(str(kubeconfig)))
    except config.ConfigException:
        raise ValueError(f"{kubeconfig} is no kubeconfig with a current context: name another, or leave --kubeconfig out") from None
