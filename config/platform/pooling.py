"""Connections to PostgreSQL: how many there are, who shares them, and on which database a tenant's schema stands (DAT-7)."""

import hashlib
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.vocabulary import Tier

ShardName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$", description="a letter, then letters and digits, 16 at most")]
RESERVED_SHARDS = ("n8n", "pgbouncer", "postgres")
"""Names that a pooler's databases have already."""


class ShardPlan(Model):
    """A database that holds schemas of tenants."""

    host: Annotated[str | None, Field(description="address of its PostgreSQL server; null: the region's own")] = None
    database: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="name of the database there")] = "morefocus"
    open: Annotated[bool, Field(description="false: holds what it holds, and takes no new tenant")] = True


class PoolingPlan(Model):
    """How PgBouncer shares a region's connections out."""

    replicas: Annotated[Count, Field(ge=1, le=20, description="PgBouncers, spread over the zones")]
    clients: Annotated[Count, Field(ge=100, le=20000, description="clients that one PgBouncer lets wait or work at a time")]
    n8n: Annotated[Count, Field(ge=1, description="connections of n8n at one PgBouncer")]
    tiers: Annotated[dict[Tier, Count], Field(description="connections of one tenant at one PgBouncer, by tier")]
    shards: Annotated[
        dict[ShardName, ShardPlan], Field(min_length=1, description="databases by name; tenants are spread over the open ones")
    ]

    @model_validator(mode="after")
    def _serves_every_tier(self) -> "PoolingPlan":
        if missing := [tier for tier in Tier if self.tiers.get(tier, 0) < 1]:
            raise refuse("at least 1 for each tier", "add it", key="tiers", given=f"none for {', '.join(missing)}")
        if taken := sorted(set(self.shards) & set(RESERVED_SHARDS)):
            raise refuse(f"a name other than {', '.join(RESERVED_SHARDS)}", "rename it", key="shards", given=taken[0])
        if not any(shard.open for shard in self.shards.values()):
            raise refuse("one open shard at least, for new tenants", "open one, or add one", key="shards", given="none is open")
        return self

    def shard_of(self, tenant: str) -> str:
        """Return the open shard that a new tenant goes to; which one depends on its own name and the shards' alone.

        So a tenant that is added moves no other. A shard that is added would move some: `make new-tenant` writes the shard down.
        """
        return max((name for name, shard in self.shards.items() if shard.open), key=lambda name: _weight(tenant, name))

    def shares(self, most: int) -> Mapping[Tier, int]:
        """Return the most connections that each tier's tenants of one shard have together at one PgBouncer, when a server has `most`.

        Tiers share in the proportion of their tenants' own connections, so that many small tenants keep no large one out.
        """
        whole = sum(self.tiers[tier] for tier in Tier)
        room = most // self.replicas - self.n8n
        return {tier: room * self.tiers[tier] // whole for tier in Tier}


def _weight(tenant: str, shard: str) -> bytes:
    return hashlib.sha256(f"{tenant}/{shard}".encode()).digest()
