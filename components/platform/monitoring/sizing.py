"""How much Prometheus needs for an estate of some size: series, samples, memory and disk (OBS-1, BDR-4, TEN-3)."""

from dataclasses import dataclass

INTERVAL = 30
"""Seconds between two readings: a minute of metrics is the most that may be lost (BDR-4), with one reading missed."""
SERIES_PER_NODE = 1_200
"""Node exporter, kubelet and its volumes."""
SERIES_PER_POD = 160
"""cAdvisor's and kube-state-metrics' together, of a pod with two containers."""
SERIES_PER_AUTOMATION_POD = 700
"""n8n's own: Node.js, its histograms and its counters."""
SERIES_OF_PLATFORM = 60_000
"""The API server's, which are most, and those of operators, exporters and rules."""
BYTES_PER_SAMPLE = 2
"""On disk, compressed. Source: https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects (one to two)."""
MEMORY_PER_SERIES = 8 * 1024
"""In the head block, with its index, queries and the garbage collector's room."""
MEMORY_BASE = 512 * 1024**2
DISK_SHARE = 0.8
"""Of a volume that blocks may fill: the write-ahead log and compactions need the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What is watched.

    Raises ValueError when a number is negative, or nothing is kept.
    """

    nodes: int
    pods_per_node: int
    automation_pods: int
    """Pods of n8n, of all tenants."""
    retention_days: int

    def __post_init__(self) -> None:
        if min(self.nodes, self.pods_per_node, self.automation_pods) < 0 or self.retention_days < 1:
            raise ValueError(f"a load has no negative number, and keeps a day at least (got {self})")

    @property
    def series(self) -> int:
        """Time series that are live at once."""
        pods = self.nodes * self.pods_per_node * SERIES_PER_POD
        return SERIES_OF_PLATFORM + self.nodes * SERIES_PER_NODE + pods + self.automation_pods * SERIES_PER_AUTOMATION_POD

    @property
    def samples_per_second(self) -> float:
        """What is written."""
        return self.series / INTERVAL

    @property
    def block_bytes(self) -> int:
        """What all blocks within the retention take."""
        return int(self.samples_per_second * BYTES_PER_SAMPLE * self.retention_days * 86_400)

    @property
    def volume_gib(self) -> int:
        """The volume that each replica needs, in steps of 10 GiB."""
        needed = self.block_bytes / DISK_SHARE / 1024**3
        return max(10, -(-int(needed + 0.999) // 10) * 10)

    @property
    def memory_mib(self) -> int:
        """What each replica needs in memory, in steps of 256 MiB."""
        needed = (MEMORY_BASE + self.series * MEMORY_PER_SERIES) / 1024**2
        return -(-int(needed + 0.999) // 256) * 256


def retention_size(volume_gib: int) -> str:
    """Return how much of a volume blocks may fill before the oldest go, whatever the days say."""
    return f"{int(volume_gib * DISK_SHARE * 1024)}MB"
