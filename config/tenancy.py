"""All tenants at once: names that differ, a region for each market, and room for all (TEN-1, DAT-7, D7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from config import account_limits
from config.account_limits import TenancyFacts
from config.connections import most_connections
from config.errors import Problem
from config.models import RegionPlan
from config.support import Notice
from config.tenants import Tenant
from config.vocabulary import Environment, Market


def stacks_by_market(plans: Mapping[str, RegionPlan]) -> Mapping[tuple[Environment, Market], str]:
    """Return the stack that serves each market of each environment."""
    return {(plan.environment, market): stack for stack, plan in plans.items() for market in plan.markets}


def of_stack(stack: str, plans: Mapping[str, RegionPlan], tenants: Iterable[Tenant]) -> tuple[Tenant, ...]:
    """Return a stack's tenants, by name."""
    serving = stacks_by_market(plans)
    mine = (tenant for tenant in tenants if serving.get((tenant.environment, tenant.market)) == stack)
    return tuple(sorted(mine, key=lambda tenant: tenant.name))


def problems(files: Mapping[str, Tenant], plans: Mapping[str, RegionPlan], facts: TenancyFacts) -> list[Problem]:
    """Return what is wrong between tenants, and between them and the regions; `files` are tenants by the file each was read from."""
    serving = stacks_by_market(plans)
    found = _names(files)
    for file, tenant in files.items():
        stack = serving.get((tenant.environment, tenant.market))
        if stack is None:
            allowed = f"a market that a stack of {tenant.environment} serves: {_markets(serving, tenant.environment) or 'none is served'}"
            found.append(Problem(file, "market", tenant.market, allowed, "choose one of these, or add it to the markets of a stack"))
            continue
        found += _placed(file, tenant, stack, plans[stack])
    accounts = [plan.account_id for plan in plans.values()]
    return [*found, *_connections(plans), *account_limits.problems(facts, accounts, _accounts(files.values(), plans))]


def _names(files: Mapping[str, Tenant]) -> list[Problem]:
    holders: dict[str, list[str]] = defaultdict(list)
    for file, tenant in files.items():
        holders[tenant.name].append(file)
    found = [
        Problem(file, "name", name, f"a name that no other tenant has; {rest[0]} has it", "choose another")
        for name, several in holders.items()
        for file, rest in [(several[-1], several[:-1])]
        if rest
    ]
    return found + [
        Problem(file, "name", tenant.name, f"the file's own name, {_stem(file)}", f"rename the file to {tenant.file}, or the tenant")
        for file, tenant in files.items()
        if tenant.name != _stem(file) and len(holders[tenant.name]) == 1
    ]


def _connections(plans: Mapping[str, RegionPlan]) -> list[Problem]:
    """Return the stacks whose database has no room for what the poolers share out."""
    found = []
    for stack, plan in plans.items():
        pooling, file = plan.platform.pooling, f"Pulumi.{stack}.yaml"
        most = most_connections(plan.database.instance_class)
        if most is None:
            allowed = "a class whose memory config/connections.py knows: families m, r, t and x"
            found.append(
                Problem(file, "morefocus:database.instance_class", plan.database.instance_class, allowed, "choose one, or add it there")
            )
        elif any(share < pooling.tiers[tier] for tier, share in pooling.shares(most).items()):
            given = f"{pooling.replicas} poolers with {pooling.n8n} connections of n8n each"
            allowed = f"what leaves each tier one pool: {plan.database.instance_class} has {most} connections to share"
            found.append(
                Problem(file, "morefocus:platform.pooling", given, allowed, "lower n8n, replicas or tiers, or take a larger class")
            )
    return found


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


def _placed(file: str, tenant: Tenant, stack: str, plan: RegionPlan) -> list[Problem]:
    found = []
    if tenant.region not in (None, plan.region):
        allowed = f"{plan.region}, which serves the market {tenant.market}, or nothing"
        found.append(Problem(file, "region", str(tenant.region), allowed, "remove the region, or correct the market"))
    shards = plan.platform.pooling.shards
    if tenant.shard is not None and tenant.shard not in shards:
        allowed = f"a shard of {stack}: {', '.join(shards)}"
        found.append(Problem(file, "shard", tenant.shard, allowed, "choose one, or add it under platform.pooling.shards"))
    networks = [each.name for each in plan.connectivity.enterprise_networks]
    if tenant.network is not None and tenant.network not in networks:
        allowed = f"a network of connectivity.enterprise_networks of {stack}: {', '.join(networks) or 'there is none'}"
        found.append(Problem(file, "network", tenant.network, allowed, "add the network there, or remove it here"))
    return found


def _markets(serving: Mapping[tuple[Environment, Market], str], environment: Environment) -> str:
    return ", ".join(sorted(market for where, market in serving if where is environment))


def _accounts(tenants: Iterable[Tenant], plans: Mapping[str, RegionPlan]) -> list[str]:
    """Return the account of each tenant that a stack serves."""
    serving = stacks_by_market(plans)
    stacks = (serving.get((tenant.environment, tenant.market)) for tenant in tenants)
    return [plans[stack].account_id for stack in stacks if stack is not None]


def notices(stack: str, tenants: Iterable[Tenant], plans: Mapping[str, RegionPlan], facts: TenancyFacts) -> list[Notice]:
    """Return what the reader of a preview should know: what the account comes to the end of (D7)."""
    accounts = [plan.account_id for plan in plans.values()]
    return account_limits.notices(plans[stack].account_id, facts, accounts, _accounts(tenants, plans))
