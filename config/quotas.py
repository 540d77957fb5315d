"""What AWS lets an account have in a region unless asked, beside what the estate's plans will have at most (CMP-4).

Only the quotas that a plan's own numbers can pass are here. Codes and defaults as AWS's pages had them in November 2026.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model
from config.models import PoolPlan, RegionPlan
from config.support import Notice
from config.vocabulary import Region

_EC2 = "https://docs.aws.amazon.com/general/latest/gr/ec2-service.html"
_SPOT = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html"
_VPC = "https://docs.aws.amazon.com/general/latest/gr/vpc-service.html"
_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_STANDARD_FAMILIES = "acdhimrtz"
_SIZE = re.compile(r"(\d*)xlarge")
_DEFAULT_VPC = 1
"""Every region comes with a VPC of AWS's own, which counts."""
_UNRESERVED = 100
"""Calls at a time that Lambda leaves to functions without a reservation, and never reserves.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One limit of an account in a region."""

    name: str
    service: str
    code: str
    default: int
    source: str


ON_DEMAND = Quota(name="vCPUs of running on-demand standard instances", service="ec2", code="L-1216C47A", default=5, source=_EC2)
SPOT = Quota(name="vCPUs of standard Spot instances", service="ec2", code="L-34B43A08", default=5, source=_SPOT)
ADDRESSES = Quota(name="Elastic IP addresses", service="ec2", code="L-0263D0A3", default=5, source=_EC2)
NETWORKS = Quota(name="VPCs", service="vpc", code="L-F678F1CE", default=5, source=_VPC)
GATEWAYS = Quota(name="NAT gateways in one zone", service="vpc", code="L-FE5A380F", default=5, source=_VPC)
DATABASES = Quota(name="RDS instances", service="rds", code="L-7B6409FD", default=40, source=_RDS)
CALLS = Quota(name="calls of Lambda functions at a time", service="lambda", code="L-B99A9384", default=1000, source=_LAMBDA)
TABLE = (ON_DEMAND, SPOT, ADDRESSES, NETWORKS, GATEWAYS, DATABASES, CALLS)


class GrantedQuota(Model):
    """What AWS has granted on request."""

    region: Annotated[Region, Field(description="AWS region it was granted in")]
    code: Annotated[str, Field(description="quota code such as L-1216C47A")]
    value: Annotated[Count, Field(ge=1, description="what AWS granted")]

    @model_validator(mode="after")
    def _is_counted(self) -> "GrantedQuota":
        known = [quota.code for quota in TABLE]
        if self.code not in known:
            raise refuse(f"a code of {', '.join(known)}", "correct it, or remove the row", key="code", given=self.code)
        return self


def needs(plans: Sequence[RegionPlan], everywhere: Sequence[RegionPlan]) -> Mapping[Quota, int | None]:
    """Return what the plans of one account and region have at most, by quota; None where a type's vCPUs are not known.

    `everywhere` are all plans of the account: standbys of other regions' databases stand here too.
    """
    pools = [(pool, plan.cluster.spot_share) for plan in plans for pool in (plan.cluster.standard, plan.cluster.intensive)]
    here = {plan.region for plan in plans}
    standbys = sum(1 for plan in everywhere if plan.database.standby_region in here)
    return {
        ON_DEMAND: _sum(_vcpus(pool, pool.max - _on_spot(pool, share)) for pool, share in pools),
        SPOT: _sum(_vcpus(pool, _on_spot(pool, share)) for pool, share in pools),
        ADDRESSES: sum(len(plan.network.zones) if plan.network.nat == "per-zone" else 1 for plan in plans),
        NETWORKS: _DEFAULT_VPC + sum(1 + len(plan.connectivity.enterprise_networks) for plan in plans),
        GATEWAYS: len(plans),
        DATABASES: standbys + sum(1 + plan.database.replicas for plan in plans),
        CALLS: _UNRESERVED + sum(plan.scheduling.functions.reserved for plan in plans if plan.scheduling.enabled),
    }


def notices(plans: Sequence[RegionPlan], everywhere: Sequence[RegionPlan], granted: Sequence[GrantedQuota]) -> list[Notice]:
    """Return each quota that the plans of one account and region would exceed, with the command that asks for more."""
    if not plans:
        return []
    region = plans[0].region
    allowed = {row.code: row.value for row in granted if row.region is region}
    found = []
    for quota, needed in needs(plans, everywhere).items():
        limit = allowed.get(quota.code, quota.default)
        if needed is None:
            text = f"{quota.name} in {region}: unresolved, since the vCPUs of a pool's instance type are not known; AWS grants {limit}"
            found.append(Notice(text=f"{text} ({quota.source})", urgent=False))
        elif needed > limit:
            found.append(Notice(text=_request(quota, region, needed, limit, granted=quota.code in allowed), urgent=True))
    return found


def vcpus(instance_type: str) -> int | None:
    """Return the vCPUs of a type of the standard families: 2 for large, 4 for each xlarge; None for what that does not tell."""
    family, _, size = instance_type.partition(".")
    if family[:1] not in _STANDARD_FAMILIES:
        return None
    if size == "large":
        return 2
    found = _SIZE.fullmatch(size)
    return 4 * int(found[1] or 1) if found else None


def _vcpus(pool: PoolPlan, nodes: int) -> int | None:
    each = vcpus(pool.instance_type)
    return 0 if nodes == 0 else None if each is None else each * nodes


def _on_spot(pool: PoolPlan, share: float) -> int:
    """Return the pool's part on Spot as whole nodes, halves going to Spot, as the pools are shared (CMP-3)."""
    return (2 * pool.max * round(share * 100) + 100) // 200


def _sum(parts: Iterable[int | None]) -> int | None:
    """Return the sum, or None where a part is not known."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _request(quota: Quota, region: Region, needed: int, limit: int, *, granted: bool) -> str:
    said = "granted" if granted else "AWS's default"
    command = (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} --quota-code {quota.code} "
        f"--desired-value {needed} --region {region}"
    )
    told = f"{quota.name} in {region}: the plan has up to {needed}, {said} is {limit}"
    return f"{told}; ask with `{command}`, then record it under quotas in config/estate.yaml"
