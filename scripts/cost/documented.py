"""The sources' tables of costs beside the estate's own estimate, with each difference explained (CST-1, SCH-11, D8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scripts.cost.estimate import Estimate, total
from scripts.cost.line import HOURS, Line
from scripts.cost.stores import MULTI_AZ


@dataclass(frozen=True, kw_only=True)
class Documented:
    """A row of a source's table. Its figures are the owner's, not AWS's."""

    group: str
    name: str
    quantity: Decimal
    unit: Decimal
    """USD for one of them a month, as the source has it."""
    usd: Decimal
    covers: Callable[[Line], bool]
    """Lines of the estimate that this row is about."""
    counts: Callable[[Sequence[Line]], Decimal]
    """How many of its units the estate has."""
    explains: str
    """Why the estate differs."""
    explains_lean: str = ""
    """Why the lean estate does, where it is for another reason."""

    def why(self, *, lean: bool) -> str:
        """Return why a profile differs from the source."""
        return self.explains_lean if lean and self.explains_lean else self.explains


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A row beside what the estate costs for the same."""

    row: Documented
    quantity: Decimal
    """What the estate has."""
    at_source_price: Decimal
    """The estate's quantity at the source's own unit price."""
    estimate: Decimal
    unresolved: int
    """Lines without a price, which the estimate leaves out."""
    left_open: Decimal
    """What those would cost at the source's own unit price, where the row counts them."""

    @property
    def difference(self) -> Decimal:
        """USD a month beyond the source's row."""
        return self.estimate - self.row.usd

    @property
    def of_quantity(self) -> Decimal:
        """Part of the difference that comes of there being more or fewer, at the source's price."""
        return self.at_source_price - self.row.usd

    @property
    def of_price(self) -> Decimal:
        """Part of the difference that comes of other prices, and of traffic and storage beside it."""
        return self.estimate + self.left_open - self.at_source_price

    @property
    def of_unresolved(self) -> Decimal:
        """Part of the difference that is there only because prices are missing, at the source's own."""
        return -self.left_open


def compare(estimate: Estimate, rows: Sequence[Documented]) -> list[Compared]:
    """Return each row beside the estate's own figure, and last what the sources leave out."""
    found = []
    for row in rows:
        lines = [line for line in estimate.lines if row.covers(line)]
        quantity = row.counts(lines)
        missing = [line for line in lines if not line.price.resolved]
        found.append(
            Compared(
                row=row,
                quantity=quantity,
                at_source_price=quantity * row.unit,
                estimate=total(lines),
                unresolved=len(missing),
                left_open=(row.counts(missing) - row.counts(())) * row.unit,
            )
        )
    return found


def left_out(estimate: Estimate, rows: Sequence[Documented]) -> tuple[Line, ...]:
    """Return the lines that no row of the sources is about."""
    return tuple(line for line in estimate.lines if not any(row.covers(line) for row in rows))


def _hours(prefix: str) -> Callable[[Sequence[Line]], Decimal]:
    return lambda lines: sum((line.quantity for line in lines if line.price.key.startswith(prefix)), Decimal(0)) / HOURS


def _databases(lines: Sequence[Line]) -> Decimal:
    instances = [line.quantity * (2 if line.price.key.endswith(MULTI_AZ) else 1) for line in lines]
    return sum(instances, Decimal(0)) / HOURS


def _sum(*keys: str) -> Callable[[Sequence[Line]], Decimal]:
    return lambda lines: sum((line.quantity for line in lines if line.price.key in keys), Decimal(0))


def _keys(*prefixes: str) -> Callable[[Line], bool]:
    return lambda line: line.price.key.startswith(prefixes)


def _whole(lines: Sequence[Line]) -> Decimal:
    return Decimal(1)


def _row(
    names: tuple[str, str],
    figures: tuple[str, str, str],
    covers: Callable[[Line], bool],
    counts: Callable[[Sequence[Line]], Decimal],
    explains: str,
    *,
    explains_lean: str = "",
) -> Documented:
    group, name = names
    quantity, unit, usd = map(Decimal, figures)
    return Documented(
        group=group,
        name=name,
        quantity=quantity,
        unit=unit,
        usd=usd,
        covers=covers,
        counts=counts,
        explains=explains,
        explains_lean=explains_lean,
    )


_NODES = ("ec2:t3.", "ec2:t4g.", "ec2:c5.", "ec2:c7g.")
SOURCE_A: tuple[Documented, ...] = (
    _row(("compute", "EKS control planes"), ("3", "72", "216"), _keys("eks:"), _hours("eks:"), "720 hours a month in the source, 730 here"),
    _row(
        ("compute", "t3.large"),
        ("6", "67", "402"),
        _keys("ec2:t3.", "ec2:t4g."),
        _hours("ec2:t"),
        "part on Spot; no disks in the source, listed below",
        explains_lean="t4g.large on Graviton, part on Spot; no disks in the source, listed below",
    ),
    _row(
        ("compute", "c5.xlarge"),
        ("3", "146", "438"),
        _keys("ec2:c5.", "ec2:c7g."),
        _hours("ec2:c"),
        "list prices of each region",
        explains_lean="none until there is work for them",
    ),
    _row(
        ("storage", "RDS db.r5.xlarge"),
        ("3", "285", "855"),
        _keys("rds:postgres:"),
        _databases,
        "a standby, two replicas and copies in other regions, all asked for and not counted; the price is below the list",
        explains_lean="a standby each, which the source asks for and does not count; db.t4g.medium, and no replicas",
    ),
    _row(
        ("storage", "ElastiCache"),
        ("3", "142", "426"),
        _keys("elasticache:"),
        _hours("elasticache:"),
        "the source prices three nodes as three clusters; it asks for six nodes a region, and n8n's queue needs two more (D5)",
        explains_lean="as many nodes as asked for, and two for n8n's queue (D5), of cache.t4g.small and cache.t4g.micro",
    ),
    _row(
        ("storage", "S3"),
        ("5000", "0.023", "115"),
        _keys("s3:"),
        _sum("s3:standard"),
        "requests and tiering come on top; 5 TB over all buckets",
    ),
    _row(
        ("storage", "EFS"),
        ("1000", "0.30", "300"),
        _keys("efs:"),
        _sum("efs:standard"),
        "1 TB over three regions, at each one's price",
        explains_lean="a tenth of the files, until there are more",
    ),
    _row(("networking", "load balancers"), ("3", "22", "66"), _keys("alb:"), _hours("alb:hour"), "capacity units come on top"),
    _row(
        ("networking", "CloudFront"),
        ("1000", "0.085", "85"),
        _keys("cdn:"),
        _sum("cdn:us-gb", "cdn:eu-gb", "cdn:sa-gb"),
        "dearer in South America; requests come on top",
    ),
    _row(
        ("networking", "between regions"),
        ("500", "0.02", "10"),
        _keys("transfer:region"),
        _sum("transfer:region"),
        "what leaves São Paulo costs seven times as much",
    ),
    _row(
        ("monitoring-and-security", "CloudWatch"),
        ("1", "150", "150"),
        _keys("logs:", "alarm:", "metric:", "dashboard:"),
        _whole,
        "logs, alarms and metrics of each resource",
    ),
    _row(
        ("monitoring-and-security", "WAF"),
        ("3", "5", "15"),
        _keys("waf:"),
        _sum("waf:acl"),
        "an access list at every public entry (SEC-3), and rules and requests come on top",
    ),
    _row(
        ("monitoring-and-security", "Secrets Manager"),
        ("50", "0.40", "20"),
        _keys("secrets:"),
        _sum("secrets:secret"),
        "one for each component and region, with copies and calls",
    ),
    _row(("third-party", "New Relic"), ("10", "25", "250"), _keys("new-relic:"), _sum("new-relic:host"), "as the source has it"),
    _row(
        ("third-party", "Datadog"),
        ("15", "15", "225"),
        _keys("datadog:"),
        _sum("datadog:host"),
        "as the source has it",
        explains_lean="left out: Prometheus watches the nodes",
    ),
    _row(("third-party", "GitLab"), ("1", "99", "99"), _keys("gitlab:"), _sum("gitlab:licence"), "as the source has it"),
)
"""The tables of the infrastructure document; certificates, which cost nothing, are left out."""


def _scheduling(*services: str) -> Callable[[Line], bool]:
    return lambda line: line.component.startswith("scheduling") and line.service in services


SOURCE_B: tuple[Documented, ...] = (
    _row(
        ("compute", "Lambda"),
        ("1", "20", "20"),
        _scheduling("Lambda"),
        _whole,
        "a million short calls on arm64; the source's sum is for longer or larger ones",
    ),
    _row(
        ("storage", "DynamoDB"),
        ("1", "25", "25"),
        _scheduling("DynamoDB"),
        _whole,
        "on demand instead of provisioned; copies in two regions come on top (D1)",
    ),
    _row(
        ("compute", "API Gateway"),
        ("1", "15", "15"),
        _scheduling("API Gateway"),
        _whole,
        "requests cost less; the cache of API-3 has its own hours",
    ),
    _row(("compute", "SQS"), ("1", "5", "5"), _scheduling("SQS"), _whole, "three requests a job"),
)
"""What the scheduling document names by itself; its S3 and CloudFront (10 USD) are the platform's, shared with all."""
B_TOTAL = Decimal(75)
"""What the scheduling service is to cost a month on AWS at 1,000 active users (SCH-11)."""


def scheduling(estimate: Estimate) -> tuple[Line, ...]:
    """Return every line of the scheduling service's own components."""
    return tuple(line for line in estimate.lines if line.component.startswith("scheduling"))


def documented_total(rows: Sequence[Documented]) -> Decimal:
    """Return the sum of a source's table."""
    return sum((row.usd for row in rows), Decimal(0))
