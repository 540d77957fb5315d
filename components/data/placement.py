"""Where in a region a data store may stand."""

from collections.abc import Sequence


def check_zones(region: str, zones: Sequence[str]) -> None:
    """Raise ValueError when a zone is not of `region`."""
    foreign = [zone for zone in zones if zone[:-1] != region]
    if foreign:
        raise ValueError(f"zones of {region} are named {region}a, {region}b and so on (got {', '.join(foreign)})")
