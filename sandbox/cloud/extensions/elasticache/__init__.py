"""ElastiCache: groups of caches with their members, and what they refer to, from their making to their end."""

from __future__ import annotations


def install() -> None:
    """Adds it to moto."""
    from sandbox.cloud.extensions.elasticache import groups, replication

    groups.install()
    replication.install()
