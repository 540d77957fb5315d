"""How facts are written."""

from collections.abc import Iterable
from functools import cache

from botocore.loaders import Loader

_PRODUCTS = {"postgres": "PostgreSQL", "redis": "Redis", "valkey": "Valkey"}
_HTTP = {"http1.1": "HTTP/1.1", "http2": "HTTP/2", "http2and3": "HTTP/2 and 3", "http3": "HTTP/3"}
_LAWS = {"gdpr": "GDPR", "lgpd": "LGPD"}


@cache
def place(region: str) -> str:
    """Return where a region is, as AWS names it: `Europe (Ireland)`."""
    partitions = Loader().load_data("endpoints")["partitions"]
    found = (each["regions"][region]["description"] for each in partitions if region in each["regions"])
    return next((str(text) for text in found), region)


def product(engine: str) -> str:
    """Return how a database engine writes its name."""
    return _PRODUCTS.get(engine, engine)


def http(version: str) -> str:
    """Return the HTTP versions CloudFront speaks."""
    return _HTTP.get(version, version)


def law(jurisdiction: str) -> str | None:
    """Return the short name of a data protection law, or None where there is none."""
    return None if jurisdiction == "none" else _LAWS.get(jurisdiction, jurisdiction)


def count(number: int, noun: str) -> str:
    """Return `1 shard`, `3 shards`, `1,000 shards`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def letters(zones: Iterable[str]) -> str:
    """Return the letters that tell zones of a region apart: `a b c`."""
    return " ".join(zone[-1] for zone in zones)
