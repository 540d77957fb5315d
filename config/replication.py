"""Where a database's standby and the copies of its own backups may be: checked over all stacks at once (D2)."""

from collections.abc import Mapping, Sequence

from config.errors import Problem
from config.models import RegionPlan
from config.support import Notice
from config.vocabulary import Environment, Region

CONFIRMED_BACKUP_PAIRS = frozenset({(Region.US_EAST_1, Region.US_WEST_2)})
"""Pairs of regions between which RDS is known to replicate automated backups, from and to.

AWS no longer lists the pairs; `aws rds describe-source-regions` tells them (SupportsDBInstanceAutomatedBackupsReplication), and its
documented answer shows this one. Other pairs are unresolved here, not refused.
Source (2026-11-22): https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/AutomatedBackups.Replicating.Describe.html
"""


def problems(plans: Mapping[str, RegionPlan], files: Mapping[str, str], order: Sequence[str]) -> list[Problem]:
    """Return what no single stack file can know to be wrong; `files` names the file of each stack, `order` is that of D12."""
    return [
        *(problem for stack, plan in plans.items() for problem in _of_one(stack, plan, plans, files)),
        *_shared_standbys(plans, files, order),
    ]


def stack_in(plans: Mapping[str, RegionPlan], region: Region, beside: str) -> str | None:
    """Return the stack in `region` that belongs to the environment of stack `beside`, or None when there is none."""
    environment = plans[beside].environment
    return next((name for name, plan in sorted(plans.items()) if (plan.region, plan.environment) == (region, environment)), None)


def backup_notice(stack: str, plan: RegionPlan) -> Notice | None:
    """Return what a preview says of the replication of a production database's own backups."""
    region = plan.database.backups_region
    if plan.environment is not Environment.PRODUCTION:
        return None
    if region is None:
        text = (
            f"RDS replicates no automated backups of {stack}: the copies of AWS Backup carry them (database.backups_region names a region)"
        )
        return Notice(text=text, urgent=False)
    if (plan.region, region) in CONFIRMED_BACKUP_PAIRS:
        return None
    text = (
        f"whether RDS replicates automated backups from {plan.region} to {region} is not known here: before the first up ask "
        f"`aws rds describe-source-regions --region {region}`; if it does not, write backups_region: null"
    )
    return Notice(text=text, urgent=False)


def _of_one(stack: str, plan: RegionPlan, plans: Mapping[str, RegionPlan], files: Mapping[str, str]) -> list[Problem]:
    found, file = [], files[stack]
    for key in ("standby_region", "backups_region"):
        region = getattr(plan.database, key)
        if region is not None and region not in plan.copies:
            allowed = f"a region of `copies` ({', '.join(plan.copies) or 'none'}), or null"
            remedy = f"add {region} to morefocus:copies with its row in the transfer register, or choose one of these"
            found.append(Problem(file, f"morefocus:database.{key}", region, allowed, remedy))
    standby = plan.database.standby_region
    if standby is None or standby not in plan.copies:
        return found
    there = stack_in(plans, standby, stack)
    if there is None:
        homes = sorted({other.region for name, other in plans.items() if name != stack and other.environment is plan.environment})
        allowed = f"a region with a {plan.environment} stack ({', '.join(homes) or 'none'}), whose network the standby stands in"
        found.append(Problem(file, "morefocus:database.standby_region", standby, allowed, "choose one of these, or null"))
    elif plans[there].account_id != plan.account_id:
        allowed = f"a region in the account {plan.account_id}: RDS makes no replica in another account"
        found.append(Problem(file, "morefocus:database.standby_region", standby, allowed, "choose another region, or null"))
    return found


def _shared_standbys(plans: Mapping[str, RegionPlan], files: Mapping[str, str], order: Sequence[str]) -> list[Problem]:
    """Return the second of two regions whose standbys one later stack would have to make: it makes one, and names it so."""
    found = []
    taken: dict[str, str] = {}
    for stack in order:
        standby = plans[stack].database.standby_region
        there = None if standby is None else stack_in(plans, standby, stack)
        if standby is None or there is None or order.index(there) < order.index(stack):
            continue
        other = taken.setdefault(there, stack)
        if other != stack:
            allowed = f"another region than {standby}, whose stack makes the standby of {other} already, or one that is up before {stack}"
            found.append(Problem(files[stack], "morefocus:database.standby_region", standby, allowed, "choose another, or null"))
    return found
