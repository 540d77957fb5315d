"""Until when AWS supports each version the estate may run, in one table.

A date that could not be found is None, which is said aloud and never guessed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

WARN_AHEAD = timedelta(days=120)
"""How long before the end of standard support a version is reported (D4)."""

_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html"
_POSTGRES = "https://www.postgresql.org/support/versioning/"
_REDIS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"


@dataclass(frozen=True, kw_only=True)
class Support:
    """The end of standard support of one version of one product."""

    product: str
    version: str
    ends: date | None
    source: str


TABLE = (
    # As AWS's calendar had it in February 2026; the date of 1.36 was not to be had.
    Support(product="EKS", version="1.35", ends=date(2027, 3, 27), source=_EKS),
    Support(product="EKS", version="1.36", ends=None, source=_EKS),
    # The community's last release; RDS supports a major version at least until then.
    Support(product="PostgreSQL", version="17", ends=date(2029, 11, 8), source=_POSTGRES),
    Support(product="PostgreSQL", version="18", ends=date(2030, 11, 14), source=_POSTGRES),
    # ElastiCache has announced no date for Redis OSS 7.
    Support(product="Redis", version="7.1", ends=None, source=_REDIS),
    # From then on AWS mends the runtime no more; functions of it can be changed for two months longer.
    Support(product="Node.js on Lambda", version="24", ends=date(2028, 4, 30), source=_LAMBDA),
)


def versions(product: str) -> tuple[str, ...]:
    """Return the versions of a product that the estate may run (D4)."""
    return tuple(row.version for row in TABLE if row.product == product)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a person should read, though nothing is wrong."""

    text: str
    urgent: bool
    """True when there is something to do soon."""


def notice(product: str, version: str, today: date) -> Notice | None:
    """Return what to know about a version's support, or None while its end is far."""
    row = next(row for row in TABLE if (row.product, row.version) == (product, version))
    subject = f"{product} {version}"
    if row.ends is None:
        return Notice(text=f"{subject}: end of standard support unresolved; look it up at {row.source}", urgent=False)
    if row.ends < today:
        return Notice(text=f"{subject}: standard support ended on {row.ends}; upgrade now ({row.source})", urgent=True)
    if row.ends - today <= WARN_AHEAD:
        days = (row.ends - today).days
        return Notice(text=f"{subject}: standard support ends in {days} days, on {row.ends}; plan the upgrade ({row.source})", urgent=True)
    return None
