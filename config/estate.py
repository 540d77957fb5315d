"""The whole estate at once: what no single stack file can know to be wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network
from itertools import combinations
from typing import Annotated

from pydantic import Field

from config import quotas, replication, scheduling_checks
from config.account_limits import TenancyFacts
from config.cost import CostFacts
from config.errors import Problem
from config.fields import Count, Model
from config.guarding import price_notice
from config.identity import IdentityFacts
from config.models import RegionPlan
from config.people import People
from config.quotas import GrantedQuota
from config.support import Notice, notice, versions
from config.transfers import TransferRegister
from config.vocabulary import DataClass, Environment, Region

FILE = "config/estate.yaml"

NO_OFFICE = f"no office is joined by VPN, so nobody reaches the private Kubernetes API: see `connectivity.vpn` in {FILE}"

HUB_REGION = Region.US_EAST_1
"""Where CloudFront takes its certificate and web ACL from, so the hub can be nowhere else (D9)."""


NOBODY_TOLD = f"alerts reach nobody: write `alerts: {{on-call: name@example.com}}` into the stack file or below `defaults` in {FILE}"


class InstanceRange(Model):
    """How far the nodes of production may scale, all regions together (CMP-4)."""

    min: Annotated[Count, Field(ge=0, description="fewest nodes over all production regions")]
    max: Annotated[Count, Field(ge=1, description="most nodes over all production regions")]


class EstateFacts(Model):
    """What is true of the estate and of no stack."""

    domain: Annotated[str, Field(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$", description="public domain such as example.com")]
    instances: InstanceRange
    cost: CostFacts
    quotas: Annotated[tuple[GrantedQuota, ...], Field(description="quotas that AWS raised on request: region, code, value")]
    identity: IdentityFacts
    tenancy: TenancyFacts


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The facts, every stack's plan by stack name, and the transfer register."""

    facts: EstateFacts
    plans: Mapping[str, RegionPlan]
    register: TransferRegister
    people: People

    @property
    def hub_stack(self) -> str:
        """Name of the one stack that owns the hub."""
        return next(stack for stack, plan in self.plans.items() if plan.hub)

    def problems(self, today: date) -> list[Problem]:
        """Return every contradiction between stacks, and between stacks and the register."""
        return [
            *self._hub(),
            *self._networks(),
            *self._asns(),
            *self._attached_networks(),
            *self._failover(),
            *self._regions(),
            *self._markets(),
            *self._instances(),
            *self._purchases(),
            *self.register.problems(),
            *replication.problems(self.plans, {stack: stack_file(stack) for stack in self.plans}, self._in_order),
            *self.people.problems(today),
            *self._transfers(today),
            *self._findings(today),
        ]

    def domain_of(self, stack: str) -> str:
        """Return the domain of a stack's environment: the estate's, or `staging.` before it."""
        environment = self.plans[stack].environment
        return self.facts.domain if environment is Environment.PRODUCTION else f"{environment}.{self.facts.domain}"

    def owns_account(self, stack: str) -> bool:
        """Return whether `stack` makes what exists once in its account: the hub does, else production before staging."""
        mine = self.plans[stack].account_id
        return stack == self._first(name for name, plan in self.plans.items() if plan.account_id == mine)

    def owns_region(self, stack: str) -> bool:
        """Return whether `stack` makes what exists once in its account and region, which staging may share with production."""
        mine = (self.plans[stack].account_id, self.plans[stack].region)
        return stack == self._first(name for name, plan in self.plans.items() if (plan.account_id, plan.region) == mine)

    def stack_in(self, region: Region, beside: str) -> str | None:
        """Return the stack in `region` that belongs to the environment of stack `beside`, or None when there is none."""
        return replication.stack_in(self.plans, region, beside)

    @property
    def _in_order(self) -> list[str]:
        """Stacks in the order in which they are brought up: of two that clash the later one is to change (D12)."""
        return in_order(self.plans)

    def peers(self, stack: str) -> list[str]:
        """Return the stacks whose networks reach that of `stack`: the other production regions of a production region, in order.

        Staging is joined to nothing: what is tried there cannot touch production (D3).
        """
        return [name for name in self._in_order if name != stack and {name, stack} <= self._production.keys()]

    def earlier_peers(self, stack: str) -> list[str]:
        """Return the peers that are brought up before `stack`, which makes what joins it to them (D12)."""
        before = self._in_order[: self._in_order.index(stack)]
        return [name for name in self.peers(stack) if name in before]

    def _first(self, stacks: Iterable[str]) -> str:
        return min(stacks, key=self._in_order.index)

    def notices(self, stack: str, today: date) -> list[Notice]:
        """Return what the reader of a preview of `stack` should know: support or access that ends soon, and what is unresolved."""
        plan = self.plans[stack]
        found = [
            notice("EKS", plan.cluster.version, today),
            notice("PostgreSQL", plan.database.version, today),
            notice("Redis", plan.cache.version, today),
            notice("Node.js on Lambda", versions("Node.js on Lambda")[0], today) if plan.scheduling.enabled else None,
            replication.backup_notice(stack, plan),
            price_notice(plan.guarding),
            scheduling_checks.notice(plan.scheduling),
            None if plan.alerts else Notice(text=NOBODY_TOLD, urgent=False),
            None if plan.connectivity.vpn else Notice(text=NO_OFFICE, urgent=False),
        ]
        if self.owns_region(stack):
            found += self._quotas(stack)
        if self.owns_account(stack):
            found += [*self.people.notices(today), *self.facts.identity.notices()]
        return [each for each in found if each is not None]

    @property
    def _production(self) -> dict[str, RegionPlan]:
        return {stack: plan for stack, plan in self.plans.items() if plan.environment is Environment.PRODUCTION}

    def _hub(self) -> list[Problem]:
        hubs = sorted(stack for stack, plan in self.plans.items() if plan.hub)
        if len(hubs) != 1:
            given = f"hub: true in {' and '.join(hubs)}" if hubs else "hub: true in no stack"
            file = stack_file(hubs[-1] if hubs else HUB_REGION)
            remedy = f"set hub: true in {stack_file(HUB_REGION)} and false in all others"
            return [Problem(file, "morefocus:hub", given, "exactly one hub", remedy)]
        plan = self.plans[hubs[0]]
        if plan.region is not HUB_REGION or plan.environment is not Environment.PRODUCTION:
            return [
                Problem(
                    stack_file(hubs[0]),
                    "morefocus:hub",
                    f"hub in {plan.region}, {plan.environment}",
                    f"the hub in {HUB_REGION}, production: CloudFront's certificate and web ACL live there",
                    f"set hub: true in {stack_file(HUB_REGION)} and false here",
                )
            ]
        return []

    def _networks(self) -> list[Problem]:
        return [
            Problem(
                stack_file(later),
                "morefocus:network.cidr",
                str(self.plans[later].network.cidr),
                f"a network that overlaps no other; {earlier} has {self.plans[earlier].network.cidr}",
                "choose another, since overlapping networks cannot be routed to each other",
            )
            for earlier, later in combinations(self._in_order, 2)
            if self.plans[earlier].network.cidr.overlaps(self.plans[later].network.cidr)
        ]

    def _asns(self) -> list[Problem]:
        return [
            Problem(
                stack_file(later),
                "morefocus:network.asn",
                str(self.plans[later].network.asn),
                f"an ASN no other stack has; {earlier} has this one",
                "choose another private ASN",
            )
            for earlier, later in combinations(self._in_order, 2)
            if self.plans[earlier].network.asn == self.plans[later].network.asn
        ]

    def _regions(self) -> list[Problem]:
        return [
            Problem(
                stack_file(stack),
                "aws:region",
                plan.region.value,
                f"{stack}: a production stack is named after its region",
                "rename the stack, or correct aws:region",
            )
            for stack, plan in self._production.items()
            if stack != plan.region
        ]

    def _markets(self) -> list[Problem]:
        serving = defaultdict(list)
        for stack, plan in self._production.items():
            for market in plan.markets:
                serving[market].append(stack)
        return [
            Problem(
                stack_file(stacks[-1]),
                "morefocus:markets",
                f"{market}, which {stacks[0]} serves too",
                "each market served by one production region",
                f"remove {market} from one of them",
            )
            for market, stacks in serving.items()
            if len(stacks) > 1
        ]

    def _instances(self) -> list[Problem]:
        pools = [pool for plan in self._production.values() for pool in (plan.cluster.standard, plan.cluster.intensive)]
        least, most = sum(pool.min for pool in pools), sum(pool.max for pool in pools)
        allowed = self.facts.instances
        found = []
        if least < allowed.min:
            given = f"{least}, the sum of every pool's min in production"
            found.append(Problem(FILE, "instances.min", given, f"at least {allowed.min}", "raise min in a stack file, or lower it here"))
        if most > allowed.max:
            given = f"{most}, the sum of every pool's max in production"
            found.append(Problem(FILE, "instances.max", given, f"at most {allowed.max}", "lower max in a stack file, or raise it here"))
        return found

    def _attached_networks(self) -> list[Problem]:
        """Return the offices' and tenants' networks that overlap each other, or a region's."""
        taken = [(stack, "network.cidr", plan.network.cidr) for stack, plan in self.plans.items()]
        found = []
        for stack in self._in_order:
            for key, network in _attached(self.plans[stack]):
                clash = next((other for other in taken if other[2].overlaps(network)), None)
                if clash is not None:
                    allowed = f"a network that overlaps no other; {clash[0]} has {clash[2]} as {clash[1]}"
                    remedy = "choose another, since overlapping networks cannot be routed to each other"
                    found.append(Problem(stack_file(stack), f"morefocus:connectivity.{key}", str(network), allowed, remedy))
                taken.append((stack, f"connectivity.{key}", network))
        return found

    def _failover(self) -> list[Problem]:
        """Return the regions whose stand-in is no production region that is there before them."""
        found: list[Problem] = []
        if self._hub():
            return found  # without the hub there is no order
        for stack, plan in self._production.items():
            earlier = {self.plans[peer].region for peer in self.earlier_peers(stack)}
            if plan.connectivity.failover_to not in {plan.region, *earlier}:
                key = "morefocus:connectivity.failover_to"
                allowed = f"{', '.join(sorted(earlier)) or 'no other region'}, up before it, or {plan.region} for none"
                found.append(Problem(stack_file(stack), key, plan.connectivity.failover_to, allowed, "choose one of these"))
        return found

    def _quotas(self, stack: str) -> list[Notice]:
        mine = [plan for plan in self.plans.values() if plan.account_id == self.plans[stack].account_id]
        here = [plan for plan in mine if plan.region is self.plans[stack].region]
        return quotas.notices(here, mine, self.facts.quotas)

    def _purchases(self) -> list[Problem]:
        spot = {stack: plan.cluster.spot_share for stack, plan in self._production.items()}
        most = max(spot, key=lambda stack: spot[stack], default=None)
        return [
            Problem(
                FILE,
                f"cost.purchases.years[{index}]",
                f"reserved {year.reserved:g} and savings_plans {year.savings_plans:g}, beside Spot's {spot[most]:g} in {most}",
                "shares that come to 1 at most: an hour is paid for in one way",
                "lower one of them, or spot_share",
            )
            for index, year in enumerate(self.facts.cost.purchases.years)
            if most is not None and year.on_demand(spot[most]) < 0
        ]

    def _transfers(self, today: date) -> list[Problem]:
        flows = [(plan.region, *flow) for plan in self._production.values() for flow in plan.flows(HUB_REGION)]
        # Regions that are peered can send each other anything; what they do send by these routes is to hold no person's data.
        routes = [
            (self.plans[stack].region, DataClass.OPERATIONAL, self.plans[peer].region)
            for stack in self._production
            for peer in self.peers(stack)
        ]
        found = (self.register.missing(data, source, destination, today) for source, data, destination in dict.fromkeys([*flows, *routes]))
        return [problem for problem in found if problem is not None]

    def _findings(self, today: date) -> list[Problem]:
        """Findings may name a person's data, so gathering those of another region is a transfer (D1)."""
        return [
            problem
            for plan in self.plans.values()
            for source in plan.guarding.findings_of
            if (problem := self.register.missing(DataClass.PERSONAL, source, plan.region, today)) is not None
        ]


def in_order(plans: Mapping[str, RegionPlan]) -> list[str]:
    """Return stacks in the order in which they are brought up: the hub, production regions by their ASN, then the others (D12).

    A region added later takes a higher ASN, and so comes after those that are there: who owns a pair never changes.
    """
    return sorted(
        plans, key=lambda name: (not plans[name].hub, plans[name].environment is not Environment.PRODUCTION, plans[name].network.asn)
    )


def _attached(plan: RegionPlan) -> Iterable[tuple[str, IPv4Network]]:
    """Yield key and network of everything that joins a region's transit gateway from outside the estate's own networks."""
    for office in plan.connectivity.vpn:
        for network in office.networks:
            yield f"vpn ({office.name})", network
    for tenant in plan.connectivity.enterprise_networks:
        yield f"enterprise_networks ({tenant.name})", tenant.cidr


def stack_file(stack: str) -> str:
    """Return the name of a stack's file."""
    return f"Pulumi.{stack}.yaml"
