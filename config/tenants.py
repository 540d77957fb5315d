"""Tenants: a file each in config/tenants/, from which all that a tenant has follows (TEN-1, TEN-2, D5, D7)."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.models import PoolPlan
from config.vocabulary import Environment, Market, Region, Tier

FOLDER = "config/tenants"
LONGEST_NAME = 30
"""Leaves room for what is put before and behind it in names of buckets and roles."""
RESERVED = frozenset({"all", "default", "n8n", "none", "platform", "postgres", "public", "shared", "system", "tenant"})
MARKETS = (Market.US, Market.EU, Market.BR, Market.AR)
"""Markets of customers as DAT-3 lists them; Canada's are of the market US, which the same region serves."""
N8N_NEEDS: Mapping[str, Decimal] = {
    "requests_cpu": Decimal("0.75"),
    "requests_memory": Decimal(1536),
    "limits_cpu": Decimal(3),
    "limits_memory": Decimal(6144),
    "claims": Decimal(1),
    "services": Decimal(2),
}
"""What n8n of a tenant's own takes at least: main, webhook processor and worker of 250m and 512Mi, up to 1 CPU and 2Gi each (N8N-2)."""
Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        max_length=LONGEST_NAME,
        description="lower-case words joined by hyphens, 30 letters at most",
    ),
]
Cpu = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$|^\d+m$", description="CPUs such as 4 or 500m, in quotes")]
Memory = Annotated[str, Field(pattern=r"^\d+[MG]i$", description="memory such as 8Gi")]


def amount(quantity: str) -> Decimal:
    """Return a quantity as CPUs, as MiB, or as a number."""
    if quantity.endswith("Gi"):
        return Decimal(quantity.removesuffix("Gi")) * 1024
    if quantity.endswith("Mi"):
        return Decimal(quantity.removesuffix("Mi"))
    return Decimal(quantity.removesuffix("m")) / 1000 if quantity.endswith("m") else Decimal(quantity)


def _spelled(key: str, least: Decimal) -> str:
    return f"{least}Mi" if key.endswith("memory") else str(least)


OWN_NODES = PoolPlan(instance_type="c5.xlarge", min=1, desired=1, max=3)
"""Nodes of an enterprise tenant's own: of a type whose pods can have a security group of their own, which burstable types' cannot.

Source: https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html
"""


class LicenceMode(StrEnum):
    """On what ground a tenant's automations run on n8n."""

    INTERNAL = "internal-automation"
    """Automations of our own business: n8n's Sustainable Use licence allows it."""
    EMBED = "embed"
    """Automations for a customer: an embed or enterprise licence of n8n's makers allows it."""
    REFUSED = "refused"
    """None: the tenant has no n8n."""


class Licence(Model):
    """Whether, and why, n8n may run for a tenant (D5)."""

    mode: Annotated[LicenceMode, Field(description=f"one of {', '.join(LicenceMode)}")]
    reference: Annotated[str | None, Field(min_length=3, description="number or document of the embed licence")] = None

    @model_validator(mode="after")
    def _has_its_ground(self) -> "Licence":
        if (self.mode is LicenceMode.EMBED) != (self.reference is not None):
            raise refuse(
                "a reference for embed, and for no other mode",
                "name the licence, or correct the mode",
                key="reference",
                given=self.reference,
            )
        return self


class Quota(Model):
    """What a tenant's pods may take together (TEN-2)."""

    requests_cpu: Cpu = "4"
    requests_memory: Memory = "8Gi"
    limits_cpu: Cpu = "8"
    limits_memory: Memory = "16Gi"
    claims: Annotated[Count, Field(ge=0, description="persistent volume claims")] = 10
    services: Annotated[Count, Field(ge=0, description="services")] = 5

    def hard(self) -> dict[str, str]:
        """Return it as a ResourceQuota spells it."""
        return {
            "requests.cpu": self.requests_cpu,
            "requests.memory": self.requests_memory,
            "limits.cpu": self.limits_cpu,
            "limits.memory": self.limits_memory,
            "persistentvolumeclaims": str(self.claims),
            "services": str(self.services),
        }

    @model_validator(mode="after")
    def _is_ordered(self) -> "Quota":
        for kind in ("cpu", "memory"):
            if amount(getattr(self, f"requests_{kind}")) > amount(getattr(self, f"limits_{kind}")):
                allowed = f"at most limits_{kind}, {getattr(self, f'limits_{kind}')}"
                raise refuse(allowed, "lower it, or raise the limit", key=f"requests_{kind}", given=getattr(self, f"requests_{kind}"))
        return self

    def short_of_n8n(self) -> dict[str, str]:
        """Return what is below n8n's needs: key to the least that it must be."""
        return {key: _spelled(key, least) for key, least in N8N_NEEDS.items() if amount(str(getattr(self, key))) < least}


class Tenant(Model):
    """One tenant."""

    name: Name
    market: Annotated[Market, Field(description=f"one of {', '.join(MARKETS)}")]
    tier: Annotated[Tier, Field(description=f"one of {', '.join(Tier)}")]
    sold: Annotated[bool, Field(description="true: a customer pays for it; false: our own")]
    licence: Licence
    environment: Annotated[Environment, Field(description=f"one of {', '.join(Environment)}")] = Environment.PRODUCTION
    region: Annotated[Region | None, Field(description="region that serves its market; absent: found by the market")] = None
    shard: Annotated[str | None, Field(description="database that holds its schema; absent: computed from its name")] = None
    network: Annotated[str | None, Field(description="its own VPC, by its name in connectivity.enterprise_networks; enterprise only")] = (
        None
    )
    own_nodes: Annotated[bool | None, Field(description="nodes that no other tenant's pods share; absent: what its tier has")] = None
    nodes: Annotated[PoolPlan, Field(description="its own nodes, where it has some: instance_type, min, desired, max")] = OWN_NODES
    quota: Quota = Quota()
    alerts: Annotated[
        str | None,
        Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="e-mail address that is told of its own alerts as well (OBS-6)"),
    ] = None

    @model_validator(mode="after")
    def _is_allowed(self) -> "Tenant":
        if self.name in RESERVED:
            raise refuse(f"a name other than {', '.join(sorted(RESERVED))}", "choose another", key="name", given=self.name)
        if self.market not in MARKETS:
            raise refuse(f"one of {', '.join(MARKETS)}", "Canada's customers are of the market US", key="market", given=self.market)
        if self.sold and self.licence.mode is LicenceMode.INTERNAL:
            allowed = "embed with the licence's reference, or refused: n8n's licence forbids selling it"
            raise refuse(allowed, "name the licence, or set sold: false for our own", key="licence.mode", given=self.licence.mode)
        if self.tier is not Tier.ENTERPRISE and (self.network or self.own_nodes):
            key = "network" if self.network else "own_nodes"
            raise refuse("this for tier enterprise only", "remove it, or raise the tier", key=key, given=getattr(self, key))
        if self.nodes.instance_type.startswith("t"):
            allowed = "a type that is not burstable: pods on those have no security group of their own"
            raise refuse(allowed, "choose another, such as c5.xlarge", key="nodes.instance_type", given=self.nodes.instance_type)
        if self.licence.mode is not LicenceMode.REFUSED:
            for key, least in self.quota.short_of_n8n().items():
                allowed = f"at least {least}, which n8n needs"
                raise refuse(allowed, "raise it, or set licence.mode: refused", key=f"quota.{key}", given=getattr(self.quota, key))
        return self

    @property
    def file(self) -> str:
        """Where it is written."""
        return f"{FOLDER}/{self.name}.yaml"

    @property
    def namespace(self) -> str:
        """Its namespace in the cluster."""
        return f"tenant-{self.name}"

    @property
    def schema_name(self) -> str:
        """Its schema, and its role, in PostgreSQL."""
        return f"tenant_{self.name.replace('-', '_')}"

    @property
    def has_own_nodes(self) -> bool:
        """Whether its pods stand on nodes of their own: for tier enterprise unless its file says otherwise (D3)."""
        return self.tier is Tier.ENTERPRISE if self.own_nodes is None else self.own_nodes
