"""What AWS lets an account have of things that each tenant takes one of: buckets and roles (D7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from config.errors import Problem
from config.fields import Count, Model
from config.support import Notice

FILE = "config/estate.yaml"
NEAR = 0.8
"""Share of a limit from which a preview says so."""


class TenancyFacts(Model):
    """What is true of all tenants."""

    bucket_quota: Annotated[Count, Field(ge=1, le=1_000_000, description="buckets that AWS lets an account have; 10000 unless asked")]
    role_quota: Annotated[
        Count, Field(ge=1, le=5000, description="IAM roles that AWS lets an account have; 1000 unless asked, 5000 at most")
    ]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One thing that every tenant takes one of."""

    key: str
    """Where the limit stands in `tenancy`."""
    things: str
    own: int
    """What each stack has besides its tenants', those of copies and of the hub among them."""
    service: str
    code: str

    @property
    def request(self) -> str:
        """How AWS is asked for more."""
        told = f"--service-code {self.service} --quota-code {self.code} --region us-east-1 --desired-value ..."
        return f"aws service-quotas request-service-quota-increase {told}"


LIMITS = (
    Limit(key="bucket_quota", things="buckets", own=12, service="s3", code="L-DC2B2D3D"),
    Limit(key="role_quota", things="IAM roles", own=70, service="iam", code="L-FE177D64"),
)
"""Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


def counted(limit: Limit, stacks: Iterable[str], tenants: Iterable[str]) -> Mapping[str, int]:
    """Return how many there are by account; `stacks` and `tenants` are the accounts that each stands in."""
    found: dict[str, int] = defaultdict(int)
    for account in stacks:
        found[account] += limit.own
    for account in tenants:
        found[account] += 1
    return found


def problems(facts: TenancyFacts, stacks: Iterable[str], tenants: Iterable[str]) -> list[Problem]:
    """Return what an account has more of than AWS lets it have."""
    stacks, tenants = list(stacks), list(tenants)
    return [
        Problem(
            FILE,
            f"tenancy.{limit.key}",
            f"{count} {limit.things} in account {account}",
            f"at most {getattr(facts, limit.key)}, what AWS lets the account have",
            f"ask AWS for more ({limit.request}), then write what was granted here",
        )
        for limit in LIMITS
        for account, count in counted(limit, stacks, tenants).items()
        if count > getattr(facts, limit.key)
    ]


def notices(account: str, facts: TenancyFacts, stacks: Iterable[str], tenants: Iterable[str]) -> list[Notice]:
    """Return what an account comes to the end of."""
    stacks, tenants = list(stacks), list(tenants)
    found = []
    for limit in LIMITS:
        count, most = counted(limit, stacks, tenants)[account], getattr(facts, limit.key)
        if count >= NEAR * most:
            remedy = f"ask for more in time (`{limit.request}`), then raise tenancy.{limit.key}"
            text = f"account {account} has {count} of {most} {limit.things}: {remedy}"
            found.append(Notice(text=text, urgent=True))
    return found
