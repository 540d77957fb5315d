"""How a pool of nodes is shared between on-demand and Spot: plain arithmetic (CMP-3)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolSize:
    """Nodes of a pool, of both kinds together.

    Raises ValueError unless 0 <= minimum <= desired <= maximum and maximum is at least 1.
    """

    minimum: int
    desired: int
    """At creation; afterwards the autoscaler decides."""
    maximum: int

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= self.desired <= self.maximum or self.maximum < 1:
            raise ValueError(
                "a pool needs 0 <= minimum <= desired <= maximum and a maximum of at least 1 "
                f"(got minimum {self.minimum}, desired {self.desired}, maximum {self.maximum})"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """A pool in two groups; None for one that could never have a node."""

    on_demand: PoolSize | None
    spot: PoolSize | None


def share(size: PoolSize, spot_percent: int) -> Shares:
    """Return the two groups of a pool, each as near to its share as whole nodes allow, halves going to Spot.

    Together they have exactly the pool's minimum, desired and maximum: of 10 nodes at 30 percent 3 are Spot, of 2 one,
    of 1 none.

    Raises ValueError for a percentage outside 0 to 100.
    """
    if not 0 <= spot_percent <= 100:
        raise ValueError(f"spot_percent must be 0 to 100 (got {spot_percent})")
    spot = [_nearest(nodes, spot_percent) for nodes in (size.minimum, size.desired, size.maximum)]
    rest = [size.minimum - spot[0], size.desired - spot[1], size.maximum - spot[2]]
    return Shares(on_demand=_size(rest), spot=_size(spot))


def _nearest(nodes: int, percent: int) -> int:
    return (2 * nodes * percent + 100) // 200


def _size(nodes: list[int]) -> PoolSize | None:
    # EKS refuses a node group whose maximum is 0.
    return PoolSize(minimum=nodes[0], desired=nodes[1], maximum=nodes[2]) if nodes[2] else None
